/**
 * AWS as Redshift's clients ask it, over HTTP, before a stand-in for Redshift: where a cluster or a workgroup is, and credentials for a while, which are really
 * set in the database. The client is AWS's own: `AWS_ENDPOINT_URL` leads it here.
 * https://docs.aws.amazon.com/redshift/latest/APIReference/, https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { Client } from 'pg'
import { createTemporaryFolder } from '../databases.ts'
import type { RedshiftStandIn } from '../redshift/start-redshift.ts'

export interface FakeAws extends AsyncDisposable {
  /** For the process that asks: known keys, and no files of whoever runs the tests. */
  readonly env: Readonly<Record<string, string>>
  /** Name and parameters of each call, in order: `GetClusterCredentials DbUser=ana ...`. */
  readonly calls: string[]
  /** As the console shows it. */
  status: string
  /** Passwords that were given. */
  readonly passwords: string[]
  /** Calls that this identity may not make. */
  readonly denied: Set<string>
}

/** What both protocols answer with: the fields of the result, or an error of AWS. */
type Answer = { readonly result: Fields } | { readonly error: string; readonly message: string; readonly status: number }
interface Fields {
  readonly [name: string]: string | Fields
}

interface Call {
  readonly action: string
  readonly parameters: Readonly<Record<string, string>>
}

const knownCluster = 'field-prod'
const knownWorkgroup = 'field'
const accessKey = 'AKIDEXAMPLEOFTESTS01'
const identity = 'arn:aws:sts::123456789012:assumed-role/analyst/ana'

export async function startAws({ url, behind }: Pick<RedshiftStandIn, 'url' | 'behind'>): Promise<FakeAws> {
  const folder = await createTemporaryFolder()
  const database = new URL(url)
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const aws: FakeAws = {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: accessKey,
      AWS_SECRET_ACCESS_KEY: 'secret-of-tests',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: path.join(folder.path, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: path.join(folder.path, 'credentials'),
    },
    calls: [],
    status: 'available',
    passwords: [],
    denied: new Set(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await folder[Symbol.asyncDispose]()
    },
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const isJson = String(request.headers['content-type']).includes('json')
    const call = isJson ? readJson(request, body) : readForm(body)
    const { action, parameters } = call
    aws.calls.push(
      [
        action,
        ...Object.entries(parameters)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, value]) => `${name}=${value}`),
      ].join(' '),
    )
    const answer = await decide(call, String(request.headers['authorization']))
    const write = isJson ? writeJson : writeXml
    const { status, type, text } = write(action, answer)
    response.writeHead(status, { 'content-type': type }).end(text)
  }

  async function decide(call: Call, authorization: string): Promise<Answer> {
    const { action } = call
    if (!authorization.includes(`Credential=${accessKey}/`)) {
      return { error: 'InvalidClientTokenId', message: 'The security token included in the request is invalid.', status: 403 }
    }
    if (aws.denied.has(action)) {
      const name = action === 'GetWorkgroup' || action === 'GetCredentials' ? 'AccessDeniedException' : 'AccessDenied'
      return {
        error: name,
        message: `User: ${identity} is not authorized to perform: redshift:${action} because no identity-based policy allows the redshift:${action} action`,
        status: 403,
      }
    }
    return await (actions[action] ?? unknownAction)(call)
  }

  const endpoint: Fields = { Address: database.hostname, Port: database.port }
  const byCluster = (work: (call: Call) => Promise<Answer>) => async (call: Call) =>
    call.parameters['ClusterIdentifier'] === knownCluster
      ? await work(call)
      : ({ error: 'ClusterNotFound', message: `Cluster ${call.parameters['ClusterIdentifier']} not found.`, status: 404 } satisfies Answer)
  const byWorkgroup = (work: (call: Call) => Promise<Answer>) => async (call: Call) =>
    call.parameters['workgroupName'] === knownWorkgroup
      ? await work(call)
      : ({
          error: 'ResourceNotFoundException',
          message: `Workgroup ${call.parameters['workgroupName']} does not exist.`,
          status: 400,
        } satisfies Answer)

  const actions: Readonly<Record<string, (call: Call) => Promise<Answer>>> = {
    DescribeClusters: byCluster(async () => ({
      result: { Clusters: { Cluster: { ClusterIdentifier: knownCluster, ClusterStatus: aws.status, Endpoint: endpoint } } },
    })),
    GetClusterCredentials: byCluster(async ({ parameters }) => {
      const { password, expires } = await give(parameters['DbUser'] ?? '', Number(parameters['DurationSeconds'] ?? 900), false)
      return { result: { DbUser: `IAM:${parameters['DbUser']}`, DbPassword: password, Expiration: expires.toISOString() } }
    }),
    GetClusterCredentialsWithIAM: byCluster(async ({ parameters }) => {
      const { password, expires } = await give('IAMR:analyst', Number(parameters['DurationSeconds'] ?? 900), true)
      return { result: { DbUser: 'IAMR:analyst', DbPassword: password, Expiration: expires.toISOString() } }
    }),
    GetWorkgroup: byWorkgroup(async () => ({
      result: {
        workgroup: { workgroupName: knownWorkgroup, status: 'AVAILABLE', endpoint: { address: database.hostname, port: database.port } },
      },
    })),
    GetCredentials: byWorkgroup(async ({ parameters }) => {
      const { password, expires } = await give('IAMR:analyst', Number(parameters['durationSeconds'] ?? 900), true)
      return { result: { dbUser: 'IAMR:analyst', dbPassword: password, expiration: String(expires.getTime() / 1000) } }
    }),
  }

  /** A password that the database takes until then. The identity's own user is made by AWS; another has to be there. */
  async function give(user: string, seconds: number, makes: boolean): Promise<{ readonly password: string; readonly expires: Date }> {
    const expires = new Date(Date.now() + seconds * 1000)
    const password = randomBytes(24).toString('base64')
    aws.passwords.push(password)
    const client = new Client({ connectionString: behind })
    await client.connect()
    try {
      const { rowCount } = await client.query('select 1 from pg_user where usename = $1', [user])
      const name = `"${user}"`
      if (rowCount === 0 && makes) await client.query(`create user ${name} password '${password}'`)
      else if (rowCount !== 0) await client.query(`alter user ${name} password '${password}' valid until '${expires.toISOString()}'`)
    } finally {
      await client.end()
    }
    return { password, expires }
  }

  return aws
}

const unknownAction = ({ action }: Call): Promise<Answer> =>
  Promise.resolve({ error: 'InvalidAction', message: `Could not find operation ${action}`, status: 400 })

function readForm(body: string): Call {
  const { Action: action = '', Version: _version, ...parameters } = Object.fromEntries(new URLSearchParams(body))
  return { action, parameters }
}

function readJson(request: IncomingMessage, body: string): Call {
  const parameters: Record<string, unknown> = JSON.parse(body)
  const action = String(request.headers['x-amz-target']).split('.')[1] ?? ''
  return { action, parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])) }
}

interface Written {
  readonly status: number
  readonly type: string
  readonly text: string
}

function writeXml(action: string, answer: Answer): Written {
  const type = 'text/xml'
  if ('error' in answer) {
    const error = toXml({ Error: { Type: 'Sender', Code: answer.error, Message: answer.message }, RequestId: 'request-of-tests' })
    return {
      status: answer.status,
      type,
      text: `<ErrorResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/">${error}</ErrorResponse>`,
    }
  }
  const result = toXml({ [`${action}Result`]: answer.result, ResponseMetadata: { RequestId: 'request-of-tests' } })
  return {
    status: 200,
    type,
    text: `<${action}Response xmlns="http://redshift.amazonaws.com/doc/2012-12-01/">${result}</${action}Response>`,
  }
}

function toXml(fields: Fields): string {
  return Object.entries(fields)
    .map(
      ([name, value]) =>
        `<${name}>${typeof value === 'string' ? value.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : toXml(value)}</${name}>`,
    )
    .join('')
}

function writeJson(_action: string, answer: Answer): Written {
  const type = 'application/x-amz-json-1.1'
  if ('error' in answer) return { status: answer.status, type, text: JSON.stringify({ __type: answer.error, message: answer.message }) }
  return {
    status: 200,
    type,
    text: JSON.stringify(answer.result, (name, value: unknown) => (name === 'port' || name === 'expiration' ? Number(value) : value)),
  }
}
