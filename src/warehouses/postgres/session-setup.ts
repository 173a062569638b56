/** What every session on a Postgres server is set to. */
import type { ConnectionOptions } from '../../core/project.ts'

/** A server that ends the statement when its client is gone: a killed run leaves nothing running. Not every platform's server can. */
export const connectionCheck = `set client_connection_check_interval = '500ms'`

/** The statements, or an empty text. */
export function sessionSetup({ role, searchPath, statementTimeout }: ConnectionOptions): string {
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
