import { describe, expect, it } from 'vitest'
import { createProject, eventsOf, type CommandOptions } from '../../support/cli.ts'

describe('what exports know a run by', () => {
  it('is the flag, else SQLFLOW_RUN_ID, else the run of GitHub Actions, else the id of the run', async () => {
    await using project = await createProject('pglite', { files: {} })
    const deliveryOf = async (args: readonly string[], env: NonNullable<CommandOptions['env']>): Promise<unknown> => {
      const { stdout } = await project.run(['build', '--json', ...args], { env })
      const started = eventsOf(stdout).find((event) => event.type === 'run-started')
      expect(JSON.parse(project.read('target/dev/run_results.json')!)).toMatchObject({ delivery: started?.delivery, run: started?.run })
      return started?.delivery === started?.run ? 'the id of the run' : started?.delivery
    }
    const onGithub = { GITHUB_RUN_ID: '11830254120', GITHUB_RUN_ATTEMPT: '2' }
    expect(await deliveryOf(['--run-id', 'nightly-2026.11:03_a'], { SQLFLOW_RUN_ID: 'other', ...onGithub })).toBe('nightly-2026.11:03_a')
    expect(await deliveryOf([], { SQLFLOW_RUN_ID: 'nightly', ...onGithub })).toBe('nightly')
    expect(await deliveryOf([], { SQLFLOW_RUN_ID: '', ...onGithub })).toBe('github-11830254120')
    expect(await deliveryOf([], { SQLFLOW_RUN_ID: '', GITHUB_RUN_ID: '' })).toBe('the id of the run')
  })

  it('differs from the id of the run, so that two attempts with one id never mix up', async () => {
    await using project = await createProject('pglite', { files: {} })
    const run = async (): Promise<string | undefined> =>
      eventsOf((await project.run(['build', '--json', '--run-id', 'nightly'])).stdout)[0]?.run
    expect(await run()).not.toBe(await run())
  })

  it.each([
    [['--run-id', 'my run'], {}, '`--run-id`'],
    [['--run-id', ''], {}, '`--run-id`'],
    [['--run-id', '../etc'], {}, '`--run-id`'],
    [['--run-id', 'é'], {}, '`--run-id`'],
    [['--run-id', 'a'.repeat(65)], {}, '`--run-id`'],
    [[], { SQLFLOW_RUN_ID: 'a;b' }, 'SQLFLOW_RUN_ID'],
    [[], { GITHUB_RUN_ID: '1\n2' }, 'GITHUB_RUN_ID'],
  ])('is refused before anything runs where it would not be safe in a name: %j %j', async (args, env, from) => {
    await using project = await createProject('pglite', { files: { 'models/events.sql': 'select 1 as event_id\n' } })
    expect(await project.run(['build', ...args], { env })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error[bad-usage]: ${from} takes letters, digits and \`-_.:\`, at most 64 of them.\n  hint: For example: --run-id nightly-2026-11-03\n`,
    })
    expect(project.read('.sqlflow/pglite/dev/PG_VERSION')).toBeUndefined()
  })
})
