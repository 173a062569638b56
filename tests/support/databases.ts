/**
 * Databases for tests: each is fresh, and gone when disposed. `describe.each(databases)` runs a suite on every kind of warehouse:
 *
 *     describe.each(databases)('$type', ({ create }) => {
 *       it('…', async () => {
 *         await using database = await create()
 *         await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import type { ConnectionOptions, Target } from '../../src/core/project.ts'
import { rendezvousVariable } from './global-setup.ts'

export interface TestDatabase extends AsyncDisposable {
  /** Its schema is `public`; 4 threads on Postgres. */
  readonly target: Target
}

/** Every kind of warehouse, for `describe.each`. */
export const databases: readonly { readonly type: 'postgres' | 'pglite'; readonly create: () => Promise<TestDatabase> }[] = [
  { type: 'postgres', create: createPostgresTarget },
  { type: 'pglite', create: createPgliteTarget },
]

/** A fresh, empty database on the real Postgres of this run of the tests. */
export async function createDatabase(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = await postgresUrl()
  const name = `test_${randomBytes(6).toString('hex')}`
  await runOnce(server, `create database ${name}`)
  return {
    url: Object.assign(new URL(server), { pathname: `/${name}` }).href,
    [Symbol.asyncDispose]: () => runOnce(server, `drop database ${name} with (force)`),
  }
}

/** A folder of its own that is removed when disposed. */
export async function createTemporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sqlflow-test-'))
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** A target over a connection, as a project would resolve it. */
export function targetOver(type: Target['type'], connection: ConnectionOptions): Target {
  return {
    name: 'test',
    type,
    connection,
    schema: 'public',
    schemaPattern: '{schema}',
    protected: false,
    exports: 'preview',
    threads: type === 'postgres' ? 4 : 1,
  }
}

async function createPostgresTarget(): Promise<TestDatabase> {
  const database = await createDatabase()
  return { target: targetOver('postgres', { url: database.url }), [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

async function createPgliteTarget(): Promise<TestDatabase> {
  const folder = await createTemporaryFolder()
  return {
    target: targetOver('pglite', { path: path.join(folder.path, 'pglite') }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

let server: Promise<string> | undefined

/** The superuser's URL of the server, which the first question starts. */
function postgresUrl(): Promise<string> {
  server ??= new Promise((resolve, reject) => {
    let url = ''
    const socket = connect(Number(process.env[rendezvousVariable]), '127.0.0.1')
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => (url += text))
    socket.on('error', reject)
    socket.on('close', () =>
      url === '' ? reject(new Error('The Postgres of the tests did not start; its log stands above.')) : resolve(url),
    )
  })
  return server
}

/** A statement, by a session of its own. */
export async function runOnce(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
