/** A warehouse behind an ssh server: a real one, with keys of its own, that forwards to the stand-in for Redshift and to the Postgres of the tests. */
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionOptions, Target, TunnelOptions } from '../../src/core/project.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { fingerprintOf } from '../../src/warehouses/tunnel/known-hosts.ts'
import { createProject } from '../support/cli.ts'
import { createDatabase, targetOver } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'
import {
  findClosedPort,
  hashName,
  innerHost,
  makeKey,
  startSshAgent,
  startSshServer,
  type SshServer,
} from '../support/ssh/start-ssh-server.ts'

let redshift: Awaited<ReturnType<typeof startRedshift>>
let postgres: Awaited<ReturnType<typeof createDatabase>>
let bastion: SshServer

beforeAll(async () => {
  ;[redshift, postgres, bastion] = await Promise.all([startRedshift(), createDatabase(), startSshServer()])
})
afterAll(async () => {
  await bastion[Symbol.asyncDispose]()
  await redshift[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
})

const tunnelTo = (server: SshServer, more: Partial<TunnelOptions> = {}): TunnelOptions => ({
  host: '127.0.0.1',
  port: server.port,
  user: 'ana',
  key: server.keyFile,
  knownHosts: server.knownHosts,
  ...more,
})

const over = (type: Target['type'], connection: ConnectionOptions): Target => ({
  ...targetOver(type, connection),
  name: 'prod',
  threads: 2,
})

async function failure(tunnel: TunnelOptions, connection: ConnectionOptions = { url: redshift.url }): Promise<unknown> {
  await using warehouse = await openWarehouse(over('redshift', { ...connection, tunnel }), { applicationName: 'sqlflow test' })
  return await warehouse.acquire().then(
    () => expect.unreachable('The connection was opened.'),
    (error: unknown) => error,
  )
}

const unreachable = { host: 'cluster.invalid', port: 5439, user: 'ana', database: 'field', password: 'canary-word' }

describe('a tunnel', () => {
  it('is one login to the ssh server, through which every connection is a channel', async () => {
    await using server = await startSshServer()
    await using warehouse = await openWarehouse(over('redshift', { url: redshift.url, tunnel: tunnelTo(server) }), {
      applicationName: 'sqlflow test',
    })
    await using first = await warehouse.acquire()
    await using second = await warehouse.acquire()
    expect(first.processId).not.toBe(second.processId)
    expect((await second.query('select 1')).rows).toEqual([['1']])
    expect(server.logins()).toBe(1)
    const { port } = new URL(redshift.url)
    expect(server.forwarded).toEqual([Number(port), Number(port)])
    expect(warehouse.label).toMatch(
      new RegExp(`^redshift on 127\\.0\\.0\\.1:${port}/test_\\w+ through ana@127\\.0\\.0\\.1:${server.port}$`),
    )
  })

  it('carries megabytes both ways', async () => {
    await using warehouse = await openWarehouse(over('postgres', { url: postgres.url, tunnel: tunnelTo(bastion) }), {
      applicationName: 'sqlflow test',
    })
    await using session = await warehouse.acquire()
    const text = 'x'.repeat(5_000_000)
    const { rows } = await session.query('select $1::text', [text])
    expect(rows[0]?.[0]?.length).toBe(text.length)
  })

  it('carries TLS end to end, verified against the name of the server', async () => {
    const { port, pathname } = new URL(postgres.url)
    const ca = await readFile(new URL('../support/tls/server.crt', import.meta.url), 'utf8')
    const login = { port: Number(port), database: pathname.slice(1), user: 'postgres', password: 'test' }
    const tunnel = tunnelTo(bastion)
    const connection = { ...login, tunnel, ssl: { rejectUnauthorized: true, ca } }
    await using warehouse = await openWarehouse(over('redshift', { ...connection, host: 'localhost' }), { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    expect(session.tls).toBe('TLSv1.3')
    expect(await failure(tunnel, { ...login, host: 'localhost' })).toMatchObject({
      code: 'warehouse-tls',
      message: `The certificate of localhost:${port} cannot be trusted: it is signed by itself.`,
    })
    expect(await failure(tunnel, { ...connection, host: innerHost })).toMatchObject({
      code: 'warehouse-tls',
      message: `The certificate of ${innerHost}:${port} cannot be trusted: it is for another host name.`,
      hint: 'Name the host as the certificate has it: the endpoint of the cluster, not an address or another name for it. `tunnel` leads there through an ssh server.',
    })
  })

  it('ends what a session runs by a connection that goes through it too', async () => {
    await using warehouse = await openWarehouse(over('redshift', { url: redshift.url, tunnel: tunnelTo(bastion) }), {
      applicationName: 'sqlflow test',
    })
    await using waiting = await waitForTable(warehouse)
    const before = bastion.forwarded.length
    await waiting.session.cancel()
    expect(await waiting.ended).toMatchObject({ name: 'WarehouseError', sqlState: '57P01' })
    expect(bastion.forwarded.length).toBe(before + 1)
  })

  it('that is lost is a lost connection, and the next session opens another', async () => {
    await using server = await startSshServer()
    await using warehouse = await openWarehouse(over('redshift', { url: redshift.url, tunnel: tunnelTo(server) }), {
      applicationName: 'sqlflow test',
    })
    {
      await using waiting = await waitForTable(warehouse)
      server.drop()
      expect(await waiting.ended).toMatchObject({
        message: `The connection to ${warehouse.label} was lost while a statement ran. Whether it took effect is unknown.`,
        sqlState: '08006',
      })
    }
    await using next = await warehouse.acquire()
    expect((await next.query('select 1')).rows).toEqual([['1']])
    expect(server.logins()).toBe(2)
  })
})

interface Waiting extends AsyncDisposable {
  readonly session: Session
  /** The error that its statement ends with. */
  readonly ended: Promise<unknown>
}

/** A session whose statement waits for a lock that another holds: Redshift has no sleep. */
async function waitForTable(warehouse: Warehouse): Promise<Waiting> {
  const holder = new Client({ connectionString: redshift.url })
  await holder.connect()
  await holder.query('create table if not exists turf (turf_id integer)')
  await holder.query('begin')
  await holder.query('lock table turf')
  const session = await warehouse.acquire()
  const ended = session.run('select turf_id from turf').catch((error: unknown) => error)
  return {
    session,
    ended,
    [Symbol.asyncDispose]: async () => {
      await holder.end()
      await session[Symbol.asyncDispose]()
    },
  }
}

describe('sqlflow build through a tunnel', () => {
  it('works on Postgres as on Redshift, and leaves nothing open', async () => {
    await using server = await startSshServer()
    await using project = await createProject('postgres', {
      files: { 'seeds/turf.csv': 'turf_id\n1\n2\n', 'models/turf_count.sql': "select count(*) as turfs from {{ref 'turf'}}\n" },
      target: `tunnel: { url: "${server.url}", key: ${server.keyFile}, known_hosts: ${server.knownHosts} }`,
    })
    expect(await project.spawn(['build']).result).toMatchObject({ exitCode: 0 })
    expect(await project.query('select turfs from analytics.turf_count')).toEqual([['2']])
    expect(server.logins()).toBe(1)
  })
})

describe('the key that logs in', () => {
  it('comes from the agent, where no file is named', async () => {
    await using agent = await startSshAgent(bastion.folder, bastion.key)
    const { key: _file, ...tunnel } = tunnelTo(bastion, { agent: agent.socket })
    await using warehouse = await openWarehouse(over('redshift', { url: redshift.url, tunnel }), { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    expect((await session.query('select 1')).rows).toEqual([['1']])
  })

  it('may be text, from a secret', async () => {
    await using warehouse = await openWarehouse(over('redshift', { url: redshift.url, tunnel: tunnelTo(bastion, { key: bastion.key }) }), {
      applicationName: 'sqlflow test',
    })
    await using session = await warehouse.acquire()
    expect((await session.query('select 1')).rows).toEqual([['1']])
  })

  it('is missed, unreadable, none, locked or refused in words that say what to do', async () => {
    const { key: _file, ...without } = tunnelTo(bastion)
    const file = async (name: string, text: string): Promise<string> => {
      const place = path.join(bastion.folder, name)
      await writeFile(place, text)
      return place
    }
    const locked = await file('locked', makeKey('ed25519', 'opensesame').private)
    const told = async (tunnel: TunnelOptions): Promise<string> => {
      const error = await failure(tunnel)
      expect(error).toMatchObject({ code: 'tunnel-login-refused', exitCode: 2 })
      return (error instanceof Error ? error.message : '').replaceAll(bastion.folder, 'FOLDER').replaceAll(String(bastion.port), 'PORT')
    }
    expect(await told(without)).toBe('The tunnel of target `prod` has no key to log in to 127.0.0.1 with.')
    expect(await told({ ...without, agent: path.join(bastion.folder, 'none.sock') })).toBe(
      'The agent of ssh, FOLDER/none.sock, gives no key for ana@127.0.0.1:PORT.',
    )
    expect(await told({ ...without, key: path.join(bastion.folder, 'none') })).toBe(
      'The key of the tunnel of target `prod`, FOLDER/none, cannot be read.',
    )
    expect(await told({ ...without, key: await file('no_key', 'hello') })).toBe(
      'The key of the tunnel of target `prod` is none that can be read.',
    )
    expect(await told({ ...without, key: locked })).toBe(
      'The key of the tunnel of target `prod` is locked by a passphrase, which is missing or wrong.',
    )
    expect(await told({ ...without, key: locked, passphrase: 'wrong' })).toBe(
      'The key of the tunnel of target `prod` is locked by a passphrase, which is missing or wrong.',
    )
    expect(await told({ ...without, key: locked, passphrase: 'opensesame' })).toBe(
      'The ssh server 127.0.0.1:PORT refused the key of user `ana`.',
    )
  })
})

describe('the key of the ssh server', () => {
  const knownBy = async (text: string): Promise<TunnelOptions> => {
    const knownHosts = path.join(bastion.folder, 'tried_hosts')
    await writeFile(knownHosts, text)
    return tunnelTo(bastion, { knownHosts })
  }
  const opens = async (text: string): Promise<boolean> => {
    await using warehouse = await openWarehouse(over('redshift', { url: redshift.url, tunnel: await knownBy(text) }), {
      applicationName: 'sqlflow test',
    })
    await using _session = await warehouse.acquire()
    return true
  }
  const keyOf = (line: string): Buffer => Buffer.from(line.split(' ')[2] ?? '', 'base64')

  it('is known by a name, a pattern, a list or a hash, whichever of its keys the file has', async () => {
    expect(await opens(bastion.line('ed25519'))).toBe(true)
    expect(await opens(bastion.line('ecdsa'))).toBe(true)
    expect(await opens(bastion.line('ecdsa', hashName(bastion.name)))).toBe(true)
    expect(await opens(bastion.line('ed25519', `bastion.example.org,${bastion.name}`))).toBe(true)
    expect(await opens(bastion.line('ed25519', `[127.*]:${bastion.port}`))).toBe(true)
  })

  it('is asked for where the file does not know it, with its fingerprint and the line that adds it', async () => {
    const others = [
      bastion.line('ed25519', 'bastion.example.org'),
      bastion.line('ed25519', '127.0.0.1'),
      bastion.line('ed25519', hashName('127.0.0.1')),
      bastion.line('ed25519', `!${bastion.name},[127.*]:${bastion.port}`),
      `@cert-authority ${bastion.line('ed25519')}`,
    ]
    for (const text of ['', ...others]) {
      const tunnel = await knownBy(text)
      const error = await failure(tunnel)
      expect(error).toMatchObject({ code: 'tunnel-unknown-host', exitCode: 2 })
      expect(error).toMatchObject({
        message: expect.stringMatching(
          /^The ssh server 127\.0\.0\.1:\d+ is unknown: \S+ has no key of it\. Its key is (?:ssh-ed25519|ecdsa-sha2-nistp256) SHA256:\S{43}\.$/,
        ),
        hint: `Compare that with what whoever runs the server says, then add it: ssh-keyscan -p ${bastion.port} 127.0.0.1 >> ${tunnel.knownHosts}`,
      })
    }
    expect(await failure(tunnelTo(bastion, { knownHosts: path.join(bastion.folder, 'none') }))).toMatchObject({
      code: 'tunnel-unknown-host',
    })
  })

  it('is refused where it has changed, or is revoked', async () => {
    const other = `${bastion.name} ${makeKey('ed25519').public}\n`
    expect(await failure(await knownBy(`# turf\n${other}`))).toMatchObject({
      code: 'tunnel-host-key',
      message: `The ssh server 127.0.0.1:${bastion.port} has another key than the one that is known: ssh-ed25519 ${fingerprintOf(keyOf(bastion.line('ed25519')))}, and ${bastion.folder}/tried_hosts has line 2 (ssh-ed25519 ${fingerprintOf(keyOf(other))}).`,
      hint: `Somebody may stand in between. If whoever runs the server says that it has a new key: ssh-keygen -R '${bastion.name}' -f ${bastion.folder}/tried_hosts, and add the new one.`,
    })
    expect(await failure(await knownBy(`@revoked ${bastion.line('ed25519')}`))).toMatchObject({
      code: 'tunnel-host-key',
      hint: 'Do not connect. Ask whoever runs the server.',
    })
  })
})

describe('a tunnel that leads nowhere', () => {
  it('says which of the two servers does not answer', async () => {
    const closed = await findClosedPort()
    expect(await failure(tunnelTo(bastion, { host: 'bastion.invalid' }))).toMatchObject({
      code: 'tunnel-failed',
      message: 'The host `bastion.invalid` of the tunnel of target `prod` is unknown.',
    })
    expect(await failure(tunnelTo(bastion, { port: closed }))).toMatchObject({
      code: 'tunnel-failed',
      message: `Nothing answers on 127.0.0.1:${closed}, the tunnel of target \`prod\`.`,
    })
    expect(await failure(tunnelTo(bastion), { ...unreachable, host: '127.0.0.1', port: closed })).toMatchObject({
      code: 'warehouse-unreachable',
      message: `127.0.0.1:${closed}, the address of target \`prod\`, does not answer the ssh server of ana@127.0.0.1:${bastion.port}.`,
    })
  })

  it('says that the ssh server did not answer in time', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    expect(await failure(tunnelTo(bastion, { port }), { ...unreachable, connectTimeout: 200 })).toMatchObject({
      code: 'tunnel-failed',
      message: `127.0.0.1:${port}, the tunnel of target \`prod\`, did not answer within 0.2 s.`,
    })
    silent.close()
  })

  it('says that the ssh server forwards nowhere', async () => {
    await using strict = await startSshServer({ refusesForwarding: true })
    const { port } = new URL(redshift.url)
    expect(await failure(tunnelTo(strict))).toMatchObject({
      code: 'tunnel-failed',
      message: `The ssh server of ana@127.0.0.1:${strict.port} does not forward to 127.0.0.1:${port}.`,
    })
  })
})

describe('sqlflow debug through a tunnel', () => {
  it('says who has to let the ssh server in, where that finds a silent port', async () => {
    await using lonely = await startSshServer({ findsNobody: true })
    await using project = await createProject('redshift', {
      files: { 'models/turf.sql': 'select 1 as turf_id' },
      target: `connect_timeout: 500ms, tunnel: { url: "${lonely.url}", key: ${lonely.keyFile}, known_hosts: ${lonely.knownHosts} }`,
    })
    const { stdout, stderr, exitCode } = await project.run(['debug'])
    const { host, port } = new URL(project.url ?? '')
    expect(exitCode).toBe(2)
    expect(stdout).toContain('whose key is known\n✗ port         failed\n')
    const told = `error[warehouse-unreachable]: ${host}, the address of target \`dev\`, did not answer within 0.5 s.\n  hint: Its security group has to let the ssh server in on port ${port}. A cluster that is paused answers nobody: resume it.\n`
    expect(stderr).toBe(told)
    expect((await project.run(['build'])).stderr).toContain(told)
  })

  it('tells the tunnel as a stage', async () => {
    await using project = await createProject('redshift', {
      files: {},
      target: `tunnel: { url: "${bastion.url}", key: ${bastion.keyFile}, known_hosts: ${bastion.knownHosts} }`,
    })
    const { stdout } = await project.run(['debug'])
    const { port } = new URL(project.url ?? '')
    expect(stdout).toContain(
      `✓ tunnel       ana@127.0.0.1:${bastion.port}, whose key is known\n✓ port         127.0.0.1:${port} answers, seen from there\n✓ connection   redshift on `,
    )
    expect(stdout).toContain('✓ login        postgres in database ')
  })

  it('reads home and agent from the environment, and stops where the server is not known', async () => {
    await using agent = await startSshAgent(bastion.folder, bastion.key)
    await using project = await createProject('redshift', { files: {}, target: `tunnel: "${bastion.url}"` })
    const env = { SSH_AUTH_SOCK: agent.socket }
    const refused = await project.run(['debug'], { env })
    expect(refused.exitCode).toBe(2)
    expect(refused.stdout).toContain('✗ tunnel       failed\n')
    expect(refused.stderr).toContain('error[tunnel-unknown-host]: ')
    project.write({ '.ssh/known_hosts': bastion.line('ed25519') })
    expect((await project.run(['debug'], { env })).stdout).toContain('✓ login        postgres in database ')
  })
})
