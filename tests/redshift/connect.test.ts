/** Reaching a Redshift: the keys of its targets, TLS, what a session is set to, and what is said where that fails. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { rootCertificates } from 'node:tls'
import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionOptions } from '../../src/core/project.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Warehouse } from '../../src/warehouses/warehouse.ts'
import { lines, tellMistakes } from '../project/load-folder.ts'
import { createProject, steady } from '../support/cli.ts'
import { startAws, type FakeAws } from '../support/aws/start-aws.ts'
import { createDatabase, targetOver } from '../support/databases.ts'
import { startRedshift, type RedshiftStandIn } from '../support/redshift/start-redshift.ts'
import { findClosedPort } from '../support/ssh/start-ssh-server.ts'

let redshift: RedshiftStandIn
let postgres: Awaited<ReturnType<typeof createDatabase>>
let aws: FakeAws

beforeAll(async () => {
  ;[redshift, postgres] = await Promise.all([startRedshift(), createDatabase()])
  aws = await startAws(redshift)
})
afterAll(async () => {
  await aws[Symbol.asyncDispose]()
  await redshift[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
})

function open(connection: ConnectionOptions): Promise<Warehouse> {
  return openWarehouse({ ...targetOver('redshift', connection), name: 'prod' }, { applicationName: 'sqlflow test' })
}

async function failure(connection: ConnectionOptions): Promise<unknown> {
  await using warehouse = await open(connection)
  return await warehouse.acquire().then(
    () => expect.unreachable('The connection was opened.'),
    (error: unknown) => error,
  )
}

describe('the keys of a target', () => {
  it('that mean nothing on Redshift, or only there, are told at their places', async () => {
    const files = {
      'sqlflow.yml': lines(`
        name: field
        targets:
          both: { type: redshift, database: field, iam: { cluster: a, workgroup: b }, password: hunter2 }
          neither: { type: redshift, database: field, iam: { region: us-east-1 } }
          serverless: { type: redshift, database: field, iam: { workgroup: b, user: ana, database_groups: c } }
          groups: { type: redshift, database: field, iam: { cluster: a, database_groups: [c] } }
          nowhere: { type: redshift, iam: { cluster: a } }
          login: { type: redshift, url: "redshift://ana:hunter2@host/field", iam: { cluster: a } }
          role: { type: redshift, host: h, database: field, role: transformer }
          mysql: { type: redshift, url: "mysql://host/field" }
          server: { type: postgres, host: h, database: field, iam: { cluster: a }, query_group: nightly }
          local: { type: pglite, tunnel: "ssh://ana@bastion" }
          tunnel: { type: redshift, host: h, database: field, tunnel: bastion }
          secret: { type: postgres, host: /run, database: field, tunnel: { url: "ssh://ana:hunter2@bastion", passphrase: hunter2 } }
      `),
    }
    const told: string[] = []
    for (const target of [
      'both',
      'neither',
      'serverless',
      'groups',
      'nowhere',
      'login',
      'role',
      'mysql',
      'server',
      'local',
      'tunnel',
      'secret',
    ]) {
      told.push((await tellMistakes(files, { target })).trimEnd())
    }
    expect(told.join('\n')).toMatchInlineSnapshot(`
      "error bad-target at sqlflow.yml:3:49 [{ cluster: a, workgroup: b }]
        \`iam\` of target \`both\` must name either \`cluster\` or \`workgroup\`.
      error useless-key at sqlflow.yml:3:79 [password]
        \`password\` means nothing here: user and password come from AWS by \`iam\`.
        hint: Remove the line.
      error bad-target at sqlflow.yml:4:52 [{ region: us-east-1 }]
        \`iam\` of target \`neither\` must name either \`cluster\` or \`workgroup\`.
      error useless-key at sqlflow.yml:5:71 [user]
        \`user\` means nothing here: the user of a workgroup is the one of the IAM identity.
        hint: Remove the line.
      error useless-key at sqlflow.yml:5:82 [database_groups]
        \`database_groups\` means nothing here: the user of a workgroup is the one of the IAM identity.
        hint: Remove the line.
      error useless-key at sqlflow.yml:6:65 [database_groups]
        \`database_groups\` means nothing here: without \`user\`, AWS gives no groups.
        hint: Remove the line.
      error bad-target at sqlflow.yml:7:35 [{ cluster: a }]
        \`iam\` of target \`nowhere\` needs \`database\` beside it.
      error bad-target at sqlflow.yml:8:34 [redshift://ana:hunter2@host/field]
        \`url\` of target \`login\` holds a login, and \`iam\` has AWS give it.
      error useless-key at sqlflow.yml:9:53 [role]
        \`role\` means nothing here: Redshift has no \`set role\`.
        hint: Remove the line, and log in as the user who owns the relations.
      error bad-target at sqlflow.yml:10:34 [mysql://host/field]
        \`url\` of target \`mysql\` must be one such as \`redshift://user@host:5439/database\`.
      error useless-key at sqlflow.yml:11:55 [iam]
        \`iam\` means nothing here: only Redshift has it.
        hint: Remove the line.
      error useless-key at sqlflow.yml:11:76 [query_group]
        \`query_group\` means nothing here: only Redshift has it.
        hint: Remove the line.
      error useless-key at sqlflow.yml:12:26 [tunnel]
        \`tunnel\` means nothing here: an embedded target connects to no server.
        hint: Remove the line.
      error bad-target at sqlflow.yml:13:63 [bastion]
        \`tunnel\` of target \`tunnel\` must be one such as \`ssh://user@bastion.example.org:22\`.
      error bad-target at sqlflow.yml:14:66 [{ url: "ssh://ana:hunter2@bastion", passphrase: hunter2 }]
        \`tunnel\` of target \`secret\` holds a password; the ssh server is logged in to by a key.
      error bad-target at sqlflow.yml:14:66 [{ url: "ssh://ana:hunter2@bastion", passphrase: hunter2 }]
        \`tunnel\` of target \`secret\` has a \`passphrase\` without the \`key\` that it unlocks.
      error bad-target at sqlflow.yml:14:66 [{ url: "ssh://ana:hunter2@bastion", passphrase: hunter2 }]
        \`tunnel\` of target \`secret\` leads to a server, and \`host\` is a folder."
    `)
  })

  it('may be those of a cluster behind an ssh server that is logged in to by IAM', async () => {
    const config =
      'tunnel: { url: "ssh://ana@bastion:2222", known_hosts: known_hosts }, iam: { cluster: field-prod, region: us-east-1, user: bot, database_groups: [a] }, query_group: nightly, statement_timeout: 30min'
    expect(
      await tellMistakes({
        'sqlflow.yml': `name: field\ndefault_target: dev\ntargets:\n  dev: { type: redshift, database: field, ${config} }\n`,
      }),
    ).toBe('')
  })
})

describe('a connection to Redshift', () => {
  it('goes to port 5439 where nothing else is said', async () => {
    await using warehouse = await open({ url: 'redshift://ana:secret@127.0.0.1/field', ssl: false })
    expect(warehouse.label).toBe('redshift on 127.0.0.1:5439/field')
  })

  it('is encrypted and verified by itself: a certificate that cannot be trusted is refused', async () => {
    const { host, port } = new URL(postgres.url)
    expect(await failure({ url: postgres.url.replace('postgres:', 'redshift:') })).toMatchObject({
      code: 'warehouse-tls',
      message: `The certificate of ${host} cannot be trusted: it is signed by itself.`,
      hint: "Give the authority's certificate as `ssl: { ca: ... }` of target `prod`. `ssl: { reject_unauthorized: false }` turns the check off: then anyone on the way can read along.",
      exitCode: 2,
    })
    const login = { port: Number(port), user: 'postgres', password: 'test', database: new URL(postgres.url).pathname.slice(1) }
    expect(await failure({ ...login, host: 'localhost' })).toMatchObject({ code: 'warehouse-tls' })
    expect(await failure({ url: redshift.url, ssl: true })).toMatchObject({
      code: 'warehouse-tls',
      message: `The server on ${new URL(redshift.url).host} does not speak TLS, which target \`prod\` asks for.`,
      hint: 'Is this a Redshift? One speaks TLS always. `ssl: false` is for what stands in for it, on a network that you trust.',
    })
  })

  it('is verified by the certificate of the authority that the target gives', async () => {
    const ca = await readFile(new URL('../support/tls/server.crt', import.meta.url), 'utf8')
    await using warehouse = await open({ url: postgres.url, ssl: { rejectUnauthorized: true, ca } })
    await using session = await warehouse.acquire()
    expect(session.tls).toBe('TLSv1.3')
  })

  it('trusts the authorities of Amazon, which Node carries', () => {
    const names = rootCertificates.map((text) => new X509Certificate(text).subject)
    for (const number of [1, 2, 3, 4]) expect(names).toContain(`C=US\nO=Amazon\nCN=Amazon Root CA ${number}`)
  })

  it('sets every session to what its target asks for', async () => {
    await using warehouse = await open({
      url: redshift.url,
      queryGroup: "nightly's",
      statementTimeout: 90_000,
      searchPath: ['analytics', 'public'],
    })
    await using session = await warehouse.acquire()
    const shown: unknown[] = []
    for (const name of ['query_group', 'statement_timeout', 'search_path', 'application_name']) {
      const [result] = await session.run(`show ${name}`)
      shown.push(result?.rows[0]?.[0])
    }
    expect(shown).toEqual(["nightly's", '90s', 'analytics, public', 'sqlflow test'])
  })

  it('that is given a name which cannot be set says so', async () => {
    expect(await failure({ url: redshift.url, searchPath: [''] })).toMatchObject({
      code: 'warehouse-setup',
      hint: 'Check its query group, search path and statement timeout in sqlflow.yml.',
    })
  })
})

describe('a connection to Redshift that fails', () => {
  it('says what lets a machine in, where the port is silent or closed', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const login = { host: '127.0.0.1', user: 'ana', password: 'hunter2', database: 'field' }
    const hint = (at: number): string =>
      `Its security group has to let this machine in on port ${at}; from outside of its VPC it has to be publicly accessible besides. Else a VPN reaches it, or an ssh server that its allow list names: \`tunnel: ssh://user@bastion:22\`. A cluster that is paused answers nobody: resume it.`
    expect(await failure({ ...login, port, connectTimeout: 200 })).toMatchObject({
      code: 'warehouse-unreachable',
      message: `127.0.0.1:${port}, the address of target \`prod\`, did not answer within 0.2 s.`,
      hint: hint(port),
      exitCode: 2,
    })
    silent.close()
    const closed = await findClosedPort()
    expect(await failure({ ...login, port: closed })).toMatchObject({ code: 'warehouse-unreachable', hint: hint(closed) })
  })

  it('says that the host is none, that the password is wrong, and that there is no such database', async () => {
    const { host } = new URL(redshift.url)
    expect(await failure({ host: 'cluster.invalid', user: 'ana', password: 'hunter2', database: 'field' })).toMatchObject({
      code: 'warehouse-unreachable',
      message: 'The host `cluster.invalid` of target `prod` is unknown.',
      hint: 'Check its spelling in sqlflow.yml: it is the endpoint that the console of Redshift shows, without port and database.',
    })
    const wrong = await failure({ url: redshift.url.replace(':test@', ':hunter2@') })
    expect(wrong).toMatchObject({
      code: 'warehouse-login-refused',
      message: `The server on ${host} refused the password of user \`postgres\`.`,
    })
    expect(wrong instanceof Error && `${wrong.message} ${wrong.stack}`).not.toContain('hunter2')
    expect(await failure({ url: redshift.url, database: 'feild' })).toMatchObject({ code: 'warehouse-unknown-database' })
  })

  it('quotes no URL that is none', async () => {
    await expect(open({ url: 'mysql://ana:hunter2@db/field' })).rejects.toMatchObject({
      code: 'warehouse-url',
      message: 'The `url` of target `prod` is not a Redshift URL.',
      hint: 'Write redshift://user:password@host:5439/database. Characters such as @, /, # and % in a password are percent-encoded: %40, %2F, %23, %25.',
    })
  })
})

describe('sqlflow debug on Redshift', () => {
  it('tells each stage', async () => {
    await using project = await createProject('redshift', { files: {}, target: 'query_group: nightly' })
    const { stdout } = await project.run(['debug'])
    expect(steady(stdout)).toContain(
      lines(`
        ✓ target       dev: redshift, schema analytics, 4 threads, exports preview
        ✓ port         HOST answers
        ✓ connection   redshift on HOST/DATABASE in N ms
        ✓ tls          off: whoever stands in between can read along
        ✓ login        postgres in database DATABASE, which may create schemas
      `),
    )
  })

  it('tells where the cluster is, and the login that AWS gives, as stages of their own', async () => {
    const database = new URL(redshift.url).pathname.slice(1)
    await using project = await createProject('redshift', { files: {} })
    project.write({
      'sqlflow.yml': `name: field\ndefault_target: dev\ntargets:\n  dev: { type: redshift, database: ${database}, ssl: false, iam: { cluster: field-prod, region: us-east-1 } }\n`,
    })
    const told = async (): Promise<string> => {
      const { stdout, stderr } = await project.spawn(['debug'], { env: aws.env }).result
      return steady(stdout.slice(stdout.indexOf('target ')) + stderr).replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME')
    }
    expect(await told()).toContain(
      lines(`
        ✓ cluster      field-prod is HOST
        ✓ iam          credentials of IAMR:analyst until TIME UTC
        ✓ port         HOST answers
        ✓ connection   redshift on HOST/DATABASE in N ms
        ✓ tls          off: whoever stands in between can read along
        ✓ login        IAMR:analyst in database DATABASE
      `),
    )
    aws.denied.add('GetClusterCredentialsWithIAM')
    expect(await told()).toContain('✗ iam          failed\nerror[aws-access-denied]: ')
    aws.status = 'paused'
    expect(await told()).toContain('✗ cluster      failed\nerror[warehouse-paused]: The cluster `field-prod` of target `dev` is paused.\n')
  })
})
