import { cpSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lexSql } from '../../../src/dialects/sql-lexer.ts'
import { createProject, runHere } from '../../support/cli.ts'
import { createTemporaryFolder } from '../../support/databases.ts'

const repository = join(import.meta.dirname, '..', '..', '..')
const messy = `/*---\r\ndescription:   "As it is"\r\n---*/\r\nselect   a,b\r\nfrom {{ref 'people'}}\r\n`
const tidy = `/*---\r\ndescription:   "As it is"\r\n---*/\r\nselect\r\n  a,\r\n  b\r\nfrom\r\n  {{ref 'people'}}\r\n`

function project(more: Readonly<Record<string, string>> = {}) {
  return createProject('pglite', {
    files: { 'models/people.sql': 'select\n  1 as a,\n  2 as b\n', 'models/marts/turf.sql': `\uFEFF${messy}`, ...more },
  })
}

/** Their files are no part of the repository; only what they are called counts here. */
const realSeeds = ['counties', 'general_2024_county', 'general_2024_precinct', 'primary_2020_precinct', 'runoff_2022_precinct']

describe('sqlflow format', () => {
  it('lays out files in place, keeping front matter, line endings and a byte order mark; again, nothing changes', async () => {
    await using field = await project()
    expect(await field.run(['format', '--check'])).toEqual({
      exitCode: 1,
      stdout: 'models/marts/turf.sql\n',
      stderr: '1 file would change, 1 laid out already.\n',
    })
    expect(field.read('models/marts/turf.sql')).toBe(`\uFEFF${messy}`)
    expect(await field.run(['format'])).toEqual({
      exitCode: 0,
      stdout: 'models/marts/turf.sql\n',
      stderr: '1 file changed, 1 laid out already.\n',
    })
    expect(field.read('models/marts/turf.sql')).toBe(`\uFEFF${tidy}`)
    expect(await field.run(['format', '--json'])).toEqual({ exitCode: 0, stdout: '{"changed":[],"unchanged":2,"left":[]}\n', stderr: '' })
    expect(readdirSync(join(field.root, 'models/marts'))).toEqual(['turf.sql'])
  })

  it('takes files, folders and selectors, and refuses what names none', async () => {
    await using field = await project({ 'tests/none.sql': 'select 1 where false' })
    expect((await field.run(['format', 'models/marts', '--check'])).stdout).toBe('models/marts/turf.sql\n')
    expect((await field.run(['format', 'tests/none.sql', '--check'])).stdout).toBe('tests/none.sql\n')
    expect((await field.run(['format', 'people+', '--check'])).stdout).toBe('models/marts/turf.sql\n')
    expect(await field.run(['format', 'turff'])).toMatchObject({ exitCode: 2, stdout: '' })
    expect(await field.run(['format', 'sqlflow.yml'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'error[bad-usage]: `sqlflow.yml` holds no SQL of this project.\n  hint: What can be formatted are the .sql files of models/, macros/, tests/ and exports/.\n',
    })
  })

  it('formats files of a project that has mistakes elsewhere, and names what it leaves alone', async () => {
    await using field = await project({
      'models/broken.sql': "select (1 from {{ref 'nowhere'}}",
      'macros/label.sql': 'All   people',
      'macros/part.sql': "{{upper 'b'}},{{upper 'c'}}",
      'models/labelled.sql': "select\n  '{{label}}' as label\n",
    })
    expect(await field.run(['format'])).toEqual({
      exitCode: 0,
      stdout: 'models/marts/turf.sql\nmacros/part.sql\n',
      stderr: `models/broken.sql was left as it is: its SQL cannot be read, or is not whole outside its blocks.
macros/label.sql was left as it is: the macro is called inside a string, where white space counts.
2 files changed, 2 laid out already, 2 left alone.
`,
    })
  })

  it('reads stdin for an editor, and prints what it cannot lay out as it came', async () => {
    await using field = await project()
    expect(await field.run(['format', '-'], { stdin: messy })).toEqual({ exitCode: 0, stdout: tidy, stderr: '' })
    expect(await field.run(['format', '-', '--check'], { stdin: messy })).toEqual({ exitCode: 1, stdout: '', stderr: '' })
    expect(await field.run(['format', '-'], { stdin: 'select (a\n' })).toEqual({
      exitCode: 1,
      stdout: 'select (a\n',
      stderr: 'stdin was left as it is: its SQL cannot be read, or is not whole outside its blocks.\n',
    })
    expect(await field.run(['format', 'models/people.sql', '--stdout'])).toEqual({
      exitCode: 0,
      stdout: 'select\n  1 as a,\n  2 as b\n',
      stderr: '',
    })
  })

  it.each(['.', 'tests/real/project'])('leaves every model of the project in %s the same SQL', async (folder) => {
    await using copy = await createTemporaryFolder()
    for (const part of ['sqlflow.yml', 'models', 'macros', 'seeds', 'tests', 'exports']) {
      cpSync(join(repository, folder, part), join(copy.path, part), {
        recursive: true,
        filter: (source) => !/\.ts$|node_modules/.test(source) && !(folder === '.' && /tests\/real/.test(source)),
      })
    }
    if (folder !== '.') for (const seed of realSeeds) writeFileSync(join(copy.path, 'seeds', `${seed}.csv`), 'county\nTioga\n')
    const names = (await runHere(copy.path, ['list', '--resource-type', 'model', '--format', 'names'])).stdout.trim().split('\n')
    const compile = async (): Promise<readonly string[]> => {
      const compiled: string[] = []
      for (const name of names) {
        const { stdout } = await runHere(copy.path, ['compile', name], { now: new Date('2026-11-01T12:00:00Z') })
        const tokens = lexSql(stdout).filter(({ kind }) => kind !== 'comment')
        compiled.push(tokens.map(({ start, end }) => stdout.slice(start, end)).join(' '))
      }
      return compiled
    }
    const before = await compile()
    expect(before.every((sql) => sql !== '')).toBe(true)
    const formatted = await runHere(copy.path, ['format'])
    expect(formatted).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^\d+ files changed, \d+ laid out already\.\n$/) })
    expect(await compile()).toEqual(before)
    expect(await runHere(copy.path, ['format', '--check'])).toMatchObject({ exitCode: 0, stdout: '' })
  })
})
