import { symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toFileOffset } from '../../src/core/span.ts'
import { noCache } from '../../src/core/content-cache.ts'
import { findProjectRoot } from '../../src/project/find-project.ts'
import { loadProject } from '../../src/project/load-project.ts'
import { createTemporaryFolder } from '../support/databases.ts'
import { lines, loadFolder, writeFiles } from './load-folder.ts'

describe('The files of a project', () => {
  it('are those of its folders, without other projects, dependencies, artifacts and dot folders', async () => {
    const { project, told } = await loadFolder({
      'models/a.sql': 'select 1',
      'models/node_modules/b.sql': 'select 1',
      'models/target/c.sql': 'select 1',
      'models/.hidden/d.sql': 'select 1',
      'models/.e.sql': 'select 1',
      'models/other/sqlflow.yml': 'name: other\n',
      'models/other/deep/f.sql': 'select 1',
      'models/notes.md': 'Not a model.',
      'tests/g.test.ts': 'not a data test',
      'h.sql': 'select 1',
    })
    expect(told).toBe('')
    expect(project.models.map((model) => model.file)).toEqual(['models/a.sql'])
    expect(project.singularTests).toEqual([])
  })

  it('are found once, whatever links lead in circles', async () => {
    await using folder = await createTemporaryFolder()
    writeFiles(folder.path, { 'sqlflow.yml': 'name: field\n', 'models/a/one.sql': 'select 1', 'shared/two.sql': 'select 2' })
    symlinkSync('..', `${folder.path}/models/a/up`)
    symlinkSync('nowhere', `${folder.path}/models/a/lost.sql`)
    symlinkSync('itself', `${folder.path}/models/a/itself`)
    symlinkSync('../shared', `${folder.path}/models/linked`)
    symlinkSync('../shared', `${folder.path}/models/linked_again`)
    const { project, diagnostics } = await loadProject({ root: folder.path, environment: {}, cache: noCache })
    expect(diagnostics).toEqual([])
    expect(project?.models.map((model) => model.file)).toEqual(['models/a/one.sql', 'models/linked/two.sql'])
  })

  it('belong to the nearest folder with a sqlflow.yml', async () => {
    await using folder = await createTemporaryFolder()
    writeFiles(folder.path, { 'sqlflow.yml': 'name: field\n', 'models/a/one.sql': 'select 1' })
    expect(findProjectRoot(`${folder.path}/models/a`)).toBe(folder.path)
  })

  it('read the same with a byte order mark and with CRLF', async () => {
    const { project, told } = await loadFolder({
      'models/a.sql': '\uFEFF/*---\r\nowner: ana@example.org\r\n---*/\r\nselect 1\r\nfrom x\r\n',
      'models/b.yml': '\uFEFFmodels:\r\n  a:\r\n    description: All.\r\n',
    })
    expect(told).toBe('')
    expect(project.models[0]).toMatchObject({
      owner: 'ana@example.org',
      description: 'All.',
      describedIn: 'models/b.yml',
      sql: { text: 'select 1\nfrom x\n', segments: [{ text: 0, file: 35 }] },
    })
  })

  it('may have names that need quoting, and lines of any length', async () => {
    const long = `select ${'1, '.repeat(1000)}1`
    const { project, told } = await loadFolder({ 'models/Order of "Calls".v2.sql': long, 'models/select.sql': 'select 1' })
    expect(told).toBe('')
    expect(project.models.map((model) => model.relation.name)).toEqual(['Order of "Calls".v2', 'select'])
    expect(project.models[0]?.sql.text).toBe(long)
  })
})

describe('Defaults by folder', () => {
  it('come from the nearest folder; tags add up, meta and grants merge by key', async () => {
    const { project, told } = await loadFolder({
      'sqlflow.yml': lines(`
        name: field
        folders:
          models: { materialized: table, owner: data@example.org, tags: [all], meta: { a: 1, b: 1 }, grants: { select: [reporting] } }
          models/staging: { materialized: view, tags: [staging], meta: { b: 2 }, grants: { SELECT: [ana], insert: bo }, severity: warn }
      `),
      'models/staging/people.sql': '/*---\ntags: own\nmeta: { c: 3 }\ncolumns: { id: { tests: [unique] } }\n---*/\nselect 1',
    })
    expect(told).toBe('')
    expect(project.models[0]).toMatchObject({
      materialized: 'view',
      owner: 'data@example.org',
      tags: ['all', 'staging', 'own'],
      meta: { a: 1, b: 2, c: 3 },
      grants: { select: ['ana'], insert: ['bo'] },
      tests: [{ options: { severity: 'warn' } }],
      config: { materialized: 'view', enabled: true, tags: ['all', 'staging', 'own'] },
    })
  })

  it('can take nodes out of the project', async () => {
    const { project, told } = await loadFolder({
      'sqlflow.yml': 'name: field\nfolders:\n  models/old: { enabled: false }\n',
      'models/old/a.sql': 'select 1',
      'models/old/b.sql': '/*---\nenabled: true\n---*/\nselect 1',
    })
    expect(told).toBe('')
    expect(project.models.map((model) => model.name)).toEqual(['b'])
    expect(project.disabled).toEqual([{ kind: 'model', name: 'a', at: { file: 'models/old/a.sql', start: 0, end: 0 } }])
  })
})

describe('SQL inside YAML', () => {
  const yaml = lines(`
    query: |
      select *
        from people

      where name = 'ñ'
    to: { csv: {} }
  `)

  it.each([
    ['a literal block', yaml, "select *\n  from people\n\nwhere name = 'ñ'\n"],
    ['a folded block', yaml.replace('|', '>-'), "select *\n  from people\n\nwhere name = 'ñ'"],
    [
      'double quotes',
      'query: "select \\"a\\"\\n, \'\\u00e9\' \\\n  from people\n  where b"\nto: { csv: {} }\n',
      'select "a"\n, \'é\' from people where b',
    ],
    ['single quotes', "query: 'select ''a'' from people\n  where b'\nto: { csv: {} }\n", "select 'a' from people where b"],
    ['plain text', 'query: select a\n  from people\nto: { csv: {} }\n', 'select a from people'],
  ])('keeps its place in the file: %s', async (_style, text, sql) => {
    const { project, told, files } = await loadFolder({ 'exports/people.yml': text })
    expect(told).toBe('')
    const [found] = project.exports
    if (!found || !('query' in found.read)) throw new Error('There is no query.')
    const { query } = found.read
    expect(query.text).toBe(sql)
    const file = files.get('exports/people.yml') ?? ''
    const words = ['select', 'from', 'people', 'where'].filter((word) => query.text.includes(word))
    const led = words.map((word) => file.slice(toFileOffset(query, query.text.indexOf(word))).slice(0, word.length))
    expect(led).toEqual(words)
  })
})

describe('Data tests', () => {
  it('are read in all their spellings, with names that are unique', async () => {
    const { project, told } = await loadFolder({
      'tests/generic/in_state.sql': '/*---\nargs: { states: list, strict: { type: boolean, default: false } }\n---*/\nselect 1',
      'models/supporters.sql': lines(`
        /*---
        columns:
          state:
            tests:
              - not_null
              - accepted_values: [PA, GA]
                severity: warn
                where: cycle = {{var 'cycle'}}
              - accepted_values: { values: [PA], max_failures: 1%, limit: 3, warn_if: "> 10" }
              - in_state: [PA]
              - unique: { name: one_row_per_state, enabled: false }
        tests:
          - row_count: { min: 1000 }
          - expression: pledged >= 0
        ---*/
        select 1
      `),
    })
    expect(told).toBe('')
    const uses = project.models[0]?.tests ?? []
    expect(uses.map(({ name, column, args }) => ({ name, column, args }))).toEqual([
      { name: 'row_count_supporters', column: undefined, args: { min: 1000 } },
      { name: 'expression_supporters', column: undefined, args: { expression: 'pledged >= 0' } },
      { name: 'not_null_supporters_state', column: 'state', args: {} },
      { name: 'accepted_values_supporters_state', column: 'state', args: { values: ['PA', 'GA'] } },
      { name: expect.stringMatching(/^accepted_values_supporters_state_[0-9a-f]{8}$/), column: 'state', args: { values: ['PA'] } },
      { name: 'in_state_supporters_state', column: 'state', args: { states: ['PA'] } },
    ])
    expect(uses[3]?.options).toMatchObject({ severity: 'warn', where: { text: "cycle = {{var 'cycle'}}" } })
    expect(uses[4]?.options).toEqual({
      severity: 'error',
      warnIf: '> 10',
      maxFailures: { share: 0.01 },
      limit: 3,
      storeFailures: false,
      enabled: true,
    })
  })

  it('have names that Postgres keeps whole', async () => {
    const name = `supporters_${'of_every_county_'.repeat(3)}`
    const { project } = await loadFolder({
      [`models/${name}.sql`]: '/*---\ncolumns: { id: { tests: [not_null, unique] } }\n---*/\nselect 1',
    })
    for (const use of project.models[0]?.tests ?? []) {
      expect(use.name).toMatch(/^(?:not_null|unique)_supporters_of_every_county.*_[0-9a-f]{8}$/)
      expect(Buffer.byteLength(use.name)).toBe(63)
    }
  })
})

describe('Sources, seeds, macros and exports', () => {
  it('are read with their defaults', async () => {
    const { project, told } = await loadFolder({
      'models/sources.yml': lines(`
        sources:
          van:
            schema: tmc_van
            owner: data@example.org
            tables:
              contacts:
                relation: tsm_contacts
                sample: seeds/samples/contacts.csv
                columns: { id: { type: bigint, tests: [unique] }, phone: { sensitive: true }, note: Free text. }
              surveys:
      `),
      'seeds/samples/contacts.csv': 'id\n1\n',
      'seeds/counties.tsv': 'id\n1\n',
      'seeds/seeds.yml': 'seeds:\n  counties: { null_values: NA, columns: { fips: { type: text } } }\n',
      'macros/cents.sql':
        '/*---\nargs:\n  column: sql\n  scale: { type: integer, default: 2 }\n  ...rest:\nexamples: ["{{cents \'a\'}}"]\n---*/\nround({{column}})',
      'macros/cents.redshift.sql': 'trunc({{column}})',
      'exports/turf.sql':
        '/*---\nto: { xlsx: { sheet: Turf } }\ncolumns: [id, { phone: { title: Phone, format: text } }, "*"]\nguards: { min_rows: 5, max_shrink: 30% }\norder_by: id\n---*/\nselect 1',
    })
    expect(told).toBe('')
    expect(project.sources).toMatchObject([
      {
        name: 'van.contacts',
        relation: { schema: 'tmc_van', name: 'tsm_contacts' },
        owner: 'data@example.org',
        sample: 'seeds/samples/contacts.csv',
        columns: [
          { name: 'id', type: 'bigint' },
          { name: 'phone', sensitive: true },
          { name: 'note', description: 'Free text.' },
        ],
        tests: [{ name: 'unique_van_contacts_id' }],
      },
      { name: 'van.surveys', relation: { schema: 'tmc_van', name: 'surveys' }, columns: [] },
    ])
    expect(project.seeds).toMatchObject([
      { name: 'counties', delimiter: '\t', nullValues: ['NA'], columns: [{ name: 'fips', type: 'text' }] },
    ])
    expect(project.macros).toMatchObject([
      { name: 'cents', dialect: 'redshift', args: [] },
      {
        name: 'cents',
        args: [
          { name: 'column', type: 'sql', required: true, variadic: false },
          { name: 'scale', type: 'integer', default: 2, required: false, variadic: false },
          { name: 'rest', type: 'any', required: false, variadic: true },
        ],
        examples: [{ text: "{{cents 'a'}}" }],
      },
    ])
    expect(project.exports).toMatchObject([
      {
        name: 'turf',
        read: { query: { text: 'select 1' } },
        orderBy: ['id'],
        columns: [{ name: 'id' }, { name: 'phone', title: 'Phone', format: 'text' }, { name: '*' }],
        destination: { type: 'xlsx', path: 'turf.xlsx', sheet: 'Turf', header: true },
        guards: { minRows: 5, maxShrink: 0.3 },
      },
    ])
  })
})
