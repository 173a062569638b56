/**
 * A stand-in for Redshift: a server of the Postgres protocol before the real Postgres of the tests, with a database of its own. It refuses what Redshift
 * refuses (refusals/), carries out what Redshift has and Postgres lacks (translations/, install/), and commits where Redshift commits.
 *
 *     await using redshift = await startRedshift()
 *     const client = new Client({ connectionString: redshift.url })
 */
import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { createDatabase, runOnce } from '../databases.ts'
import { RedshiftSession } from './session.ts'

export interface RedshiftStandIn extends AsyncDisposable {
  readonly url: string
  /** The database of the Postgres behind it: what Redshift does by itself is done there. */
  readonly behind: string
}

export async function startRedshift(): Promise<RedshiftStandIn> {
  const database = await createDatabase()
  await install(database.url)
  const { port } = new URL(database.url)
  const sessions = new Set<RedshiftSession>()
  const server = createServer((socket) => {
    const session = new RedshiftSession(socket, Number(port))
    sessions.add(session)
    socket.on('close', () => sessions.delete(session))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    behind: database.url,
    // It speaks no TLS.
    url: Object.assign(new URL(database.url), { port: String((server.address() as AddressInfo).port), search: 'sslmode=disable' }).href,
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) session.end()
      await new Promise((resolve) => server.close(resolve))
      await database[Symbol.asyncDispose]()
    },
  }
}

/** Every transaction is serializable, and a backslash escapes in every string. */
const databaseSettings = [
  "default_transaction_isolation = 'serializable'",
  'standard_conforming_strings = off',
  'escape_string_warning = off',
  'backslash_quote = on',
]

async function install(url: string): Promise<void> {
  const files = await Promise.all(
    ['functions', 'objects', 'catalog'].map((name) => readFile(new URL(`install/${name}.pgsql`, import.meta.url), 'utf8')),
  )
  await runOnce(url, `set allow_system_table_mods = on; set check_function_bodies = off;\n${files.join('\n')}`)
  const database = new URL(url).pathname.slice(1)
  await runOnce(url, databaseSettings.map((setting) => `alter database ${database} set ${setting}`).join(';'))
}
