/** What every session on a Postgres server is set to. */
import type { Client } from 'pg'
import { SqlflowError } from '../../core/errors.ts'
import type { ConnectionOptions, Target } from '../../core/project.ts'
import { isServerError } from '../pg/statement-errors.ts'

/** A server that ends the statement when its client is gone: a killed run leaves nothing running. Not every platform's server can. */
export const connectionCheck = `set client_connection_check_interval = '500ms'`

/** Sets a new session to what its target asks for. */
export async function setUpSession(client: Client, target: Target): Promise<void> {
  await sendSetUp(client, target.name, {
    statements: sessionSetup(target.connection),
    hint: 'Check its role, search path and statement timeout in sqlflow.yml.',
  })
}

/** Throws SqlflowError `warehouse-setup` when the server refuses it. */
export async function sendSetUp(
  client: Client,
  targetName: string,
  { statements, hint }: { readonly statements: readonly (string | false)[]; readonly hint: string },
): Promise<void> {
  const sql = statements.filter((statement) => statement !== false).join('; ')
  if (sql === '') return
  try {
    await client.query(sql)
  } catch (error) {
    if (!isServerError(error)) throw error
    throw new SqlflowError('warehouse-setup', `A session of target \`${targetName}\` cannot be set up: ${error.message}.`, { hint })
  }
}

function sessionSetup({ role, searchPath, statementTimeout }: ConnectionOptions): readonly (string | false)[] {
  return [
    role !== undefined && `set role ${quote(role)}`,
    searchPath !== undefined && searchPath.length > 0 && `set search_path = ${searchPath.map(quote).join(', ')}`,
    statementTimeout !== undefined && `set statement_timeout = ${Math.round(statementTimeout)}`,
  ]
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
