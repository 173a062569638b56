import { describe, expect, it } from 'vitest'
import { createFieldProject } from './field-project.ts'

const terminal = { isTerminal: true, env: { NO_COLOR: '1' } }

describe('sqlflow list', () => {
  it('prints every node whole through a pipe, however wide', async () => {
    await using project = await createFieldProject()
    expect(await project.run(['list'], { columns: 40 })).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `kind    name                                  what      relation                  tags     file
──────  ────────────────────────────────────  ────────  ────────────────────────  ───────  ─────────────────────────────────
seed    supporters                            seed      analytics.supporters               seeds/supporters.csv
model   stg_supporters                        view      analytics.stg_supporters           models/staging/stg_supporters.sql
test    not_null_stg_supporters_supporter_id  not_null                                     models/staging/stg_supporters.sql
model   turf_list                             table     analytics.turf_list       nightly  models/marts/turf_list.sql
test    unique_stg_supporters_supporter_id    unique                                       models/staging/stg_supporters.sql
test    everybody_is_listed                   singular                                     tests/everybody_is_listed.sql
export  turf_csv                              csv                                          exports/turf_csv.yml
`,
    })
  })

  it('leaves out files, then tags, where the terminal is too narrow', async () => {
    await using project = await createFieldProject()
    expect((await project.run(['list'], { ...terminal, columns: 130 })).stdout).toContain('nightly  models/marts/turf_list.sql\n')
    expect((await project.run(['list'], { ...terminal, columns: 90 })).stdout)
      .toBe(`kind    name                                  what      relation                  tags
──────  ────────────────────────────────────  ────────  ────────────────────────  ───────
seed    supporters                            seed      analytics.supporters
model   stg_supporters                        view      analytics.stg_supporters
test    not_null_stg_supporters_supporter_id  not_null
model   turf_list                             table     analytics.turf_list       nightly
test    unique_stg_supporters_supporter_id    unique
test    everybody_is_listed                   singular
export  turf_csv                              csv
`)
  })

  it('cuts the longest cells where that is not enough', async () => {
    await using project = await createFieldProject()
    expect((await project.run(['list'], { ...terminal, columns: 60 })).stdout).toBe(`kind    name                  what      relation
──────  ────────────────────  ────────  ────────────────────
seed    supporters            seed      analytics.supporters
model   stg_supporters        view      analytics.stg_suppo…
test    not_null_stg_suppor…  not_null
model   turf_list             table     analytics.turf_list
test    unique_stg_supporte…  unique
test    everybody_is_listed   singular
export  turf_csv              csv
`)
  })

  it('gives an ephemeral model no relation', async () => {
    await using project = await createFieldProject({ 'models/int_names.sql': '/*---\nmaterialized: ephemeral\n---*/\nselect 1 as n\n' })
    expect(JSON.parse((await project.run(['list', 'int_names', '--json'])).stdout)).toEqual({
      id: 'model:int_names',
      kind: 'model',
      name: 'int_names',
      what: 'ephemeral',
      file: 'models/int_names.sql',
      tags: [],
      parents: [],
    })
  })

  it.each([
    ['names', 'supporters\nstg_supporters\nturf_list\n'],
    ['paths', 'seeds/supporters.csv\nmodels/staging/stg_supporters.sql\nmodels/marts/turf_list.sql\n'],
  ])('prints %s alone for a script, of the kinds that are asked for', async (format, stdout) => {
    await using project = await createFieldProject()
    const told = await project.run(['list', '--format', format, '--resource-type', 'model', 'seed'])
    expect(told).toEqual({ exitCode: 0, stdout, stderr: '' })
  })

  it('selects by words, by --select, by --exclude and by a named selector alike', async () => {
    await using project = await createFieldProject()
    const names = async (...args: readonly string[]): Promise<string> => (await project.run(['list', '--format', 'names', ...args])).stdout
    expect(await names('+turf_list', '-x', 'resource_type:test')).toBe('supporters\nstg_supporters\nturf_list\n')
    expect(await names('--select', '+turf_list', '--exclude', 'resource_type:test', 'supporters')).toBe('stg_supporters\nturf_list\n')
    expect(await names('--selector', 'lists')).toBe('turf_list\neverybody_is_listed\n')
    expect(await names('selector:lists', '--indirect-selection', 'empty')).toBe('turf_list\n')
  })

  it('warns of a selector that matches nothing, on stderr', async () => {
    await using project = await createFieldProject()
    expect(await project.run(['list', 'turf_lits', '--format', 'names'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'warning[selector-matched-nothing]: Nothing matches `turf_lits`.\n  hint: Did you mean `turf_list`?\n\n1 warning\n',
    })
    const { stdout, stderr } = await project.run(['list', 'turf_lits', '--json'])
    expect(stdout).toBe('')
    expect(JSON.parse(stderr)).toEqual({
      type: 'diagnostic',
      severity: 'warning',
      code: 'selector-matched-nothing',
      message: 'Nothing matches `turf_lits`.',
      hint: 'Did you mean `turf_list`?',
    })
  })

  it.each([['list'], ['graph'], ['list --json']])('says on stderr that a project is empty, for %s', async (command) => {
    await using project = await createFieldProject({ 'sqlflow.yml': 'name: field\n' })
    for (const path of ['models', 'seeds', 'tests', 'macros', 'exports']) project.remove(path)
    expect(await project.run(command.split(' '))).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'The project is empty: models go to models/, CSV files to seeds/ (docs/project.md).\n',
    })
  })

  it('tells a mistake of the project as an object on stdout with --json', async () => {
    await using project = await createFieldProject({ 'models/marts/turf_list.sql': "select *\nfrom {{ref 'stg_suporters'}}\n" })
    const { exitCode, stdout, stderr } = await project.run(['list', '--json'])
    expect({ exitCode, stderr, told: JSON.parse(stdout) as unknown }).toEqual({
      exitCode: 2,
      stderr: '',
      told: {
        type: 'diagnostic',
        severity: 'error',
        code: 'unknown-ref',
        message: 'There is no model or seed named `stg_suporters`.',
        at: { file: 'models/marts/turf_list.sql', start: 20, end: 35, line: 2, column: 12 },
        hint: 'Did you mean `stg_supporters`?',
      },
    })
  })
})

describe('What a command is about', () => {
  it('is named by an option before a variable, and by a variable before the file', async () => {
    await using project = await createFieldProject()
    const relation = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> => {
      const { stdout } = await project.run(['list', 'turf_list', '--json', '--resource-type', 'model', ...args], {
        env: { DATABASE_PASSWORD: 'walk-the-turf', ...env },
      })
      return (JSON.parse(stdout) as { relation: string }).relation
    }
    expect(await relation([], {})).toBe('analytics.turf_list')
    expect(await relation([], { SQLFLOW_TARGET: 'prod' })).toBe('marts.turf_list')
    expect(await relation(['--target', 'dev'], { SQLFLOW_TARGET: 'prod' })).toBe('analytics.turf_list')
  })

  it('is a project elsewhere, by --project-dir, by SQLFLOW_PROJECT_DIR, or from a folder inside it', async () => {
    await using project = await createFieldProject()
    await using other = await createFieldProject({ 'models/marts/walk_list.sql': 'select 1 as n' })
    const args = ['list', '--format', 'names', 'walk_list']
    expect((await project.run([...args, '--project-dir', other.root])).stdout).toBe('walk_list\n')
    expect((await project.run(args, { env: { SQLFLOW_PROJECT_DIR: other.root } })).stdout).toBe('walk_list\n')
    expect((await project.run([...args, '--project-dir', `${other.root}/models/marts`])).stdout).toBe('walk_list\n')
  })
})
