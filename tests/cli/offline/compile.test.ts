import { describe, expect, it } from 'vitest'
import { createFieldProject, fieldFiles } from './field-project.ts'

const turfList = `select supporter_id, name, 'north' as region, 'dev' as built_on
from "analytics"."stg_supporters"
where cycle = 2026
`

describe('sqlflow compile MODEL', () => {
  it('prints the SQL alone, and writes no file', async () => {
    await using project = await createFieldProject()
    expect(await project.run(['compile', 'turf_list'])).toEqual({ exitCode: 0, stdout: turfList, stderr: '' })
    expect(() => project.filesIn('target')).toThrow('ENOENT')
  })

  it('lays it out with --format', async () => {
    await using project = await createFieldProject()
    expect((await project.run(['compile', 'turf_list', '--format'])).stdout).toBe(`select
  supporter_id,
  name,
  'north' as region,
  'dev' as built_on
from
  "analytics"."stg_supporters"
where
  cycle = 2026
`)
  })

  it('colours keywords, strings and numbers on a terminal', async () => {
    await using project = await createFieldProject({ 'models/marts/turf_list.sql': "-- walked\nselect 'PA' as state, 7 as turf" })
    const { stdout } = await project.run(['compile', 'turf_list'], { isTerminal: true, env: { TERM: 'xterm' } })
    expect(stdout).toBe(
      "\u001B[2m-- walked\u001B[22m\n\u001B[34mselect\u001B[39m \u001B[32m'PA'\u001B[39m \u001B[34mas\u001B[39m state, \u001B[33m7\u001B[39m \u001B[34mas\u001B[39m turf\n",
    )
  })

  it('prints an object with --json', async () => {
    await using project = await createFieldProject()
    const told = JSON.parse((await project.run(['compile', 'turf_list', '--json'])).stdout) as Readonly<Record<string, string>>
    expect(Object.keys(told)).toEqual(['node', 'hash', 'sql'])
    expect(told).toMatchObject({ node: 'model:turf_list', sql: turfList.trimEnd() })
    expect(told['hash']).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    ['--var', ['--var', 'cycle=2030']],
    ['--vars with JSON', ['--vars', '{"cycle": 2030}']],
    ['--vars with a file, named from where the command runs', ['--vars', 'vars.json']],
  ])('takes a variable by %s', async (_how, args) => {
    await using project = await createFieldProject({ 'vars.json': '{"cycle": 2030}' })
    expect((await project.run(['compile', 'turf_list', ...args])).stdout).toBe(turfList.replace('2026', '2030'))
  })

  it('warns of a name that is none', async () => {
    await using project = await createFieldProject()
    expect(await project.run(['compile', 'turf_lits'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `warning[selector-matched-nothing]: Nothing matches \`turf_lits\`.
  hint: Did you mean \`turf_list\`?

1 warning
Nothing was compiled: nothing that is selected has SQL of its own.
`,
    })
  })

  it('tells a mistake that shows only in what is rendered, in the file that was written', async () => {
    await using project = await createFieldProject({ 'models/marts/turf_list.sql': 'select 1 as n;\ndelete from supporters' })
    const { exitCode, stderr } = await project.run(['compile', 'turf_list'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('models/marts/turf_list.sql:2:1 error[not-one-select]: ')
  })
})

describe('sqlflow compile', () => {
  it('writes what has SQL under target/<target>/compiled, laid out as the project is', async () => {
    await using project = await createFieldProject()
    const { stdout, exitCode } = await project.run(['compile'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Compiled 3 nodes into target\/dev\/compiled\/ in .*\.\n$/)
    expect(project.filesIn('target/dev/compiled')).toEqual([
      'models/marts/turf_list.sql',
      'models/staging/stg_supporters.sql',
      'tests/everybody_is_listed.sql',
    ])
    expect(project.read('target/dev/compiled/models/marts/turf_list.sql')).toBe(turfList)
  })

  it('removes files of what is gone when it compiles everything, and only then', async () => {
    await using project = await createFieldProject({ 'models/marts/walk_list.sql': 'select 1 as n' })
    await project.run(['compile'])
    project.remove('models/marts/walk_list.sql')
    await project.run(['compile', 'turf_list', 'stg_supporters'])
    expect(project.filesIn('target/dev/compiled/models/marts')).toEqual(['turf_list.sql', 'walk_list.sql'])
    await project.run(['compile'])
    expect(project.filesIn('target/dev/compiled/models/marts')).toEqual(['turf_list.sql'])
  })

  it('writes again what somebody changed or removed', async () => {
    await using project = await createFieldProject()
    await project.run(['compile'])
    project.write({ 'target/dev/compiled/models/marts/turf_list.sql': 'select 2' })
    project.remove('target/dev/compiled/models/staging/stg_supporters.sql')
    await project.run(['compile'])
    expect(project.read('target/dev/compiled/models/marts/turf_list.sql')).toBe(turfList)
    expect(project.filesIn('target/dev/compiled')).toHaveLength(3)
  })

  it('compiles a project without SQL', async () => {
    await using project = await createFieldProject()
    for (const path of ['models', 'tests', 'macros', 'exports']) project.remove(path)
    expect(await project.run(['compile'])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringMatching(/Nothing was compiled: nothing that is selected has SQL of its own\.\n$/) as string,
    })
  })

  it('prints an object with --json', async () => {
    await using project = await createFieldProject()
    const told = JSON.parse((await project.run(['compile', '--json'])).stdout) as unknown
    expect(told).toEqual({ compiled: 3, folder: 'target/dev/compiled', ms: expect.any(Number) as number })
  })
})

describe('The cache of compiled SQL', () => {
  const compiled = 'target/dev/compiled/models'

  it('follows a macro, a model, a variable, the environment and what a name resolves to', async () => {
    await using project = await createFieldProject()
    await project.run(['compile'])

    project.write({ 'macros/tidy.sql': fieldFiles['macros/tidy.sql']!.replace('btrim', 'ltrim') })
    await project.run(['compile'])
    expect(project.read(`${compiled}/staging/stg_supporters.sql`)).toContain("nullif(ltrim(name), '') as name")

    await project.run(['compile', '--var', 'cycle=2028'])
    expect(project.read(`${compiled}/marts/turf_list.sql`)).toContain('where cycle = 2028')

    await project.run(['compile'], { env: { REGION: 'south' } })
    expect(project.read(`${compiled}/marts/turf_list.sql`)).toContain("'south' as region")

    project.write({ 'sqlflow.yml': fieldFiles['sqlflow.yml']!.replace('schema: analytics', 'schema: field') })
    await project.run(['compile'])
    expect(project.read(`${compiled}/marts/turf_list.sql`)).toBe(turfList.replace('analytics', 'field'))

    project.write({
      'models/staging/stg_supporters.sql': `/*---\nalias: people\n---*/\nselect 1 as supporter_id, 'Ana' as name, 2026 as cycle\n`,
    })
    await project.run(['compile'])
    expect(project.read(`${compiled}/marts/turf_list.sql`)).toContain('from "field"."people"')
  })

  it('tells targets apart', async () => {
    await using project = await createFieldProject()
    await project.run(['compile'])
    await project.run(['compile', '--target', 'prod'], { env: { DATABASE_PASSWORD: 'walk-the-turf' } })
    expect(project.read('target/prod/compiled/models/marts/turf_list.sql')).toBe(
      turfList.replace('analytics', 'marts').replace("'dev'", "'prod'"),
    )
    expect(project.read(`${compiled}/marts/turf_list.sql`)).toBe(turfList)
  })

  it('follows an ephemeral model into those that read it', async () => {
    const ephemeral = (text: string): string => `/*---\nmaterialized: ephemeral\n---*/\n${text}\n`
    await using project = await createFieldProject({ 'models/staging/stg_supporters.sql': ephemeral('select 1 as supporter_id') })
    await project.run(['compile'])
    project.write({ 'models/staging/stg_supporters.sql': ephemeral('select 2 as supporter_id') })
    await project.run(['compile'])
    expect(project.read(`${compiled}/marts/turf_list.sql`)).toContain('select 2 as supporter_id')
  })

  it.each([
    ['is cut off', (text: string) => text.slice(0, text.length / 2)],
    ['is no cache', () => 'turf_list,1\n'],
    ['is empty', () => ''],
    [
      'is of another version',
      (text: string) => text.replace(/"version":"[^"]*"/, '"version":"0.0.0"').replaceAll(/[0-9a-f]{64}/g, '0'.repeat(64)),
    ],
    ['holds facts that are no JSON', (text: string) => text.replaceAll(/\t[{["].*$/gm, '\t{')],
  ])('is discarded in silence when it %s', async (_why, damage) => {
    await using project = await createFieldProject()
    await project.run(['compile'])
    const [file] = project.filesIn('.sqlflow/cache')
    project.write({ [`.sqlflow/cache/${file}`]: damage(project.read(`.sqlflow/cache/${file}`)) })
    project.remove('target')
    expect(await project.run(['compile', 'turf_list'])).toEqual({ exitCode: 0, stdout: turfList, stderr: '' })
    expect(await project.run(['compile', '--quiet'])).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    expect(project.read(`${compiled}/marts/turf_list.sql`)).toBe(turfList)
  })

  it('holds no secret', async () => {
    await using project = await createFieldProject()
    await project.run(['compile', '--target', 'prod'], { env: { DATABASE_PASSWORD: 'walk-the-turf' } })
    const written = ['.sqlflow', 'target'].flatMap((folder) => project.filesIn(folder).map((file) => project.read(`${folder}/${file}`)))
    expect(written.filter((text) => text.includes('walk-the-turf'))).toEqual([])
  })
})
