import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { InitWarehouse } from '../../src/cli/init-files/init-file.ts'
import { initFiles } from '../../src/cli/init-files/init-files.ts'
import { workflowFiles } from '../../src/cli/init-files/workflow-files.ts'
import { workflowMistakes } from '../support/check-workflow.ts'
import { createTemporaryFolder } from '../support/databases.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const both: readonly InitWarehouse[] = ['pglite', 'postgres']

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

function production(warehouse: InitWarehouse): Workflow {
  return parse(workflowFiles(warehouse).find(({ path }) => path.endsWith('sqlflow-production.yml'))!.text)
}

function stepsOf(workflow: Workflow): readonly Step[] {
  return Object.values(workflow.jobs).flatMap(({ steps }) => steps)
}

describe.each(both)('the workflows of a project on %s', (warehouse) => {
  it('are what GitHub takes', async () => {
    for (const { path, text } of workflowFiles(warehouse)) expect(await workflowMistakes(path, text)).toEqual([])
  })

  it('hand what people type to the shell as variables, never as text of a script', () => {
    for (const { text } of workflowFiles(warehouse)) {
      for (const { run } of stepsOf(parse(text))) expect(run ?? '').not.toContain('${{')
    }
  })

  it('log in to Google without a key, where the repository says whom Google trusts', () => {
    const workflow = production(warehouse)
    expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(stepsOf(workflow).find(({ uses }) => uses?.startsWith('google-github-actions/auth@'))).toMatchObject({
      if: "vars.GOOGLE_WORKLOAD_IDENTITY_PROVIDER != ''",
    })
    for (const { cron } of workflow.on.schedule ?? []) expect(cron.split(' ')[0]).not.toBe('0')
  })
})

it('checks workflows by what GitHub takes, which is less than everything', async () => {
  const [file] = workflowFiles('pglite')
  expect(await workflowMistakes('a.yml', file!.text.replace('runs-on', 'runs-at'))).toEqual([
    "a.yml (Line: 12, Col: 5): Unexpected value 'runs-at'",
    'a.yml (Line: 12, Col: 5): Required property is missing: runs-on',
  ])
})

interface StepResult {
  readonly exitCode: number | null
  readonly output: string
}

/** The step `Build and export` by the shell that GitHub runs it with; `npx` leads to the code of this repository. */
async function runStep(
  warehouse: InitWarehouse,
  env: Readonly<Record<string, string>>,
  look: (folder: string, result: StepResult) => void,
): Promise<void> {
  await using folder = await createTemporaryFolder()
  for (const { path, text } of initFiles({ name: 'field', version: '1.0.0', warehouse: 'pglite', hasPackageJson: false })) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true })
    writeFileSync(join(folder.path, path), text)
  }
  const bin = join(folder.path, 'node_modules', '.bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${main}" "$@"\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  const step = stepsOf(production(warehouse)).find(({ name }) => name === 'Build and export')!
  const script = join(folder.path, 'step.sh')
  writeFileSync(script, step.run!)
  const { status, stdout, stderr } = spawnSync('bash', ['-e', script], {
    cwd: folder.path,
    encoding: 'utf8',
    env: {
      PATH: `${bin}${delimiter}${process.env['PATH']}`,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: join(folder.path, 'summary.md'),
      GITHUB_RUN_ID: '4821',
      SQLFLOW_TARGET: 'live',
      SQLFLOW_FAILURE_WEBHOOK: '', // as GitHub gives a secret that is not set
      ...env,
    },
  })
  look(folder.path, { exitCode: status, output: stdout + stderr })
}

describe('the step of production', () => {
  it('builds everything and writes the exports in the morning', async () => {
    await runStep('pglite', { GITHUB_EVENT_NAME: 'schedule', EXPORTS: '' }, (folder, { exitCode, output }) => {
      expect(output).toContain('6 rows')
      expect(exitCode).toBe(0)
      expect(existsSync(join(folder, 'call_list.csv'))).toBe(true)
      expect(existsSync(join(folder, 'target', 'junit.xml'))).toBe(true)
      expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('Run `github-4821`.')
    })
  })

  it('builds what is merged, and leaves exports to their time', async () => {
    await runStep('postgres', { GITHUB_EVENT_NAME: 'push', EXPORTS: '', FULL_REFRESH: '' }, (folder, { exitCode, output }) => {
      expect(output).toContain('marts.call_list')
      expect(exitCode).toBe(0)
      expect(existsSync(join(folder, 'call_list.csv'))).toBe(false)
    })
  })

  it('writes the exports that somebody names, with all that they are made from', async () => {
    const env = { GITHUB_EVENT_NAME: 'workflow_dispatch', EXPORTS: 'call_list_csv, signups', FULL_REFRESH: 'true' }
    await runStep('postgres', env, (folder, { exitCode, output }) => {
      expect(output).toContain('staging.stg_supporters')
      expect(exitCode).toBe(0)
      expect(existsSync(join(folder, 'call_list.csv'))).toBe(true)
    })
  })

  it.each(['no_such_list', '--project-dir=/tmp', '$(touch pwned)', '`touch pwned`', '"; touch pwned; "'])(
    'says so when nothing is called %s, and runs nothing of it',
    async (typed) => {
      await runStep('postgres', { GITHUB_EVENT_NAME: 'workflow_dispatch', EXPORTS: typed, FULL_REFRESH: 'false' }, (folder, result) => {
        expect(existsSync(join(folder, 'pwned'))).toBe(false)
        expect(result.exitCode).toBe(2)
      })
    },
  )
})
