/** A Postgres server alone: what can go wrong on the way to it, and with a connection that is there. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionOptions } from '../../src/core/project.ts'
import { openWarehouse, type OpenOptions } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { createDatabase, targetOver } from '../support/databases.ts'
import { startTransactionPooler } from './transaction-pooler.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let host: string
let port: number
let name: string

beforeAll(async () => {
  database = await createDatabase()
  const url = new URL(database.url)
  host = url.hostname
  port = Number(url.port)
  name = url.pathname.slice(1)
})
afterAll(() => database[Symbol.asyncDispose]())

function open(connection: ConnectionOptions, options: Partial<OpenOptions> = {}): Promise<Warehouse> {
  return openWarehouse({ ...targetOver('postgres', connection), name: 'dev' }, { applicationName: 'sqlflow test', ...options })
}

/** What a first `acquire` throws. */
async function failure(connection: ConnectionOptions, options: Partial<OpenOptions> = {}): Promise<unknown> {
  await using warehouse = await open(connection, options)
  return await warehouse.acquire().then(
    () => expect.unreachable('The connection was opened.'),
    (error: unknown) => error,
  )
}

/** A port of this machine on which nothing listens. */
async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: free } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return free
}

describe('a connection to Postgres', () => {
  it('is made from a URL, or from parts, of which each wins over the URL', async () => {
    for (const connection of [
      { url: database.url },
      { host, port, database: name, user: 'postgres', password: 'test' },
      { url: database.url.replace(name, 'elsewhere').replace(':test@', ':wrong@'), database: name, password: 'test' },
      { url: `${database.url}?sslmode=disable` },
    ]) {
      await using warehouse = await open(connection)
      await using session = await warehouse.acquire()
      expect((await session.query('select current_database()')).rows).toEqual([[name]])
    }
  })

  it('takes a password whose characters are percent-encoded', async () => {
    await using warehouse = await open({ url: database.url })
    await using session = await warehouse.acquire()
    await session.run(`create role "ana@field" login password 'p@ss/#%:word'`)
    await using other = await open({ url: `postgres://ana%40field:p%40ss%2F%23%25%3Aword@${host}:${port}/${name}` })
    {
      await using login = await other.acquire()
      expect((await login.query('select current_user')).rows).toEqual([['ana@field']])
    }
    await session.run('drop role "ana@field"')
  })

  it('speaks TLS with a server whose certificate it can verify, or was told not to', async () => {
    const ca = await readFile(new URL('../support/tls/server.crt', import.meta.url), 'utf8')
    for (const connection of [
      { url: database.url, ssl: { rejectUnauthorized: true, ca } },
      { url: database.url, ssl: { rejectUnauthorized: false } },
      { url: `${database.url}?sslmode=no-verify` },
    ]) {
      await using warehouse = await open(connection)
      await using session = await warehouse.acquire()
      expect((await session.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')).rows).toEqual([['t']])
    }
  })

  it('refuses a URL that is none without quoting it', async () => {
    await expect(open({ url: 'postgres://ana:hunter2@[broken/field' })).rejects.toMatchObject({
      code: 'warehouse-url',
      message: 'The `url` of target `dev` is not a Postgres URL.',
      exitCode: 2,
    })
    await expect(open({ url: 'mysql://ana:hunter2@db/field' })).rejects.toMatchObject({ code: 'warehouse-url' })
    await expect(open({ url: `${database.url}?sslmode=maybe` })).rejects.toMatchObject({
      message: 'The `url` of target `dev` has an unknown sslmode, `maybe`.',
    })
  })

  it('ends the statement of a client that is gone', async () => {
    await using warehouse = await open({ url: database.url })
    await using session = await warehouse.acquire()
    expect((await session.query('show client_connection_check_interval')).rows).toEqual([['500ms']])
  })
})

describe('a connection to Postgres that fails', () => {
  it('says that the host is unknown', async () => {
    expect(await failure({ host: 'warehouse.invalid', user: 'ana', database: 'field' })).toMatchObject({
      code: 'warehouse-unreachable',
      message: 'The host `warehouse.invalid` of target `dev` is unknown.',
      hint: 'Check its spelling in sqlflow.yml and the network (a VPN?).',
      exitCode: 2,
    })
  })

  it('says that nothing listens on the port, at once', async () => {
    const closed = await findClosedPort()
    const retries: string[] = []
    expect(
      await failure({ host: '127.0.0.1', port: closed, user: 'ana', database: 'field' }, { onRetry: (reason) => retries.push(reason) }),
    ).toMatchObject({
      code: 'warehouse-unreachable',
      message: `Nothing answers on 127.0.0.1:${closed}, the address of target \`dev\`.`,
      hint: 'Is the server running, and is this its port?',
    })
    expect(retries).toEqual([])
  })

  it('says that the server did not answer in time', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port: silentPort } = silent.address() as AddressInfo
    expect(await failure({ host: '127.0.0.1', port: silentPort, user: 'ana', database: 'field', connectTimeout: 100 })).toMatchObject({
      code: 'warehouse-unreachable',
      message: `127.0.0.1:${silentPort}, the address of target \`dev\`, did not answer within 0.1 s.`,
    })
    silent.close()
  })

  it('says that the password is wrong or missing, and shows none', async () => {
    const wrong = await failure({ url: database.url.replace(':test@', ':hunter2@') })
    expect(wrong).toMatchObject({
      code: 'warehouse-login-refused',
      message: `The server on ${host}:${port} refused the password of user \`postgres\`.`,
      hint: 'Check the user and the password of target `dev`.',
      exitCode: 2,
    })
    expect(describeError(wrong)).not.toContain('hunter2')
    expect(await failure({ host, port, user: 'postgres', database: name })).toMatchObject({
      code: 'warehouse-login-refused',
      message: `The server on ${host}:${port} asks for a password of user \`postgres\`, and target \`dev\` gives none.`,
    })
  })

  it('says that the database is unknown', async () => {
    expect(await failure({ url: database.url, database: 'feild' })).toMatchObject({
      code: 'warehouse-unknown-database',
      message: `There is no database \`feild\` on ${host}:${port}.`,
      hint: 'Check `database` of target `dev`, or create it: create database "feild".',
    })
  })

  it('says that the server does not speak TLS', async () => {
    const plain = createServer((socket) => socket.once('data', () => socket.end('N'))).listen(0, '127.0.0.1')
    await once(plain, 'listening')
    const { port: plainPort } = plain.address() as AddressInfo
    expect(await failure({ url: `postgres://ana:hunter2@127.0.0.1:${plainPort}/field?sslmode=require` })).toMatchObject({
      code: 'warehouse-tls',
      message: `The server on 127.0.0.1:${plainPort} does not speak TLS, which target \`dev\` asks for.`,
    })
    plain.close()
  })

  it('says that the certificate of the server cannot be trusted', async () => {
    for (const connection of [{ url: database.url, ssl: true }, { url: `${database.url}?sslmode=require` }]) {
      expect(await failure(connection)).toMatchObject({
        code: 'warehouse-tls',
        message: `The certificate of ${host}:${port} cannot be trusted: it is signed by itself.`,
        hint: expect.stringMatching(/^Give the authority's certificate as `ssl: \{ ca: \.\.\. \}` of target `dev`\./),
      })
    }
  })

  it('says that the server wants TLS', async () => {
    expect(await failure({ host, port, database: name, user: 'tls_only', password: 'test' })).toMatchObject({
      code: 'warehouse-tls',
      message: `The server on ${host}:${port} takes no connection of \`tls_only\` to \`${name}\` without TLS.`,
      hint: 'Write `ssl: true` in target `dev`.',
    })
  })

  it('says which role cannot be taken', async () => {
    expect(await failure({ url: database.url, role: 'nobody' })).toMatchObject({
      code: 'warehouse-setup',
      message: 'A session of target `dev` cannot be set up: role "nobody" does not exist.',
      exitCode: 2,
    })
  })

  it('goes through a pooler in transaction mode, which is refused', async () => {
    await using pooler = await startTransactionPooler({ url: new URL(database.url) })
    expect(await failure({ host: '127.0.0.1', port: pooler.port, user: 'pooled', database: name })).toMatchObject({
      code: 'warehouse-transaction-pooling',
      message: 'The connection goes through a pooler in transaction mode, which would lose locks and session settings between statements.',
      hint: "Connect to the server itself, or to the pooler's session mode (often another port: 5432 instead of 6543).",
      exitCode: 2,
    })
  })

  it('is tried again while the server has no connection free, and says so', async () => {
    await using admin = await open({ url: database.url })
    await using session = await admin.acquire()
    await session.run(`create role limited login password 'test' connection limit 1`)
    {
      const connection = { url: database.url.replace('postgres:test@', 'limited:test@') }
      await using first = await open(connection)
      const held = await first.acquire()
      await using second = await open(connection, {
        onRetry: () => void held[Symbol.asyncDispose]().then(() => first[Symbol.asyncDispose]()),
      })
      await using got = await second.acquire()
      expect((await got.query('select current_user')).rows).toEqual([['limited']])
    }
    await session.run('drop role limited')
  })
})

describe('a connection to Postgres that is lost', () => {
  async function end(warehouse: Warehouse, session: Session): Promise<void> {
    await using other = await warehouse.acquire()
    await other.query('select pg_terminate_backend($1, 5000)', [session.processId])
    await other.query('select 1')
  }

  it('in the middle of a statement says so, and the next session is a new one', async () => {
    await using warehouse = await open({ url: database.url })
    {
      await using session = await warehouse.acquire()
      const running = session.run('select pg_sleep(60)').catch((error: unknown) => error)
      await end(warehouse, session)
      expect(await running).toMatchObject({
        name: 'WarehouseError',
        message: 'terminating connection due to administrator command',
        sqlState: '57P01',
      })
      expect(session.broken).toBe(true)
      expect(await session.run('select 1').catch((error: unknown) => error)).toMatchObject({
        message: `The connection to ${warehouse.label} was lost while a statement ran. Whether it took effect is unknown.`,
        sqlState: '08006',
      })
    }
    await using next = await warehouse.acquire()
    expect((await next.query('select 1')).rows).toEqual([['1']])
  })

  it('while it is idle in the pool is replaced without a word', async () => {
    await using warehouse = await open({ url: database.url })
    const session = await warehouse.acquire()
    await session[Symbol.asyncDispose]()
    await using other = await open({ url: database.url })
    await end(other, session)
    await using next = await warehouse.acquire()
    expect((await next.query('select 1')).rows).toEqual([['1']])
    expect(next.processId).not.toBe(session.processId)
  })
})

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}` : String(error)
}
