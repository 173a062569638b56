import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { InitOptions, InitWarehouse } from '../../src/cli/init-files/init-file.ts'
import { initFiles } from '../../src/cli/init-files/init-files.ts'
import { workflowFiles } from '../../src/cli/init-files/workflow-files.ts'
import { workflowMistakes } from '../support/check-workflow.ts'
import { createTemporaryFolder } from '../support/databases.ts'
import { startSheets } from '../support/sheets.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** What workflows depend on. */
type Kind = Pick<InitOptions, 'warehouse' | 'login'>

const kinds: readonly (readonly [name: string, kind: Kind])[] = [
  ['pglite', { warehouse: 'pglite' }],
  ['postgres', { warehouse: 'postgres' }],
  ['redshift, by a password', { warehouse: 'redshift' }],
  ['redshift, by IAM', { warehouse: 'redshift', login: { iam: { cluster: 'field-prod', region: 'us-east-1' }, database: 'field' } }],
]

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>
  readonly on: { readonly schedule?: readonly { readonly cron: string }[] }
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>
}

interface Step {
  readonly name?: string
  readonly run?: string
  readonly uses?: string
  readonly if?: string
  readonly env?: Readonly<Record<string, string>>
}

function production(kind: Kind): Workflow {
  return parse(workflowFiles(kind).find(({ path }) => path.endsWith('sqlflow-production.yml'))!.text)
}

function stepsOf(workflow: Workflow): readonly Step[] {
  return Object.values(workflow.jobs).flatMap(({ steps }) => steps)
}

describe.each(kinds)('the workflows of a project on %s', (_name, kind) => {
  it('are what GitHub takes', async () => {
    for (const { path, text } of workflowFiles(kind)) expect(await workflowMistakes(path, text)).toEqual([])
  })

  it('hand what people type to the shell as variables, never as text of a script', () => {
    for (const { text } of workflowFiles(kind)) {
      for (const { run } of stepsOf(parse(text))) expect(run ?? '').not.toContain('${{')
    }
  })

  it('log in to Google without a key, where the repository says whom Google trusts', () => {
    const workflow = production(kind)
    expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(stepsOf(workflow).find(({ uses }) => uses?.startsWith('google-github-actions/auth@'))).toMatchObject({
      if: "vars.GOOGLE_WORKLOAD_IDENTITY_PROVIDER != ''",
    })
    for (const { cron } of workflow.on.schedule ?? []) expect(cron.split(' ')[0]).not.toBe('0')
  })
})

it('of who logs in by IAM take on a role of AWS before anything connects, and need no secret', () => {
  const [, kind] = kinds[3]!
  for (const { text } of workflowFiles(kind)) {
    const workflow: Workflow = parse(text)
    expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(text).not.toContain('DATABASE_URL')
    for (const { steps } of Object.values(workflow.jobs)) {
      const logsIn = steps.findIndex(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@'))
      expect(steps[logsIn]).toMatchObject({ with: { 'role-to-assume': '${{ vars.AWS_ROLE }}', 'aws-region': 'us-east-1' } })
      expect(steps.findIndex(({ run }) => run?.includes('npx sqlflow'))).toBeGreaterThan(logsIn)
    }
  }
})

it('checks workflows by what GitHub takes, which is less than everything', async () => {
  const [file] = workflowFiles({ warehouse: 'pglite' })
  expect(await workflowMistakes('a.yml', file!.text.replace('runs-on', 'runs-at'))).toEqual([
    "a.yml (Line: 12, Col: 5): Unexpected value 'runs-at'",
    'a.yml (Line: 12, Col: 5): Required property is missing: runs-on',
  ])
})

interface StepResult {
  readonly exitCode: number | null
  readonly output: string
}

interface NewProject extends AsyncDisposable {
  readonly path: string
  readonly write: (path: string, text: string) => void
  /** Runs the step `Build and export` of the workflow that a project on `warehouse` has, by the shell that GitHub runs it with. */
  readonly runStep: (warehouse: InitWarehouse, env: Readonly<Record<string, string>>) => Promise<StepResult>
}

/** A project that init wrote, on the embedded Postgres; `npx` leads to the code of this repository. */
async function createNewProject(): Promise<NewProject> {
  const folder = await createTemporaryFolder()
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true })
    writeFileSync(join(folder.path, path), text)
  }
  for (const { path, text } of initFiles({ name: 'field', version: '1.0.0', warehouse: 'pglite', hasPackageJson: false })) write(path, text)
  const bin = join(folder.path, 'node_modules', '.bin')
  write('node_modules/.bin/npx', `#!/bin/sh\nshift\nexec "${process.execPath}" "${main}" "$@"\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  return {
    path: folder.path,
    write,
    runStep: (warehouse, env) => {
      write('step.sh', stepsOf(production({ warehouse })).find(({ name }) => name === 'Build and export')!.run!)
      return runShell(folder.path, {
        PATH: `${bin}${delimiter}${process.env['PATH']}`,
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: join(folder.path, 'summary.md'),
        GITHUB_RUN_ID: '4821',
        SQLFLOW_TARGET: 'live',
        SQLFLOW_FAILURE_WEBHOOK: '', // as GitHub gives a secret that is not set
        ...env,
      })
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

async function runShell(cwd: string, env: Readonly<Record<string, string>>): Promise<StepResult> {
  const child = spawn('bash', ['-e', 'step.sh'], { cwd, env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const exitCode = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  return { exitCode, output }
}

describe('the step of production', () => {
  it('builds everything and writes the exports in the morning', async () => {
    await using project = await createNewProject()
    const { exitCode, output } = await project.runStep('pglite', { GITHUB_EVENT_NAME: 'schedule', EXPORTS: '' })
    expect(output).toContain('6 rows')
    expect(exitCode).toBe(0)
    expect(existsSync(join(project.path, 'call_list.csv'))).toBe(true)
    expect(existsSync(join(project.path, 'target', 'junit.xml'))).toBe(true)
    expect(readFileSync(join(project.path, 'summary.md'), 'utf8')).toContain('Run `github-4821`.')
  })

  it('builds what is merged, and leaves exports to their time', async () => {
    await using project = await createNewProject()
    const { exitCode, output } = await project.runStep('postgres', { GITHUB_EVENT_NAME: 'push', EXPORTS: '', FULL_REFRESH: '' })
    expect(output).toContain('marts.call_list')
    expect(exitCode).toBe(0)
    expect(existsSync(join(project.path, 'call_list.csv'))).toBe(false)
  })

  it('writes the exports that somebody names, with all that they are made from', async () => {
    await using project = await createNewProject()
    const env = { GITHUB_EVENT_NAME: 'workflow_dispatch', EXPORTS: 'call_list_csv, signups', FULL_REFRESH: 'true' }
    const { exitCode, output } = await project.runStep('postgres', env)
    expect(output).toContain('staging.stg_supporters')
    expect(exitCode).toBe(0)
    expect(existsSync(join(project.path, 'call_list.csv'))).toBe(true)
  })

  it('adds no row twice when the run is run again, on a machine that remembers nothing, and adds the next one', async () => {
    await using project = await createNewProject()
    await using sheets = await startSheets()
    const sharedWith = [sheets.emulator.serviceAccount().client_email]
    sheets.emulator.createSpreadsheet({ id: 'call-counts-1', title: 'Calls', tabs: ['Counts'], sharedWith })
    project.write(
      'exports/call_counts.yml',
      "query: select count(*) as people from {{ref 'call_list'}}\nto:\n  google_sheets: { spreadsheet: call-counts-1, tab: Counts, mode: append }\n",
    )
    const run = async (id: string): Promise<unknown> => {
      rmSync(join(project.path, '.sqlflow'), { recursive: true, force: true })
      const env = { ...sheets.env, GITHUB_EVENT_NAME: 'schedule', EXPORTS: 'call_counts', GITHUB_RUN_ID: id }
      const { exitCode, output } = await project.runStep('pglite', env)
      if (exitCode !== 0) throw new Error(output)
      return sheets.emulator.values('call-counts-1', 'Counts')
    }
    expect(await run('1')).toEqual([['people'], [6]])
    expect(await run('1')).toEqual([['people'], [6]])
    expect(await run('2')).toEqual([['people'], [6], [6]])
    const summary = readFileSync(join(project.path, 'summary.md'), 'utf8')
    expect(summary).toContain('| ✓ success | seed | supporters | `seed` | 8 |')
    expect(summary).toContain(`| [Calls › Counts](${sheets.emulator.url}spreadsheets/d/call-counts-1/`)
  })

  it.each(['no_such_list', '--project-dir=/tmp', '$(touch pwned)', '`touch pwned`', '"; touch pwned; "'])(
    'says so when nothing is called %s, and runs nothing of it',
    async (typed) => {
      await using project = await createNewProject()
      const env = { GITHUB_EVENT_NAME: 'workflow_dispatch', EXPORTS: typed, FULL_REFRESH: 'false' }
      expect((await project.runStep('postgres', env)).exitCode).toBe(2)
      expect(existsSync(join(project.path, 'pwned'))).toBe(false)
    },
  )
})
