/** What every session on a Postgres server is set to. */
import type { Client } from 'pg'
import { SqlflowError } from '../../core/errors.ts'
import type { ConnectionOptions, Target } from '../../core/project.ts'
import { isServerError } from '../pg/statement-errors.ts'

/** A server that ends the statement when its client is gone: a killed run leaves nothing running. Not every platform's server can. */
export const connectionCheck = `set client_connection_check_interval = '500ms'`

/** Sets a new session to what its target asks for. Throws SqlflowError `warehouse-setup` when the server refuses that. */
export async function setUpSession(client: Client, target: Target): Promise<void> {
  const sql = sessionSetup(target.connection)
  if (sql === '') return
  try {
    await client.query(sql)
  } catch (error) {
    if (!isServerError(error)) throw error
    throw new SqlflowError('warehouse-setup', `A session of target \`${target.name}\` cannot be set up: ${error.message}.`, {
      hint: 'Check its role, search path and statement timeout in sqlflow.yml.',
    })
  }
}

/** The statements, or an empty text. */
function sessionSetup({ role, searchPath, statementTimeout }: ConnectionOptions): string {
  return [
    role !== undefined && `set role ${quote(role)}`,
    searchPath !== undefined && searchPath.length > 0 && `set search_path = ${searchPath.map(quote).join(', ')}`,
    statementTimeout !== undefined && `set statement_timeout = ${Math.round(statementTimeout)}`,
  ]
    .filter((statement) => statement !== false)
    .join('; ')
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
