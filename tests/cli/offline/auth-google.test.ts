import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keyJson, openGoogleServer, type GoogleServer } from '../../exports/google-sheets/google-server.ts'
import { runHere, type CommandOptions, type CommandResult } from '../../support/cli.ts'
import { createTemporaryFolder } from '../../support/databases.ts'

interface Place extends AsyncDisposable {
  readonly root: string
  readonly server: GoogleServer
  readonly run: (args: string, options?: CommandOptions) => Promise<CommandResult>
}

/** A home folder, and Google's login service at one address. */
async function createPlace(): Promise<Place> {
  const server = await openGoogleServer()
  const folder = await createTemporaryFolder()
  const env = { HOME: folder.path, SQLFLOW_SHEETS_ENDPOINT: server.url, PATH: '' }
  return {
    root: folder.path,
    server,
    run: (args, options = {}) =>
      runHere(folder.path, ['auth', 'google', ...(args === '' ? [] : args.split(' '))], { ...options, env: { ...env, ...options.env } }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const client = { SQLFLOW_GOOGLE_CLIENT_ID: 'client-1', SQLFLOW_GOOGLE_CLIENT_SECRET: 'GOCSPX-hush' }

/** Opens the address as a person's browser does. */
function browser(onPage: (page: string) => void, change: (address: URL) => void = () => {}): NonNullable<CommandOptions['onOutput']> {
  return (text) => {
    const address = /^ {2}(http\S+)$/m.exec(text)?.[1]
    if (address === undefined) return
    const url = new URL(address)
    change(url)
    void fetch(url).then(async (answer) => onPage(await answer.text()))
  }
}

const loginPath = '.config/sqlflow/google-login.json'

describe('sqlflow auth google', () => {
  it('logs a person in by the browser, for spreadsheets alone, and keeps the login for this user', async () => {
    await using place = await createPlace()
    const { promise: page, resolve: onPage } = Promise.withResolvers<string>()
    const { exitCode, stdout, stderr } = await place.run('', { env: client, onOutput: browser(onPage) })
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `Logged in as ada@field.example. The login is kept in ${place.root}/${loginPath}; \`sqlflow auth google --logout\` takes it away.\n`,
    })
    expect(await page).toContain('You are logged in. This page may be closed; the terminal goes on.')
    const asked = new URL(place.server.logins[0]!.path, place.server.url).searchParams
    expect(asked.get('scope')).toBe('openid email https://www.googleapis.com/auth/spreadsheets')
    expect({ type: asked.get('access_type'), method: asked.get('code_challenge_method'), to: asked.get('redirect_uri') }).toEqual({
      type: 'offline',
      method: 'S256',
      to: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    })
    const exchanged = new URLSearchParams(place.server.logins[1]!.body)
    const challenge = createHash('sha256').update(exchanged.get('code_verifier')!).digest('base64url')
    expect(exchanged.get('code')).toBe(`code-for-${challenge}`)
    const kept = join(place.root, loginPath)
    expect(statSync(kept).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({
      type: 'authorized_user',
      account: 'ada@field.example',
      refresh_token: '1//refresh-hush',
      token_uri: `${place.server.url}token`,
    })
    expect(stdout + stderr).not.toContain('hush')
  })

  it('takes the client from the file that Google offers, with its addresses', async () => {
    await using place = await createPlace()
    const installed = {
      client_id: 'c',
      client_secret: 'GOCSPX-hush',
      auth_uri: `${place.server.url}o/oauth2/auth?hl=de`,
      token_uri: `${place.server.url}token`,
    }
    writeFileSync(
      join(place.root, 'client.json'),
      JSON.stringify({ installed: { ...installed, auth_uri: `${place.server.url}o/oauth2/auth` } }),
    )
    const { exitCode, stdout } = await place.run('--client-file client.json --json', {
      onOutput: browser(() => {}),
      env: { SQLFLOW_SHEETS_ENDPOINT: '' },
    })
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ account: 'ada@field.example', file: `${place.root}/${loginPath}` })
  })

  it('ignores an answer that did not begin here, and goes on waiting for its own', async () => {
    await using place = await createPlace()
    const forged: number[] = []
    const onOutput: CommandOptions['onOutput'] = (text) => {
      const address = /^ {2}(http\S+)$/m.exec(text)?.[1]
      if (address === undefined) return
      const redirect = new URL(new URL(address).searchParams.get('redirect_uri')!)
      redirect.searchParams.set('code', 'stolen')
      redirect.searchParams.set('state', 'forged')
      void (async () => {
        forged.push((await fetch(redirect)).status)
        await fetch(address)
      })()
    }
    const { exitCode } = await place.run('', { env: client, onOutput })
    expect({ exitCode, forged }).toEqual({ exitCode: 0, forged: [404] })
  })

  it('says what a person did not allow', async () => {
    await using place = await createPlace()
    place.server.answerLogin((request) => {
      const asked = new URL(request.path, place.server.url).searchParams
      return {
        status: 302,
        text: '',
        headers: { location: `${asked.get('redirect_uri')}?error=access_denied&state=${asked.get('state')}` },
      }
    })
    const refused = await place.run('', { env: client, onOutput: browser(() => {}) })
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain(
      'error[google-login-failed]: Google was not allowed to log you in.\n  hint: Run the command again, and allow it in the browser.\n',
    )
  })

  it('says that the permission for spreadsheets was unticked', async () => {
    await using place = await createPlace()
    let consented = false
    const onOutput = browser(
      () => {},
      () => (consented = true),
    )
    place.server.answerLogin(
      (request) => {
        const asked = new URL(request.path, place.server.url).searchParams
        return { status: 302, text: '', headers: { location: `${asked.get('redirect_uri')}?code=c&state=${asked.get('state')}` } }
      },
      { status: 200, json: { access_token: 't', expires_in: 3600, refresh_token: 'r', scope: 'openid' } },
    )
    const { exitCode, stderr } = await place.run('', { env: client, onOutput })
    expect({ exitCode, consented }).toEqual({ exitCode: 2, consented: true })
    expect(stderr).toContain('error[google-login-failed]: The permission to edit spreadsheets was not given.')
  })

  it('ends at once when it is stopped', async () => {
    await using place = await createPlace()
    const abort = new AbortController()
    const { exitCode } = await place.run('', {
      env: client,
      signal: abort.signal,
      onOutput: (text) => text.includes('http') && abort.abort(),
    })
    expect(exitCode).toBe(130)
  })

  it.each([
    ['no client', '', {}, 'error[no-oauth-client]: Logging in to Google needs an OAuth client of yours, and none is given.'],
    [
      'half a client',
      '',
      { SQLFLOW_GOOGLE_CLIENT_ID: 'x' },
      'error[no-oauth-client]: SQLFLOW_GOOGLE_CLIENT_SECRET is not set, and the other is.',
    ],
    ['no such file', '--client-file gone.json', {}, 'error[unreadable-file]: The file gone.json cannot be read.'],
    [
      'a client for the web',
      '--client-file web.json',
      {},
      'error[no-oauth-client]: web.json is an OAuth client for a web application; a desktop app is needed.',
    ],
    ['a key', '--client-file key.json', {}, 'error[no-oauth-client]: key.json is an account, and no OAuth client.'],
    ['no JSON', '--client-file text.json', {}, 'error[no-oauth-client]: text.json holds no JSON object.'],
    ['no port', '--port 99999', client, 'error[bad-usage]: `--port` takes a number from 1 to 65535, not `99999`.'],
    ['two things', '--status --logout', client, 'error[bad-usage]: `--status` and `--logout` are different things to do.'],
  ])('refuses %s', async (_name, args, env, message) => {
    await using place = await createPlace()
    writeFileSync(join(place.root, 'web.json'), '{"web":{}}')
    writeFileSync(join(place.root, 'key.json'), keyJson(place.server.url))
    writeFileSync(join(place.root, 'text.json'), 'hush')
    const { exitCode, stderr, stdout } = await place.run(args, { env })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr.split('\n')[0]).toBe(message)
    expect(stderr).not.toContain('hush')
  })
})

describe('sqlflow auth google --status', () => {
  it('says whose login it is, from where, and what it may do', async () => {
    await using place = await createPlace()
    await place.run('', { env: client, onOutput: browser(() => {}) })
    const { exitCode, stdout } = await place.run('--status')
    expect(stdout).toBe(
      [
        'account   ada@field.example',
        'kind      the login of a person',
        `from      the login of \`sqlflow auth google\`, ${place.root}/${loginPath}`,
        'scopes    openid https://www.googleapis.com/auth/spreadsheets',
        'Spreadsheets that exports write to are shared with ada@field.example as Editor.',
        '',
      ].join('\n'),
    )
    expect(exitCode).toBe(0)
  })

  it('follows the project it stands in, and its target', async () => {
    await using place = await createPlace()
    writeFileSync(join(place.root, 'key.json'), keyJson(place.server.url, { client_email: 'exports@field.iam.gserviceaccount.com' }))
    const google =
      'google: { credentials: key.json }\ntargets: { prod: { type: pglite, google: { impersonate: prod@field.iam.gserviceaccount.com } } }\n'
    writeFileSync(join(place.root, 'sqlflow.yml'), `name: field\n${google}`)
    const local = await place.run('--status --json')
    expect(JSON.parse(local.stdout)).toEqual({
      account: 'exports@field.iam.gserviceaccount.com',
      from: `\`google.credentials\` of sqlflow.yml, the file ${place.root}/key.json`,
      kind: 'service_account',
      scopes: ['openid', 'https://www.googleapis.com/auth/spreadsheets'],
      mayEditSpreadsheets: true,
    })
    const prod = await place.run('--status --target prod')
    expect(prod.stdout).toContain('acts as   prod@field.iam.gserviceaccount.com\n')
  })

  it('reads the environment from .env of the project too', async () => {
    await using place = await createPlace()
    writeFileSync(join(place.root, 'key.json'), keyJson(place.server.url, { client_email: 'exports@field.iam.gserviceaccount.com' }))
    writeFileSync(join(place.root, 'sqlflow.yml'), 'name: field\n')
    writeFileSync(join(place.root, '.env'), 'GOOGLE_APPLICATION_CREDENTIALS=key.json\n')
    expect((await place.run('--status')).stdout).toContain('account   exports@field.iam.gserviceaccount.com\n')
  })

  it('says that there is none, and what to do', async () => {
    await using place = await createPlace()
    const { exitCode, stderr } = await place.run('--status')
    expect(exitCode).toBe(2)
    expect(stderr).toBe(
      'error[no-google-account]: No account for Google Sheets is set up.\n  hint: Log in by `sqlflow auth google`, or set GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account; docs/google-accounts.md shows each way.\n',
    )
  })

  it('fails where the account may not edit spreadsheets, or Google gives it no token', async () => {
    await using place = await createPlace()
    await place.run('', { env: client, onOutput: browser(() => {}) })
    place.server.answerLogin({ status: 200, json: { access_token: 't', expires_in: 3600 } }, { status: 200, json: { scope: 'openid' } })
    const unable = await place.run('--status')
    expect(unable.exitCode).toBe(1)
    expect(unable.stdout).toContain('This account may not edit spreadsheets')
    place.server.answerLogin({ status: 400, json: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } })
    const expired = await place.run('--status')
    expect(expired.exitCode).toBe(1)
    expect(expired.stderr).toContain('error[google-token-refused]: The login of ada@field.example has expired or was withdrawn.\n')
  })
})

describe('sqlflow auth google --logout', () => {
  it('takes the login away, here and at Google', async () => {
    await using place = await createPlace()
    await place.run('', { env: client, onOutput: browser(() => {}) })
    const { exitCode, stdout } = await place.run('--logout')
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'The login of ada@field.example is gone from this machine. Google has forgotten it too.\n',
    })
    expect(new URLSearchParams(place.server.logins.at(-1)!.body).get('token')).toBe('1//refresh-hush')
    expect((await place.run('--logout')).stdout).toBe('No login was kept here.\n')
    expect((await place.run('--status')).stderr).toContain('error[no-google-account]')
  })

  it('takes away also what is damaged, or what Google cannot be told of', async () => {
    await using place = await createPlace()
    mkdirSync(join(place.root, '.config/sqlflow'), { recursive: true })
    writeFileSync(join(place.root, loginPath), '{"type":"authorized_user", "refresh')
    expect((await place.run('--logout')).stdout).toBe(
      'The login is gone from this machine. Google could not be told: remove it at https://myaccount.google.com/connections.\n',
    )
  })
})

const repository = 'field/turf.data'
const described = {
  oidc: { issuerUri: 'https://token.actions.githubusercontent.com' },
  attributeCondition: `assertion.repository == '${repository}'`,
  state: 'ACTIVE',
}
const member = `principalSet://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/github/attribute.repository/${repository}`

/** A gcloud that knows what `answers` says, by the beginning of its arguments. */
function writeGcloud(folder: string, answers: Readonly<Record<string, string>>): string {
  const cases = Object.entries(answers).map(([args, text]) => `'${args}'*) cat <<'END'\n${text}\nEND\n;;`)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  const file = join(folder, 'bin', 'gcloud')
  writeFileSync(file, `#!/bin/sh\ncase "$*" in\n${cases.join('\n')}\n*) exit 1 ;;\nesac\n`)
  chmodSync(file, 0o755)
  return [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter)
}

const loggedIn = { 'auth list': 'ada@field.example', 'config get-value project': 'field-1234', 'projects describe field-1234': '123' }
const complete = {
  ...loggedIn,
  'services list': 'sheets.googleapis.com\niamcredentials.googleapis.com\nsts.googleapis.com\niam.googleapis.com',
  'iam service-accounts describe': 'sqlflow-exports@field-1234.iam.gserviceaccount.com',
  'iam workload-identity-pools describe': 'ACTIVE',
  'iam workload-identity-pools providers describe': JSON.stringify(described),
  'iam service-accounts get-iam-policy': JSON.stringify({ bindings: [{ role: 'roles/iam.workloadIdentityUser', members: [member] }] }),
}

describe('sqlflow auth google --setup', () => {
  it('prints what to run and how to look, where there is no gcloud', async () => {
    await using place = await createPlace()
    const { exitCode, stdout } = await place.run(`--setup --project-id field-1234 --project-number 123 --repository ${repository}`)
    expect(exitCode).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "Workflows of field/turf.data are to run as sqlflow-exports@field-1234.iam.gserviceaccount.com, without a key. Nothing was looked up: gcloud is not installed here (https://cloud.google.com/sdk/docs/install). Each command is followed by the one that looks.

      ? unknown  The APIs are on: sheets.googleapis.com, iamcredentials.googleapis.com, sts.googleapis.com, iam.googleapis.com
          gcloud services enable sheets.googleapis.com iamcredentials.googleapis.com sts.googleapis.com iam.googleapis.com --project=field-1234
          gcloud services list --enabled --project=field-1234 '--format=value(config.name)'
      ? unknown  The service account sqlflow-exports@field-1234.iam.gserviceaccount.com exists
          gcloud iam service-accounts create sqlflow-exports --project=field-1234 '--display-name=Exports of sqlflow'
          gcloud iam service-accounts describe sqlflow-exports@field-1234.iam.gserviceaccount.com --project=field-1234 '--format=value(email)'
      ? unknown  The pool github exists
          gcloud iam workload-identity-pools create github --project=field-1234 --location=global '--display-name=GitHub Actions'
          gcloud iam workload-identity-pools describe github --project=field-1234 --location=global '--format=value(state)'
      ? unknown  The provider repo-turf-data trusts GitHub for field/turf.data alone
          gcloud iam workload-identity-pools providers create-oidc repo-turf-data --project=field-1234 --location=global --workload-identity-pool=github --issuer-uri=https://token.actions.githubusercontent.com --attribute-mapping=google.subject=assertion.sub,attribute.repository=assertion.repository '--attribute-condition=assertion.repository == '\\''field/turf.data'\\'''
          gcloud iam workload-identity-pools providers describe repo-turf-data --project=field-1234 --location=global --workload-identity-pool=github --format=json
      ? unknown  Workflows of field/turf.data may act as the service account
          gcloud iam service-accounts add-iam-policy-binding sqlflow-exports@field-1234.iam.gserviceaccount.com --project=field-1234 --role=roles/iam.workloadIdentityUser --member=principalSet://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/github/attribute.repository/field/turf.data
          gcloud iam service-accounts get-iam-policy sqlflow-exports@field-1234.iam.gserviceaccount.com --project=field-1234 --format=json

      Run the commands in this order, then this one again. The workflow of \`sqlflow init\` then reads two variables of the repository (Settings, Secrets and variables, Actions):

          gh variable set GOOGLE_WORKLOAD_IDENTITY_PROVIDER --repo field/turf.data --body projects/123/locations/global/workloadIdentityPools/github/providers/repo-turf-data
          gh variable set GOOGLE_SERVICE_ACCOUNT --repo field/turf.data --body sqlflow-exports@field-1234.iam.gserviceaccount.com

      Another workflow needs \`permissions: id-token: write\`, and google-github-actions/auth with the two as
      \`workload_identity_provider\` and \`service_account\`.

      Share each spreadsheet with sqlflow-exports@field-1234.iam.gserviceaccount.com, as Editor.
      "
    `)
  })

  it('looks each step up by gcloud, and says which is missing', async () => {
    await using place = await createPlace()
    const { 'iam workload-identity-pools providers describe': _none, ...most } = complete
    const elsewhere = JSON.stringify({ ...described, attributeCondition: "assertion.repository_owner == 'field'" })
    const PATH = writeGcloud(place.root, { ...most, 'iam workload-identity-pools providers describe': elsewhere })
    const { exitCode, stdout } = await place.run(`--setup --project-id field-1234 --repository ${repository} --json`, { env: { PATH } })
    expect(exitCode).toBe(1)
    const plan = JSON.parse(stdout) as {
      workloadIdentityProvider: string
      serviceAccount: string
      steps: { state: string; command: string }[]
    }
    expect(plan.steps.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'other', 'ok'])
    expect(plan.steps[3]!.command).toMatch(/^gcloud iam workload-identity-pools providers update-oidc repo-turf-data /)
    expect(plan).toMatchObject({
      workloadIdentityProvider: 'projects/123/locations/global/workloadIdentityPools/github/providers/repo-turf-data',
      serviceAccount: 'sqlflow-exports@field-1234.iam.gserviceaccount.com',
    })
  })

  it('tells a step that is not there by the command that makes it', async () => {
    await using place = await createPlace()
    const { 'iam workload-identity-pools describe': _pool, ...most } = complete
    const { exitCode, stdout } = await place.run(`--setup --project-id field-1234 --repository ${repository}`, {
      env: { PATH: writeGcloud(place.root, most) },
    })
    expect(exitCode).toBe(1)
    expect(stdout).toContain(
      "✗ missing  The pool github exists\n    gcloud iam workload-identity-pools create github --project=field-1234 --location=global '--display-name=GitHub Actions'\n✓ ok  ",
    )
    expect(stdout).toContain('\nRun the commands in this order, then this one again. ')
  })

  it('ends well where all is there', async () => {
    await using place = await createPlace()
    const env = { PATH: writeGcloud(place.root, complete) }
    const { exitCode, stdout } = await place.run(`--setup --project-id field-1234 --repository ${repository}`, { env })
    expect(exitCode).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "Workflows of field/turf.data are to run as sqlflow-exports@field-1234.iam.gserviceaccount.com, without a key. Looked up by gcloud as ada@field.example.

      ✓ ok       The APIs are on: sheets.googleapis.com, iamcredentials.googleapis.com, sts.googleapis.com, iam.googleapis.com
      ✓ ok       The service account sqlflow-exports@field-1234.iam.gserviceaccount.com exists
      ✓ ok       The pool github exists
      ✓ ok       The provider repo-turf-data trusts GitHub for field/turf.data alone
      ✓ ok       Workflows of field/turf.data may act as the service account

      All is there. The workflow of \`sqlflow init\` then reads two variables of the repository (Settings, Secrets and variables, Actions):

          gh variable set GOOGLE_WORKLOAD_IDENTITY_PROVIDER --repo field/turf.data --body projects/123/locations/global/workloadIdentityPools/github/providers/repo-turf-data
          gh variable set GOOGLE_SERVICE_ACCOUNT --repo field/turf.data --body sqlflow-exports@field-1234.iam.gserviceaccount.com

      Another workflow needs \`permissions: id-token: write\`, and google-github-actions/auth with the two as
      \`workload_identity_provider\` and \`service_account\`.

      Share each spreadsheet with sqlflow-exports@field-1234.iam.gserviceaccount.com, as Editor.
      "
    `)
  })

  it('lists the spreadsheets that the project writes to and reads', async () => {
    await using place = await createPlace()
    mkdirSync(join(place.root, 'exports'))
    writeFileSync(join(place.root, 'sqlflow.yml'), 'name: field\n')
    const to = (spreadsheet: string): string =>
      `query: select 1 as n\nto: { google_sheets: { spreadsheet: "${spreadsheet}", tab: Turf } }\n`
    writeFileSync(join(place.root, 'exports/turf.yml'), to('https://docs.google.com/spreadsheets/d/1AbCdEfGhIj/edit#gid=0'))
    writeFileSync(join(place.root, 'exports/shifts.yml'), to('1AbCdEfGhIj'))
    mkdirSync(join(place.root, 'models'))
    writeFileSync(
      join(place.root, 'models/sheets.yml'),
      'sources: { field: { tables: { captains: { google_sheet: { spreadsheet: 1KlMnOpQrSt } } } } }\n',
    )
    const env = { PATH: writeGcloud(place.root, complete) }
    const { stdout } = await place.run(`--setup --project-id field-1234 --repository ${repository}`, { env })
    expect(stdout).toContain(
      'Share these spreadsheets with sqlflow-exports@field-1234.iam.gserviceaccount.com, as Editor:\n\n    https://docs.google.com/spreadsheets/d/1AbCdEfGhIj\n    https://docs.google.com/spreadsheets/d/1KlMnOpQrSt\n',
    )
    expect(stdout.split('1AbCdEfGhIj').length).toBe(2)
  })

  it('asks for what is not given, and suggests what gcloud and git know', async () => {
    await using place = await createPlace()
    const asked: (readonly [string, string | undefined])[] = []
    const text = async (message: string, suggested?: string): Promise<string | undefined> => {
      asked.push([message, suggested])
      return suggested ?? repository
    }
    const { exitCode } = await place.run('--setup', { env: { PATH: writeGcloud(place.root, complete) }, prompts: { text } })
    expect(exitCode).toBe(0)
    expect(asked).toEqual([
      ['Id of the Google Cloud project', 'field-1234'],
      ['Repository on GitHub, as owner/name', undefined],
    ])
    expect((await place.run('--setup', { prompts: {} })).exitCode).toBe(130)
  })

  it.each([
    ['--setup', '`--setup` needs --project-id, --project-number, --repository where nobody can be asked.'],
    [
      '--setup --project-id Field --project-number 1 --repository a/b',
      '`Field` cannot be right: the id of a project is 6 to 30 small letters, digits and hyphens.',
    ],
    ['--setup --project-id field-1234 --project-number 1 --repository turf', '`turf` cannot be right: a repository is written owner/name.'],
  ])('refuses %s', async (args, message) => {
    await using place = await createPlace()
    const { exitCode, stderr } = await place.run(args)
    expect({ exitCode, first: stderr.split('\n')[0] }).toEqual({ exitCode: 2, first: `error[bad-usage]: ${message}` })
  })
})
