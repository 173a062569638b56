/**
 * `sqlflow auth google --setup`: asks what is not given, looks what is there where gcloud is, and prints the commands for the rest. It changes
 * nothing: who may act as an account is decided by the person who runs the commands.
 */
import { execFile } from 'node:child_process'
import { SqlflowError } from '../core/errors.ts'
import { isSheetExport } from '../exports/export-kinds.ts'
import { findProjectRoot } from '../project/find-project.ts'
import { findRemoteUrl } from '../project/git.ts'
import { parseSpreadsheet, placeholdersIn } from '../project/spreadsheet-id.ts'
import { flagOption, textOption, type CommandInput, type Options } from './command.ts'
import { gcloudLine, planFederation, type FederationPlace, type FederationPlan, type FederationStep } from './federation-steps.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle, loadOnly } from './open-project.ts'
import type { Style } from './style.ts'

/** `other`: it is there, and not as it has to be. */
type StepState = 'ok' | 'missing' | 'other' | 'unknown'

export async function setUpFederation(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const { options } = input
  const gcloud = await findGcloud(io)
  const place = await askPlace(io, options, gcloud)
  if (place === undefined) return 130
  const plan = planFederation(place)
  const states = await checkSteps(plan.steps, gcloud, io.signal)
  const shares = await spreadsheetsHere(io, input)
  if (flagOption(options, 'json')) io.stdout.write(`${JSON.stringify({ ...planAsJson(plan, states), spreadsheets: shares })}\n`)
  else io.stdout.write(`${tellPlan(place, plan, states, gcloud, commandStyle(io, options).out)}${tellShares(shares, plan)}`)
  return isComplete(states) || !gcloud.run ? 0 : 1
}

function isComplete(states: readonly StepState[]): boolean {
  return states.every((state) => state === 'ok')
}

/** What it prints; undefined where it failed. */
type Gcloud = (args: readonly string[]) => Promise<string | undefined>

type FoundGcloud = { readonly run: Gcloud; readonly account: string } | { readonly run: undefined; readonly why: string }

async function findGcloud(io: CliIo): Promise<FoundGcloud> {
  const run: Gcloud = (args) =>
    new Promise((resolve) => {
      const how = { env: io.env, signal: io.signal, shell: process.platform === 'win32', timeout: 60_000, maxBuffer: 16 * 1024 * 1024 }
      execFile('gcloud', [...args, '--quiet'], how, (error, stdout) => resolve(error ? undefined : stdout))
    })
  const accounts = await run(['auth', 'list', '--filter=status:ACTIVE', '--format=value(account)'])
  io.signal.throwIfAborted()
  if (accounts === undefined) return { run: undefined, why: 'gcloud is not installed here (https://cloud.google.com/sdk/docs/install)' }
  const account = accounts.trim()
  return account === '' ? { run: undefined, why: 'gcloud is logged in as nobody (gcloud auth login)' } : { run, account }
}

async function askPlace(io: CliIo, options: Options, gcloud: FoundGcloud): Promise<FederationPlace | undefined> {
  refuseMissing(io, options, gcloud)
  const ask = async (name: string, message: string, suggested?: string): Promise<string | undefined> =>
    textOption(options, name) ?? (await io.prompts?.text(message, suggested))?.trim()
  const projectId = await ask('projectId', 'Id of the Google Cloud project', await ownProject(gcloud))
  if (projectId === undefined) return undefined
  const known = textOption(options, 'projectNumber') === undefined ? await numberOf(projectId, gcloud) : undefined
  const projectNumber = known ?? (await ask('projectNumber', 'Its number (on its page at https://console.cloud.google.com)'))
  if (projectNumber === undefined) return undefined
  const repository = await ask('repository', 'Repository on GitHub, as owner/name', repositoryHere(io))
  if (repository === undefined) return undefined
  const place = {
    projectId,
    projectNumber,
    repository,
    pool: textOption(options, 'pool') ?? 'github',
    serviceAccount: textOption(options, 'serviceAccount') ?? 'sqlflow-exports',
  }
  checkPlace(place)
  return place
}

/** Where nobody can answer, all has to be given. */
function refuseMissing(io: CliIo, options: Options, gcloud: FoundGcloud): void {
  if (io.prompts) return
  const needed = [
    ['projectId', '--project-id'],
    ...(gcloud.run ? [] : [['projectNumber', '--project-number'] as const]),
    ['repository', '--repository'],
  ] as const
  const missing = needed.filter(([name]) => textOption(options, name) === undefined).map(([, flag]) => flag)
  if (missing.length === 0) return
  throw new SqlflowError('bad-usage', `\`--setup\` needs ${missing.join(', ')} where nobody can be asked.`, {
    hint: 'For example: sqlflow auth google --setup --project-id field-1234 --project-number 123456789 --repository field/analytics',
  })
}

const forms: Readonly<Record<keyof FederationPlace, readonly [RegExp, string]>> = {
  projectId: [/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'the id of a project is 6 to 30 small letters, digits and hyphens'],
  projectNumber: [/^\d+$/, 'the number of a project is digits alone'],
  repository: [/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, 'a repository is written owner/name'],
  pool: [/^[a-z][a-z0-9-]{2,30}[a-z0-9]$/, 'the name of a pool is 4 to 32 small letters, digits and hyphens'],
  serviceAccount: [/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'the name of a service account is 6 to 30 small letters, digits and hyphens'],
}

function checkPlace(place: FederationPlace): void {
  const wrong = (Object.keys(forms) as (keyof FederationPlace)[]).find((key) => !forms[key][0].test(place[key]))
  if (wrong === undefined) return
  throw new SqlflowError('bad-usage', `\`${place[wrong]}\` cannot be right: ${forms[wrong][1]}.`)
}

async function ownProject(gcloud: FoundGcloud): Promise<string | undefined> {
  const found = (await gcloud.run?.(['config', 'get-value', 'project']))?.trim()
  return found === '' || found === '(unset)' ? undefined : found
}

async function numberOf(projectId: string, gcloud: FoundGcloud): Promise<string | undefined> {
  const found = (await gcloud.run?.(['projects', 'describe', projectId, '--format=value(projectNumber)']))?.trim()
  return found === '' ? undefined : found
}

/** `git@github.com:field/analytics.git`, `https://github.com/field/analytics`. */
function repositoryHere(io: CliIo): string | undefined {
  return /github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(findRemoteUrl(io.cwd) ?? '')?.[1]
}

async function checkSteps(steps: readonly FederationStep[], gcloud: FoundGcloud, signal: AbortSignal): Promise<readonly StepState[]> {
  const { run } = gcloud
  if (!run) return steps.map(() => 'unknown')
  const printed = await Promise.all(steps.map((step) => run(step.check)))
  signal.throwIfAborted()
  return steps.map((step, index) => {
    const text = printed[index] ?? ''
    if (step.isDone(text)) return 'ok'
    return text.trim() !== '' && step.repair ? 'other' : 'missing'
  })
}

function commandFor({ command, repair = command }: FederationStep, state: StepState): string {
  return gcloudLine(state === 'other' ? repair : command)
}

function planAsJson({ steps, workloadIdentityProvider, serviceAccount }: FederationPlan, states: readonly StepState[]): object {
  const asJson = (step: FederationStep, index: number): object => {
    const state = states[index]!
    return { name: step.name, state, command: commandFor(step, state), check: gcloudLine(step.check) }
  }
  return { workloadIdentityProvider, serviceAccount, steps: steps.map(asJson) }
}

function tellPlan(place: FederationPlace, plan: FederationPlan, states: readonly StepState[], gcloud: FoundGcloud, style: Style): string {
  const { steps, workloadIdentityProvider, serviceAccount } = plan
  const marks = {
    ok: style('green', '✓ ok     '),
    missing: style('red', '✗ missing'),
    other: style('red', '✗ other  '),
    unknown: style('yellow', '? unknown'),
  }
  const looked = gcloud.run
    ? `Looked up by gcloud as ${gcloud.account}.`
    : `Nothing was looked up: ${gcloud.why}. Each command is followed by the one that looks.`
  const lines = steps.flatMap((step, index) => {
    const state = states[index]!
    const commands = state === 'ok' ? [] : [`    ${commandFor(step, state)}`]
    const looking = state === 'unknown' ? [style('dim', `    ${gcloudLine(step.check)}`)] : []
    return [`${marks[state]}  ${step.name}`, ...commands, ...looking]
  })
  const advice = isComplete(states) ? 'All is there.' : 'Run the commands in this order, then this one again.'
  return `${[
    `Workflows of ${place.repository} are to run as ${serviceAccount}, without a key. ${looked}`,
    '',
    ...lines,
    '',
    `${advice} The workflow of \`sqlflow init\` then reads two variables of the repository (Settings, Secrets and variables, Actions):`,
    '',
    `    gh variable set GOOGLE_WORKLOAD_IDENTITY_PROVIDER --repo ${place.repository} --body ${workloadIdentityProvider}`,
    `    gh variable set GOOGLE_SERVICE_ACCOUNT --repo ${place.repository} --body ${serviceAccount}`,
    '',
    'Another workflow needs `permissions: id-token: write`, and google-github-actions/auth with the two as',
    '`workload_identity_provider` and `service_account`.',
    '',
  ].join('\n')}\n`
}

function tellShares(spreadsheets: readonly string[], { serviceAccount }: FederationPlan): string {
  if (spreadsheets.length === 0) return `Share each spreadsheet with ${serviceAccount}, as Editor.\n`
  return `Share these spreadsheets with ${serviceAccount}, as Editor:\n\n${spreadsheets.map((one) => `    ${one}\n`).join('')}`
}

/** Addresses of those that the project here writes to and reads, whatever else may be amiss in it. */
async function spreadsheetsHere(io: CliIo, input: CommandInput): Promise<readonly string[]> {
  if (findProjectRoot(io.cwd) === undefined) return []
  const { loaded } = await loadOnly(io, input)
  const written = (loaded.project?.exports ?? []).filter(isSheetExport).map(({ destination }) => destination.spreadsheet)
  const read = (loaded.project?.sources ?? []).flatMap(({ googleSheet }) => googleSheet?.spreadsheet ?? [])
  const ids = [...written, ...read].flatMap((one) => parseSpreadsheet(one)?.id ?? [])
  const named = [...new Set(ids)].map((id) => `https://docs.google.com/spreadsheets/d/${id}`)
  return [...named, ...new Set(written.filter((one) => placeholdersIn(one).length > 0))]
}
