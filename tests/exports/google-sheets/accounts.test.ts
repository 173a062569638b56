import { createPublicKey, verify } from 'node:crypto'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SqlflowError } from '../../../src/core/errors.ts'
import {
  findGoogleAccount,
  secretsOfAccount,
  type FindAccountOptions,
} from '../../../src/exports/destinations/google-sheets/find-account.ts'
import { accountFrom, keyJson, openApi, openGoogleServer, pem, type GoogleServer, type SeenRequest } from './google-server.ts'

afterEach(() => vi.unstubAllEnvs())

const home = '/home/ada'
const root = '/srv/field'
const key = keyJson('https://oauth2.googleapis.com/')
const { client_email: email } = JSON.parse(key) as { client_email: string }
const login = JSON.stringify({
  type: 'authorized_user',
  client_id: 'id',
  client_secret: 'GOCSPX-hush',
  refresh_token: '1//refresh-hush',
  account: 'ada@field.example',
})

type Files = Readonly<Record<string, string>>

function missingFile(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' })
}

function find(
  env: FindAccountOptions['env'],
  files: Files = {},
  settings: FindAccountOptions['settings'] = {},
): ReturnType<typeof findGoogleAccount> {
  const readFile = (path: string): string => {
    const text = files[path]
    if (text === undefined) throw missingFile(path)
    return text
  }
  return findGoogleAccount({ settings, env, home, root, readFile })
}

function refusal(work: () => unknown): SqlflowError {
  try {
    work()
  } catch (error) {
    if (error instanceof SqlflowError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('The account', () => {
  const everywhere: Files = {
    '/srv/field/keys/project.json': key,
    '/etc/google.json': key,
    '/home/ada/.config/sqlflow/google-login.json': login,
    '/home/ada/.config/gcloud/application_default_credentials.json': login,
  }

  it('is that of sqlflow.yml, then of the environment, then of a login', () => {
    const env = { SQLFLOW_GOOGLE_CREDENTIALS: key, GOOGLE_APPLICATION_CREDENTIALS: '/etc/google.json' }
    const { GOOGLE_APPLICATION_CREDENTIALS } = env
    const [, , ofLogin] = Object.keys(everywhere)
    const { [ofLogin!]: _login, ...withoutLogin } = everywhere
    expect(
      [
        find(env, everywhere, { credentials: 'keys/project.json' }),
        find(env, everywhere),
        find({ GOOGLE_APPLICATION_CREDENTIALS }, everywhere),
        find({}, everywhere),
        find({}, withoutLogin),
        find({}),
      ].map((account) => account?.from),
    ).toEqual([
      '`google.credentials` of sqlflow.yml, the file /srv/field/keys/project.json',
      '`SQLFLOW_GOOGLE_CREDENTIALS`',
      '`GOOGLE_APPLICATION_CREDENTIALS`, the file /etc/google.json',
      'the login of `sqlflow auth google`, /home/ada/.config/sqlflow/google-login.json',
      'the login of gcloud, /home/ada/.config/gcloud/application_default_credentials.json',
      undefined,
    ])
  })

  it('is looked for where the machine keeps its configuration', () => {
    const files = { '/conf/sqlflow/google-login.json': login, '/cloud/application_default_credentials.json': login }
    expect(find({ XDG_CONFIG_HOME: '/conf' }, files)?.from).toContain('/conf/sqlflow/google-login.json')
    expect(find({ CLOUDSDK_CONFIG: '/cloud' }, files)?.from).toContain('/cloud/application_default_credentials.json')
  })

  it.each([
    ['JSON', key],
    ['base64 of JSON', Buffer.from(key).toString('base64')],
    [
      'base64 in lines',
      Buffer.from(key)
        .toString('base64')
        .replaceAll(/(.{76})/g, '$1\n'),
    ],
    ['JSON with its key escaped twice', key.replaceAll(String.raw`\n`, String.raw`\\n`)],
    ['a path in the home folder', '~/google.json'],
    ['a path from the folder of the project', './keys/google.json'],
  ])('is read from %s', (_kind, given) => {
    const files = { '/home/ada/google.json': key, '/srv/field/keys/google.json': key }
    expect(find({ SQLFLOW_GOOGLE_CREDENTIALS: given }, files)?.credentials).toMatchObject({
      type: 'service_account',
      email,
      privateKey: pem,
    })
  })

  it('is that of the machine only where that is said', () => {
    expect(find({ SQLFLOW_GOOGLE_CREDENTIALS: 'metadata' })?.credentials).toEqual({ type: 'metadata' })
  })

  it('gives its secrets to be masked', () => {
    expect(secretsOfAccount(accountFrom(key))).toEqual([pem])
    expect(secretsOfAccount(accountFrom(login))).toEqual(['GOCSPX-hush', '1//refresh-hush'])
  })
})

describe('Credentials that cannot be used', () => {
  const cases: readonly (readonly [string, () => unknown, string])[] = [
    [
      'a file that is not there',
      () => find({ GOOGLE_APPLICATION_CREDENTIALS: 'keys/gone.json' }),
      '`GOOGLE_APPLICATION_CREDENTIALS` names the file /srv/field/keys/gone.json, which does not exist.',
    ],
    [
      'JSON that was cut off',
      () => find({ SQLFLOW_GOOGLE_CREDENTIALS: key.slice(0, 300) }),
      '`SQLFLOW_GOOGLE_CREDENTIALS` holds no valid JSON: it was probably cut off, or its quotes were lost.',
    ],
    [
      'base64 that was cut off',
      () => find({ SQLFLOW_GOOGLE_CREDENTIALS: Buffer.from(key).toString('base64').slice(0, 600) }),
      '`SQLFLOW_GOOGLE_CREDENTIALS` holds no valid JSON: it was probably cut off, or its quotes were lost.',
    ],
    [
      'a key that is no PEM',
      () => find({}, { '/srv/field/k.json': key.replace('BEGIN PRIVATE', 'BEGIN  PRIVATE') }, { credentials: 'k.json' }),
      '`google.credentials` of sqlflow.yml, the file /srv/field/k.json, holds a private key that is no valid PEM: it was probably pasted with \\n escaped, or cut off.',
    ],
    [
      'a PEM alone',
      () => find({ SQLFLOW_GOOGLE_CREDENTIALS: pem }),
      '`SQLFLOW_GOOGLE_CREDENTIALS` is a private key alone, without the JSON around it.',
    ],
    [
      'a secret of another kind',
      () => find({ SQLFLOW_GOOGLE_CREDENTIALS: 'GOCSPX-hush' }),
      '`SQLFLOW_GOOGLE_CREDENTIALS` is neither JSON, nor base64 of JSON, nor the path of a file.',
    ],
    ['nothing', () => find({ SQLFLOW_GOOGLE_CREDENTIALS: '  ' }), '`SQLFLOW_GOOGLE_CREDENTIALS` is empty.'],
    [
      'an OAuth client',
      () => find({ SQLFLOW_GOOGLE_CREDENTIALS: '{"installed":{"client_secret":"GOCSPX-hush"}}' }),
      '`SQLFLOW_GOOGLE_CREDENTIALS` is an OAuth client, which logs people in, and no account.',
    ],
    [
      'a key without its account',
      () => find({ SQLFLOW_GOOGLE_CREDENTIALS: JSON.stringify({ type: 'service_account', private_key: pem }) }),
      '`SQLFLOW_GOOGLE_CREDENTIALS` lacks `client_email`.',
    ],
    [
      'a kind that is not known',
      () => find({ SQLFLOW_GOOGLE_CREDENTIALS: '{"type":"hush"}' }),
      '`SQLFLOW_GOOGLE_CREDENTIALS` has no `type` that is known (service_account, external_account, authorized_user or impersonated_service_account).',
    ],
    [
      'a person for whom a person would act',
      () => find({ SQLFLOW_GOOGLE_CREDENTIALS: login }, {}, { subject: 'bo@field.example' }),
      "`google.subject` of sqlflow.yml needs a service account, and the account is `SQLFLOW_GOOGLE_CREDENTIALS`, a person's login.",
    ],
  ]

  it.each(cases)('are told by what is wrong, never by their content: %s', (_name, work, message) => {
    const error = refusal(work)
    expect({ code: error.code, message: error.message, exitCode: error.exitCode, hasHint: error.hint !== undefined }).toEqual({
      code: 'bad-google-credentials',
      message,
      exitCode: 2,
      hasHint: true,
    })
    const everything = `${inspect(error, { depth: 10, showHidden: true })}${JSON.stringify(error)}${error.stack}`
    for (const secret of ['hush', pem.slice(40, 80), 'PRIVATE KEY-----']) expect(everything.includes(secret)).toBe(false)
  })
})

interface Claims {
  readonly iss: string
  readonly sub?: string
  readonly aud: string
  readonly scope: string
  readonly iat: number
  readonly exp: number
}

/** Of a token request whose assertion is signed with the key. */
function claimsOf({ body }: SeenRequest): Claims {
  const form = new URLSearchParams(body)
  expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  const [head, claims, signature] = form.get('assertion')!.split('.')
  expect(verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), createPublicKey(pem), Buffer.from(signature!, 'base64url'))).toBe(true)
  return JSON.parse(Buffer.from(claims!, 'base64url').toString('utf8')) as Claims
}

const sheetsScope = 'https://www.googleapis.com/auth/spreadsheets'

/** The calls to login services that opening a spreadsheet made, as the account that it shows. */
async function logins(
  server: GoogleServer,
  account: ReturnType<typeof accountFrom>,
): Promise<{ readonly as: string; readonly seen: readonly SeenRequest[] }> {
  const { api } = await openApi(server, { account })
  await api.getSpreadsheet('s1')
  return { as: api.account, seen: server.logins }
}

function federation(server: GoogleServer, more: object = {}): string {
  return JSON.stringify({
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/github/providers/field',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${server.url}sts/v1/token`,
    credential_source: {
      url: `${server.url}oidc`,
      headers: { authorization: 'Bearer runner' },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
    ...more,
  })
}

describe('A token is asked for', () => {
  it('with the key of a service account, at the address that the key names, for spreadsheets alone', async () => {
    await using server = await openGoogleServer()
    const account = accountFrom(keyJson(server.url))
    const { as, seen } = await logins(server, account)
    expect(as).toMatch(/^exports-\d+@field\.iam\.gserviceaccount\.com$/)
    expect(seen.map(({ path }) => path)).toEqual(['/token'])
    const { iat, exp, ...claims } = claimsOf(seen[0]!)
    expect(claims).toEqual({ iss: as, aud: `${server.url}token`, scope: sheetsScope })
    expect(exp - iat).toBe(3600)
    expect(server.calls[0]!.headers.authorization).toBe('Bearer token-1')
  })

  it('for a person whom the service account acts for', async () => {
    await using server = await openGoogleServer()
    const { as, seen } = await logins(server, accountFrom(keyJson(server.url), { subject: 'bo@field.example' }))
    expect(as).toBe('bo@field.example')
    expect(claimsOf(seen[0]!)).toMatchObject({ sub: 'bo@field.example', scope: sheetsScope })
  })

  it('for a service account that the key may act as', async () => {
    await using server = await openGoogleServer()
    const { as, seen } = await logins(server, accountFrom(keyJson(server.url), { impersonate: 'acting@field.iam.gserviceaccount.com' }))
    expect(as).toBe('acting@field.iam.gserviceaccount.com')
    expect(claimsOf(seen[0]!).scope).toBe('https://www.googleapis.com/auth/iam')
    expect({ path: seen[1]!.path, body: JSON.parse(seen[1]!.body) as unknown, authorization: seen[1]!.headers.authorization }).toEqual({
      path: '/v1/projects/-/serviceAccounts/acting@field.iam.gserviceaccount.com:generateAccessToken',
      body: { scope: [sheetsScope], lifetime: '3600s' },
      authorization: 'Bearer token-1',
    })
    expect(server.calls[0]!.headers.authorization).toBe('Bearer acting-2')
  })

  it('for a person, by a service account without a key', async () => {
    await using server = await openGoogleServer()
    const acting = { impersonate: 'acting@field.iam.gserviceaccount.com', subject: 'bo@field.example' }
    const { as, seen } = await logins(server, accountFrom(keyJson(server.url), acting))
    expect(as).toBe('bo@field.example')
    expect(seen.map(({ path }) => path)).toEqual([
      '/token',
      '/v1/projects/-/serviceAccounts/acting@field.iam.gserviceaccount.com:signJwt',
      '/token',
    ])
    const { payload } = JSON.parse(seen[1]!.body) as { payload: string }
    expect(JSON.parse(payload)).toMatchObject({
      iss: acting.impersonate,
      sub: acting.subject,
      scope: sheetsScope,
      aud: `${server.url}token`,
    })
    expect(new URLSearchParams(seen[2]!.body).get('assertion')).toBe('signed.by.google')
  })

  it('with the refresh token of a login, which says whose it is', async () => {
    await using server = await openGoogleServer()
    const { as, seen } = await logins(server, accountFrom(login))
    expect(as).toBe('ada@field.example')
    expect(Object.fromEntries(new URLSearchParams(seen[0]!.body))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'id',
      client_secret: 'GOCSPX-hush',
      refresh_token: '1//refresh-hush',
    })
  })

  it('with the login of gcloud, whose person is asked for once', async () => {
    await using server = await openGoogleServer()
    const { account: _none, ...ofGcloud } = JSON.parse(login) as Record<string, unknown>
    const account = accountFrom(JSON.stringify({ ...ofGcloud, account: '', quota_project_id: 'field-1234' }))
    const { as, seen } = await logins(server, account)
    expect(as).toBe('ada@field.example')
    expect(seen.map(({ path }) => path)).toEqual(['/token', '/tokeninfo'])
    expect(server.calls[0]!.headers['x-goog-user-project']).toBe('field-1234')
  })

  it('by federation, as the service account that it ends as', async () => {
    await using server = await openGoogleServer()
    server.answerLogin({ status: 200, json: { value: 'a.runner.jwt' } })
    const url = `${server.url}v1/projects/-/serviceAccounts/exports@field.iam.gserviceaccount.com:generateAccessToken`
    const { as, seen } = await logins(server, accountFrom(federation(server, { service_account_impersonation_url: url })))
    expect(as).toBe('exports@field.iam.gserviceaccount.com')
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /oidc',
      'POST /sts/v1/token',
      'POST /v1/projects/-/serviceAccounts/exports@field.iam.gserviceaccount.com:generateAccessToken',
    ])
    expect(new URLSearchParams(seen[1]!.body).get('subject_token')).toBe('a.runner.jwt')
    expect(JSON.parse(seen[2]!.body)).toEqual({ scope: [sheetsScope], lifetime: '3600s' })
  })

  it('by federation, as a service account that sqlflow.yml names', async () => {
    await using server = await openGoogleServer()
    server.answerLogin({ status: 200, json: { value: 'a.runner.jwt' } })
    const { as } = await logins(server, accountFrom(federation(server), { impersonate: 'acting@field.iam.gserviceaccount.com' }))
    expect(as).toBe('acting@field.iam.gserviceaccount.com')
    expect(new URLSearchParams(server.logins[1]!.body).get('scope')).toBe('https://www.googleapis.com/auth/iam')
  })

  it('not at all by a federation that ends as nobody, as no spreadsheet could be shared with it', async () => {
    await using server = await openGoogleServer()
    await expect(openApi(server, { account: accountFrom(federation(server)) })).rejects.toThrow(
      'the key federates without a service account, which no spreadsheet can be shared with.',
    )
  })

  it('by a login that acts as a service account', async () => {
    await using server = await openGoogleServer()
    const json = JSON.stringify({
      type: 'impersonated_service_account',
      service_account_impersonation_url: `${server.url}v1/projects/-/serviceAccounts/exports@field.iam.gserviceaccount.com:generateAccessToken`,
      source_credentials: JSON.parse(login) as unknown,
      delegates: ['projects/-/serviceAccounts/between@field.iam.gserviceaccount.com'],
    })
    const { as, seen } = await logins(server, accountFrom(json))
    expect(as).toBe('exports@field.iam.gserviceaccount.com')
    expect(JSON.parse(seen[1]!.body)).toMatchObject({ delegates: ['projects/-/serviceAccounts/between@field.iam.gserviceaccount.com'] })
  })
})

describe('The account of a machine', () => {
  it('is asked of its metadata server', async () => {
    await using server = await openGoogleServer()
    vi.stubEnv('GCE_METADATA_HOST', server.url.slice(0, -1))
    const headers = { 'metadata-flavor': 'Google' }
    server.answerLogin(
      { status: 200, text: 'vm@field.iam.gserviceaccount.com', headers },
      { status: 200, text: '{"access_token":"of-the-machine","expires_in":3000}', headers },
    )
    const { as, seen } = await logins(server, { ...accountFrom(login), credentials: { type: 'metadata' } })
    expect(as).toBe('vm@field.iam.gserviceaccount.com')
    expect(seen.map(({ path }) => path)).toEqual([
      '/computeMetadata/v1/instance/service-accounts/default/email',
      `/computeMetadata/v1/instance/service-accounts/default/token?scopes=${encodeURIComponent(sheetsScope)}`,
    ])
    expect(server.calls[0]!.headers.authorization).toBe('Bearer of-the-machine')
  })
})

describe('Federated credentials', () => {
  it('that have nothing to exchange say so, and not what their file holds', async () => {
    await using server = await openGoogleServer()
    const url = `${server.url}v1/projects/-/serviceAccounts/exports@field.iam.gserviceaccount.com:generateAccessToken`
    const json = federation(server, { service_account_impersonation_url: url, credential_source: { file: '/nowhere/oidc-token' } })
    const { api } = await openApi(server, { account: accountFrom(json) })
    await expect(api.getSpreadsheet('s1')).rejects.toThrow(
      'The federated credentials gave no token: what `credential_source` names is not there, or of another form.',
    )
  })
})

describe('A proxy', () => {
  it('is not asked for what is on this machine', async () => {
    await using server = await openGoogleServer()
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9')
    const { as } = await logins(server, accountFrom(login))
    expect(as).toBe('ada@field.example')
  })
})

describe('An endpoint', () => {
  it.each([
    ['not a url', '`SQLFLOW_SHEETS_ENDPOINT` is no URL.'],
    ['http://sheets.example', '`SQLFLOW_SHEETS_ENDPOINT` must begin with https:// outside this machine.'],
  ])('that tokens may not go to is refused: %s', async (endpoint, message) => {
    await using server = await openGoogleServer()
    await expect(openApi(server, { endpoint })).rejects.toThrow(message)
  })
})
