/** Logging in by IAM, with AWS's own clients: before them stands what answers as AWS does, and sets the credentials that it gives in the stand-in for Redshift. */
import { mkdir, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConnectionOptions, IamOptions, Target } from '../../src/core/project.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import { startAws, type FakeAws } from '../support/aws/start-aws.ts'
import { createTemporaryFolder, runOnce, targetOver } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'
import { findClosedPort } from '../support/ssh/start-ssh-server.ts'

let redshift: Awaited<ReturnType<typeof startRedshift>>
let aws: FakeAws
let database: string

beforeAll(async () => {
  redshift = await startRedshift()
  database = new URL(redshift.url).pathname.slice(1)
  aws = await startAws(redshift)
})
afterAll(async () => {
  await aws[Symbol.asyncDispose]()
  await redshift[Symbol.asyncDispose]()
})
beforeEach(() => {
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
  aws.calls.length = 0
  aws.denied.clear()
  aws.status = 'available'
})

const cluster: IamOptions = { cluster: 'field-prod', region: 'us-east-1' }
const workgroup: IamOptions = { workgroup: 'field', region: 'us-east-1' }

function over(iam: IamOptions, more: ConnectionOptions = {}): Target {
  return { ...targetOver('redshift', { database, ssl: false, iam, ...more }), name: 'prod', threads: 2 }
}

async function userOf(iam: IamOptions, more?: ConnectionOptions): Promise<string | null | undefined> {
  await using warehouse = await openWarehouse(over(iam, more), { applicationName: 'sqlflow test' })
  await using session = await warehouse.acquire()
  return (await session.query('select current_user')).rows[0]?.[0]
}

async function failure(iam: IamOptions, more?: ConnectionOptions): Promise<unknown> {
  await using warehouse = await openWarehouse(over(iam, more), { applicationName: 'sqlflow test' })
  return await warehouse.acquire().then(
    () => expect.unreachable('The connection was opened.'),
    (error: unknown) => error,
  )
}

describe('temporary credentials', () => {
  it('of a cluster are those of the user that the target names', async () => {
    await runOnce(redshift.url, `create user field_bot password 'Unused-1234'`)
    expect(await userOf({ ...cluster, user: 'field_bot', databaseGroups: ['transformers'] })).toBe('field_bot')
    expect(aws.calls).toEqual([
      'DescribeClusters ClusterIdentifier=field-prod',
      `GetClusterCredentials AutoCreate=false ClusterIdentifier=field-prod DbGroups.DbGroup.1=transformers DbName=${database} DbUser=field_bot DurationSeconds=3600`,
    ])
  })

  it('of a cluster belong to the IAM identity, where no user is named', async () => {
    expect(await userOf(cluster)).toBe('IAMR:analyst')
    expect(aws.calls[1]).toBe(`GetClusterCredentialsWithIAM ClusterIdentifier=field-prod DbName=${database} DurationSeconds=3600`)
  })

  it('of a workgroup belong to the IAM identity', async () => {
    expect(await userOf(workgroup)).toBe('IAMR:analyst')
    expect(aws.calls).toEqual([
      'GetWorkgroup workgroupName=field',
      `GetCredentials dbName=${database} durationSeconds=3600 workgroupName=field`,
    ])
  })

  it('are all that is asked for where the target says the host, by parts or a URL', async () => {
    const { hostname: host, port } = new URL(redshift.url)
    expect(await userOf(cluster, { host, port: Number(port) })).toBe('IAMR:analyst')
    const { database: _database, ...withUrl } = over(cluster, { url: `redshift://${host}:${port}/${database}` }).connection
    await using warehouse = await openWarehouse({ ...over(cluster), connection: withUrl }, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    expect((await session.query('select current_database()')).rows).toEqual([[database]])
    expect(aws.calls.map((call) => call.split(' ')[0])).toEqual(['GetClusterCredentialsWithIAM', 'GetClusterCredentialsWithIAM'])
  })

  it('are asked for once by connections that open at once, and by those that open while they hold', async () => {
    await using warehouse = await openWarehouse(over(cluster), { applicationName: 'sqlflow test' })
    const sessions = await Promise.all([warehouse.acquire(), warehouse.acquire(), warehouse.acquire()])
    expect(new Set(sessions.map((session) => session.processId)).size).toBe(3)
    expect(aws.calls.map((call) => call.split(' ')[0])).toEqual(['DescribeClusters', 'GetClusterCredentialsWithIAM'])
    for (const session of sessions) await session[Symbol.asyncDispose]()
  })

  it('are asked for again when less than five minutes are left', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await using warehouse = await openWarehouse(over(cluster), { applicationName: 'sqlflow test' })
    await using _first = await warehouse.acquire()
    const callsAfter = async (minutes: number): Promise<readonly string[]> => {
      vi.setSystemTime(Date.now() + minutes * 60_000)
      aws.calls.length = 0
      const session = await warehouse.acquire()
      session.broken = true // so that the next one is a connection of its own
      await session[Symbol.asyncDispose]()
      return aws.calls.map((call) => call.split(' ')[0] ?? '')
    }
    expect(await callsAfter(54)).toEqual([])
    expect(await callsAfter(2)).toEqual(['GetClusterCredentialsWithIAM'])
    expect(await callsAfter(50)).toEqual([])
  })

  it('that cannot be asked for again leave the connections that are open at work', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await using warehouse = await openWarehouse(over(cluster), { applicationName: 'sqlflow test' })
    const first = await warehouse.acquire()
    await first[Symbol.asyncDispose]()
    vi.setSystemTime(Date.now() + 56 * 60_000)
    aws.denied.add('GetClusterCredentialsWithIAM')
    await using again = await warehouse.acquire()
    expect(again.processId).toBe(first.processId)
    await expect(warehouse.acquire()).rejects.toMatchObject({ code: 'aws-access-denied' })
  })

  it('also end what a session runs, by a connection of its own', async () => {
    await using warehouse = await openWarehouse(over(cluster), { applicationName: 'sqlflow test' })
    await runOnce(redshift.url, 'create table if not exists turf (turf_id integer); grant all on turf to public')
    await using session = await warehouse.acquire()
    await using other = await warehouse.acquire()
    await other.run('begin; lock table turf')
    const running = session.run('select turf_id from turf').catch((error: unknown) => error)
    await session.cancel()
    expect(await running).toMatchObject({ name: 'WarehouseError', sqlState: '57P01' })
  })
})

describe('what AWS refuses', () => {
  it('says the statement that the policy lacks', async () => {
    aws.denied.add('GetClusterCredentials').add('GetClusterCredentialsWithIAM').add('GetCredentials')
    const who = 'The IAM identity arn:aws:sts::123456789012:assumed-role/analyst/ana may not ask for a login to'
    expect(await failure({ ...cluster, user: 'field_bot', databaseGroups: ['transformers'] })).toMatchObject({
      code: 'aws-access-denied',
      message: `${who} the cluster \`field-prod\` of target \`prod\`.`,
      hint: `Its policy needs the statement {"Effect":"Allow","Action":["redshift:GetClusterCredentials","redshift:JoinGroup"],"Resource":["arn:aws:redshift:us-east-1:123456789012:dbname:field-prod/${database}","arn:aws:redshift:us-east-1:123456789012:dbuser:field-prod/field_bot","arn:aws:redshift:us-east-1:123456789012:dbgroup:field-prod/transformers"]}`,
      exitCode: 2,
    })
    expect(await failure(cluster)).toMatchObject({
      hint: `Its policy needs the statement {"Effect":"Allow","Action":"redshift:GetClusterCredentialsWithIAM","Resource":"arn:aws:redshift:us-east-1:123456789012:dbname:field-prod/${database}"}`,
    })
    expect(await failure(workgroup)).toMatchObject({
      code: 'aws-access-denied',
      hint: `Its policy needs the statement {"Effect":"Allow","Action":"redshift-serverless:GetCredentials","Resource":"arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/*"}`,
    })
  })

  it('says the statement that finding the address needs', async () => {
    aws.denied.add('DescribeClusters').add('GetWorkgroup')
    expect(await failure(cluster)).toMatchObject({
      code: 'aws-access-denied',
      message:
        'The IAM identity arn:aws:sts::123456789012:assumed-role/analyst/ana may not ask for the address of the cluster `field-prod` of target `prod`.',
      hint: 'Its policy needs the statement {"Effect":"Allow","Action":"redshift:DescribeClusters","Resource":"arn:aws:redshift:us-east-1:123456789012:cluster:field-prod"}. Or write `host` and `port` in the target: then it is not asked for.',
    })
    expect(await failure(workgroup)).toMatchObject({ code: 'aws-access-denied' })
  })

  it('says that there is no such cluster or workgroup', async () => {
    expect(await failure({ ...cluster, cluster: 'feild-prod' })).toMatchObject({
      code: 'aws-not-found',
      message: 'There is no cluster `feild-prod` in us-east-1, which `iam` of target `prod` names.',
      hint: 'Check its name, `region` and the account: aws redshift describe-clusters --region us-east-1 lists those that there are.',
      exitCode: 2,
    })
    expect(await failure({ ...workgroup, workgroup: 'feild' })).toMatchObject({
      code: 'aws-not-found',
      message: 'There is no workgroup `feild` in us-east-1, which `iam` of target `prod` names.',
    })
  })

  it('says that the cluster is paused, and what resumes it', async () => {
    aws.status = 'paused'
    expect(await failure(cluster)).toMatchObject({
      code: 'warehouse-paused',
      message: 'The cluster `field-prod` of target `prod` is paused.',
      hint: 'Resume it, which takes some minutes: aws redshift resume-cluster --cluster-identifier field-prod --region us-east-1',
      exitCode: 2,
    })
  })

  it('says that there are no credentials, or none that AWS knows', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDUNKNOWN')
    expect(await failure(cluster)).toMatchObject({
      code: 'aws-credentials',
      message: 'AWS does not know the credentials that target `prod` uses.',
    })
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
    expect(await failure(cluster)).toMatchObject({
      code: 'aws-credentials',
      message: 'No credentials for AWS were found, which `iam` of target `prod` needs.',
      exitCode: 2,
    })
    expect(aws.calls.every((call) => call.startsWith('DescribeClusters'))).toBe(true)
  })

  it('says that the profile is unknown, or its session of SSO over', async () => {
    await using home = await createTemporaryFolder()
    vi.stubEnv('HOME', home.path)
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
    vi.stubEnv('AWS_CONFIG_FILE', path.join(home.path, 'config'))
    const session = ['sso_session = field', 'sso_account_id = 123456789012', 'sso_role_name = analyst', 'region = us-east-1']
    await writeFile(
      path.join(home.path, 'config'),
      [
        '[profile field]',
        ...session,
        '[sso-session field]',
        'sso_start_url = https://field.example.org/start',
        'sso_region = us-east-1',
        '',
      ].join('\n'),
    )
    expect(await failure({ ...cluster, profile: 'feild' })).toMatchObject({
      code: 'aws-credentials',
      message: 'The profile `feild` of AWS that target `prod` uses is in no file of this machine, or gives no credentials.',
    })
    const over = {
      code: 'aws-credentials',
      message: 'The session of AWS SSO that target `prod` uses has expired, or was never begun.',
      hint: 'Log in: aws sso login --profile field',
    }
    expect(await failure({ ...cluster, profile: 'field' })).toMatchObject(over)
    const cache = path.join(home.path, '.aws', 'sso', 'cache')
    await mkdir(cache, { recursive: true })
    const token = {
      startUrl: 'https://field.example.org/start',
      region: 'us-east-1',
      accessToken: 'token-of-tests',
      expiresAt: '2020-01-01T00:00:00Z',
    }
    await writeFile(path.join(cache, `${createHash('sha1').update('field').digest('hex')}.json`), JSON.stringify(token))
    expect(await failure({ ...cluster, profile: 'field' })).toMatchObject(over)
  })

  it('says that no region is named', async () => {
    const { region: _region, ...nowhere } = cluster
    expect(await failure(nowhere)).toMatchObject({
      code: 'aws-region',
      message: '`iam` of target `prod` names no region, and neither does the environment.',
      hint: 'Write `region:` under `iam`, such as us-east-1.',
    })
    vi.stubEnv('AWS_REGION', 'us-east-1')
    expect(await userOf(nowhere)).toBe('IAMR:analyst')
  })

  it('says that AWS is out of reach', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${await findClosedPort()}`)
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1')
    expect(await failure(cluster)).toMatchObject({ code: 'aws-unreachable', exitCode: 2 })
  })

  it('gives credentials for a user who is not there, and no password is shown', async () => {
    const error = await failure({ ...cluster, user: 'nobody' })
    const { host } = new URL(redshift.url)
    expect(error).toMatchObject({
      code: 'warehouse-login-refused',
      message: `The server on ${host} refused the temporary credentials of user \`nobody\`.`,
      hint: 'Is there such a user? As a superuser: create user "nobody" password disable. Else check `iam` of target `prod`.',
    })
    const told = error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)}` : ''
    for (const password of aws.passwords) expect(told).not.toContain(password)
  })
})
