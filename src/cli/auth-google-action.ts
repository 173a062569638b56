/** `sqlflow auth google`: logging in, looking who it is, logging out. Setting up federation is a walk of its own. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { createMask } from '../core/mask.ts'
import { loginFile } from '../exports/destinations/google-sheets/account-files.ts'
import { accountOfProject } from '../exports/destinations/google-sheets/account-of-project.ts'
import {
  findGoogleAccount,
  noGoogleAccount,
  secretsOfAccount,
  type GoogleAccount,
} from '../exports/destinations/google-sheets/find-account.ts'
import { googleEndpoints } from '../exports/destinations/google-sheets/google-endpoints.ts'
import { readOAuthClient, type GivenClient } from '../exports/destinations/google-sheets/oauth-client.ts'
import { readEnvFile } from '../project/environment.ts'
import { findProjectRoot } from '../project/find-project.ts'
import { flagOption, textOption, type CommandInput, type Options } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { openProject } from './open-project.ts'

export async function authGoogle(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const { options } = input
  const asked = (['status', 'logout', 'setup'] as const).filter((name) => flagOption(options, name))
  if (asked.length > 1)
    throw new SqlflowError('bad-usage', `\`--${asked.join('` and `--')}\` are different things to do.`, { hint: 'Give one of them.' })
  try {
    return await runAsked(io, input, asked[0])
  } catch (error) {
    if (io.signal.aborted) return 130
    throw error
  }
}

async function runAsked(io: CliIo, input: CommandInput, asked: 'status' | 'logout' | 'setup' | undefined): Promise<ExitCode> {
  if (asked === 'status') return showStatus(io, input)
  if (asked === 'logout') return logOut(io, input.options)
  if (asked === 'setup') return (await import('./federation-action.ts')).setUpFederation(io, input)
  return logInPerson(io, input.options)
}

interface Machine {
  readonly env: CliIo['env']
  readonly home: string
}

/** `.env` of the project here stands in for what the process does not set. */
function machineOf(io: CliIo): Machine {
  const root = findProjectRoot(io.cwd)
  const env = root === undefined ? io.env : { ...readEnvFile(root), ...io.env }
  return { env, home: env['HOME'] ?? homedir() }
}

async function logInPerson(io: CliIo, options: Options): Promise<ExitCode> {
  const machine = machineOf(io)
  const client = readOAuthClient(givenClient(io, machine, options), googleEndpoints(machine.env['SQLFLOW_SHEETS_ENDPOINT']))
  io.mask = createMask([client.secret])
  const { logIn } = await import('../exports/destinations/google-sheets/log-in.ts')
  const { keepLogin } = await import('../exports/destinations/google-sheets/kept-login.ts')
  const onAddress = (address: string, port: number): void => offerAddress(io, options, address, port)
  const login = await logIn({ client, port: portOf(options), signal: io.signal, onAddress })
  const file = loginFile(machine)
  keepLogin(file, client, login)
  const { email: account, scopes } = login
  if (flagOption(options, 'json')) io.stdout.write(`${JSON.stringify({ account, file, scopes })}\n`)
  else
    io.stdout.write(
      `Logged in as ${account ?? 'a person whose address Google did not tell'}. The login is kept in ${file}; \`sqlflow auth google --logout\` takes it away.\n`,
    )
  warnOfOthers(io, machine)
  return 0
}

function givenClient(io: CliIo, { env }: Machine, options: Options): GivenClient {
  const name = textOption(options, 'clientFile')
  const { SQLFLOW_GOOGLE_CLIENT_ID: id, SQLFLOW_GOOGLE_CLIENT_SECRET: secret } = env
  return name === undefined ? { id, secret } : { file: { name, text: readClient(resolve(io.cwd, name), name) } }
}

function readClient(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new SqlflowError('unreadable-file', `The file ${name} cannot be read.`, { hint: 'Check its name and its permissions.', cause })
  }
}

function portOf(options: Options): number {
  const given = textOption(options, 'port')
  if (given === undefined) return 0
  const port = Number(given)
  if (/^\d+$/.test(given) && port >= 1 && port <= 65535) return port
  throw new SqlflowError('bad-usage', `\`--port\` takes a number from 1 to 65535, not \`${given}\`.`)
}

function offerAddress(io: CliIo, options: Options, address: string, port: number): void {
  io.stderr.write(`Open this address in your browser, and log in:\n\n  ${address}\n\n`)
  if (io.stderr.isTerminal) {
    io.stderr.write(`Is your browser on another machine? There, first: ssh -L ${port}:127.0.0.1:${port} THIS-MACHINE\n`)
  }
  if (io.prompts && options['browser'] !== false) void openBrowser(address)
}

/** Where it cannot be opened, the address is printed already. */
async function openBrowser(address: string): Promise<void> {
  const { spawn } = await import('node:child_process')
  const command = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open'
  spawn(command, [address], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

/** What comes before the login in the order of accounts hides it. */
function warnOfOthers(io: CliIo, { env }: Machine): void {
  const hiding = ['SQLFLOW_GOOGLE_CREDENTIALS', 'GOOGLE_APPLICATION_CREDENTIALS'].find((name) => (env[name] ?? '') !== '')
  if (hiding !== undefined)
    io.stderr.write(`${hiding} is set, and comes before this login: unset it where you want to export as yourself.\n`)
}

async function showStatus(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const account = await findAccount(io, input)
  if (!account) throw noGoogleAccount()
  const unmasked = io.mask
  const mask = createMask(secretsOfAccount(account))
  io.mask = (text) => mask(unmasked(text))
  const { inspectAccount } = await import('../exports/destinations/google-sheets/inspect-account.ts')
  const tellRetry = (reason: string): void => io.stderr.write(`${reason}\n`)
  const { email, scopes, mayEditSpreadsheets } = await inspectAccount(account, {
    endpoint: machineOf(io).env['SQLFLOW_SHEETS_ENDPOINT'],
    signal: io.signal,
    onWait: tellRetry,
    onRetry: tellRetry,
  })
  const { type: kind } = account.credentials
  if (flagOption(input.options, 'json'))
    io.stdout.write(`${JSON.stringify({ account: email, from: account.from, kind, scopes, mayEditSpreadsheets })}\n`)
  else io.stdout.write(statusText(account, email, scopes, mayEditSpreadsheets))
  return mayEditSpreadsheets ? 0 : 1
}

/** Of the project here, where there is one; else of the machine alone. */
async function findAccount(io: CliIo, input: CommandInput): Promise<GoogleAccount | undefined> {
  const isNamed = textOption(input.options, 'projectDir') !== undefined || (io.env['SQLFLOW_PROJECT_DIR'] ?? '') !== ''
  if (isNamed || findProjectRoot(io.cwd) !== undefined) return accountOfProject((await openProject(io, input)).project, io.env)
  return findGoogleAccount({ settings: {}, ...machineOf(io), root: io.cwd, readFile: (path) => readFileSync(path, 'utf8') })
}

const kinds: Readonly<Record<GoogleAccount['credentials']['type'], string>> = {
  service_account: 'the key of a service account',
  authorized_user: 'the login of a person',
  external_account: 'federation, without a key',
  impersonated_service_account: 'a service account that a login acts as',
  metadata: 'the account of this machine',
}

function statusText(
  { credentials, from, impersonate, subject }: GoogleAccount,
  email: string,
  scopes: readonly string[],
  mayEdit: boolean,
): string {
  const line = (name: string, value: string): string => `${name.padEnd(9)} ${value}\n`
  const acting = impersonate === undefined ? '' : line('acts as', impersonate)
  const delegated = subject === undefined ? '' : line('acts for', subject)
  const advice = mayEdit
    ? `Spreadsheets that exports write to are shared with ${email} as Editor.\n`
    : 'This account may not edit spreadsheets: log in again by `sqlflow auth google`, or give gcloud the scope (docs/google-accounts.md).\n'
  return `${line('account', email)}${line('kind', kinds[credentials.type])}${line('from', from)}${acting}${delegated}${line('scopes', scopes.length === 0 ? 'none that Google tells' : scopes.join(' '))}${advice}`
}

async function logOut(io: CliIo, options: Options): Promise<ExitCode> {
  const { forgetLogin } = await import('../exports/destinations/google-sheets/kept-login.ts')
  const machine = machineOf(io)
  const file = loginFile(machine)
  const forgotten = await forgetLogin(file, googleEndpoints(machine.env['SQLFLOW_SHEETS_ENDPOINT']))
  const { email: account, revoked = false } = forgotten ?? {}
  if (flagOption(options, 'json')) io.stdout.write(`${JSON.stringify({ account, file, loggedOut: forgotten !== undefined, revoked })}\n`)
  else io.stdout.write(logOutText(account, forgotten !== undefined, revoked))
  return 0
}

function logOutText(account: string | undefined, wasKept: boolean, revoked: boolean): string {
  if (!wasKept) return 'No login was kept here.\n'
  const who = account === undefined ? 'The login' : `The login of ${account}`
  const atGoogle = revoked
    ? ' Google has forgotten it too.'
    : ' Google could not be told: remove it at https://myaccount.google.com/connections.'
  return `${who} is gone from this machine.${atGoogle}\n`
}
