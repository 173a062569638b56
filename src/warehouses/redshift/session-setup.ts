/** What every session on Redshift is set to. The name of the application travels with the login. */
import type { Client } from 'pg'
import type { ConnectionOptions, Target } from '../../core/project.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import { sendSetUp } from '../postgres/session-setup.ts'

/** Throws SqlflowError `warehouse-setup` when the server refuses it. */
export async function setUpRedshiftSession(client: Client, target: Target): Promise<void> {
  await sendSetUp(client, target.name, {
    statements: sessionSetup(target.connection),
    hint: 'Check its query group, search path and statement timeout in sqlflow.yml.',
  })
}

function sessionSetup({ queryGroup, searchPath, statementTimeout }: ConnectionOptions): readonly (string | false)[] {
  const { quoteIdentifier, quoteLiteral } = redshiftDialect
  return [
    queryGroup !== undefined && `set query_group to ${quoteLiteral(queryGroup)}`,
    searchPath !== undefined && searchPath.length > 0 && `set search_path to ${searchPath.map(quoteIdentifier).join(', ')}`,
    statementTimeout !== undefined && `set statement_timeout to ${Math.round(statementTimeout)}`,
  ]
}
