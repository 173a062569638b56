/** What the cache keeps must be what a compilation without it gives: each thing that the SQL of a node depends on is changed, and nothing else. */
import { describe, expect, it } from 'vitest'
import { compileFolder, countingCache, type CompileFolderOptions } from './compile-folder.ts'

const ephemeral = (sql: string): string => `/*--- materialized: ephemeral ---*/\n${sql}\n`

const files: Readonly<Record<string, string>> = {
  'sqlflow.yml':
    'name: field\nenv: { REGION: { default: south } }\nvars: { cycle: 2026, weeks: 4 }\ntargets: { a: { type: pglite, schema: field }, b: { type: pglite, schema: field } }\ndefault_target: a\n',
  'macros/dollars.sql': '/*---\nargs: { cents: sql, scale: { type: integer, default: 2 } }\n---*/\nround({{cents}} / 100.0, {{scale}})\n',
  'macros/labelled.sql': "/*---\nargs: { cents: sql }\n---*/\n{{dollars cents}} || ' dollars'\n",
  'models/sources.yml': 'sources: { van: { schema: tmc_van, tables: { contacts: } } }\n',
  'models/parent.sql': 'select 1 as id\n',
  'models/grand.sql': ephemeral('select {{labelled 100}} as pledge'),
  'models/young.sql': ephemeral("select * from {{ref 'grand'}}"),
  'models/plain.sql': "select * from {{ref 'parent'}}, {{source 'van' 'contacts'}}\n",
  'models/by_macro.sql': 'select {{labelled 200}} as pledge\n',
  'models/by_var.sql': "select {{var 'cycle'}} as cycle\n",
  'models/by_env.sql': "select {{literal (env 'REGION')}} as region\n",
  'models/by_target.sql': 'select {{literal target.name}} as target\n',
  'models/by_self.sql': 'select 1 as id {{#incremental}}from {{self}}{{/incremental}}\n',
  'models/by_young.sql': "select * from {{ref 'young'}}\n",
  'models/by_run.sql': 'select {{literal run.started_at}} as at\n',
  'tests/no_pledge.sql': "select * from {{ref 'by_macro'}} where {{dollars 'pledge'}} < 0\n",
}

interface Change {
  readonly what: string
  readonly files?: Readonly<Record<string, string>>
  readonly options?: CompileFolderOptions
  /** Nodes whose SQL is another one after it, beside `by_run`, which is rendered every time. */
  readonly changed: readonly string[]
}

const pledges = ['model:by_macro', 'model:by_young', 'model:grand', 'model:young']

const changes: readonly Change[] = [
  { what: 'nothing', changed: [] },
  {
    what: 'the body of a macro',
    files: { 'macros/labelled.sql': "/*---\nargs: { cents: sql }\n---*/\n{{dollars cents}} || ' USD'\n" },
    changed: pledges,
  },
  {
    what: 'the default of an argument of a macro that a macro calls',
    files: { 'macros/dollars.sql': files['macros/dollars.sql']!.replace('default: 2', 'default: 3') },
    changed: [...pledges, 'test:no_pledge'],
  },
  {
    what: 'a macro that becomes one of a dialect',
    files: { 'macros/labelled.postgres.sql': '/*---\nargs: { cents: sql }\n---*/\n{{cents}}\n' },
    changed: pledges,
  },
  { what: 'a variable of the command line', options: { vars: { cycle: '2028' } }, changed: ['model:by_var'] },
  { what: 'a variable that nothing reads', options: { vars: { weeks: '6' } }, changed: [] },
  { what: 'a variable of the environment', options: { environment: { REGION: 'north' } }, changed: ['model:by_env'] },
  { what: 'the target', options: { target: 'b' }, changed: ['model:by_target'] },
  {
    what: 'the alias of a parent',
    files: { 'models/parent.sql': '/*--- alias: parents ---*/\nselect 1 as id\n' },
    changed: ['model:plain'],
  },
  {
    what: 'the schema of a parent',
    files: { 'models/parent.sql': '/*--- schema: staging ---*/\nselect 1 as id\n' },
    changed: ['model:plain'],
  },
  {
    what: 'the schema of a source',
    files: { 'models/sources.yml': 'sources: { van: { tables: { contacts: } } }\n' },
    changed: ['model:plain'],
  },
  { what: 'a parent that becomes ephemeral', files: { 'models/parent.sql': ephemeral('select 1 as id') }, changed: ['model:plain'] },
  { what: 'the SQL of a parent', files: { 'models/parent.sql': 'select 2 as id\n' }, changed: ['model:parent'] },
  {
    what: 'the SQL of an ephemeral grandparent',
    files: { 'models/grand.sql': ephemeral('select 2 as pledge') },
    changed: ['model:by_young', 'model:grand', 'model:young'],
  },
  {
    what: 'the alias of a model that reads itself',
    files: { 'models/by_self.sql': `/*--- alias: own ---*/\n${files['models/by_self.sql']!}` },
    changed: [],
  },
  {
    what: 'front matter that is not in the SQL',
    files: { 'models/by_var.sql': `/*---\nmaterialized: table\ntags: [slow]\n---*/\n${files['models/by_var.sql']!}` },
    changed: [],
  },
  { what: 'the name of a file', files: { 'models/old/by_var_too.sql': files['models/by_var.sql']! }, changed: ['model:by_var_too'] },
]

describe('A change of', () => {
  it.each(changes)('$what', async ({ files: changed, options, changed: expected }) => {
    const cache = countingCache()
    const before = await compileFolder(files, { cache })
    expect(before.mistakes).toEqual([])
    const after = { ...files, ...changed }
    const warm = await compileFolder(after, { ...options, cache })
    const cold = await compileFolder(after, options)
    expect(warm.mistakes).toEqual([])
    expect(warm.sql).toEqual(cold.sql)
    for (const [id, node] of warm.nodes) expect(node.hash).toBe(cold.nodes.get(id)?.hash)
    const different = Object.keys(warm.sql).filter((id) => warm.sql[id] !== before.sql[id])
    expect(different.sort()).toEqual([...expected].sort())
  })
})

it('An unchanged project is not rendered again, but for what differs from run to run', async () => {
  const cache = countingCache()
  const first = await compileFolder(files, { cache, startedAt: '2026-11-03T12:00:00Z' })
  expect(cache.rendered()).toBe(first.nodes.size - 1)
  const second = await compileFolder(files, { cache, startedAt: '2026-11-04T12:00:00Z' })
  expect(cache.rendered()).toBe(0)
  expect(second.sql['model:by_run']).toBe("select '2026-11-04T12:00:00Z' as at")
  expect({ ...second.sql, 'model:by_run': '' }).toEqual({ ...first.sql, 'model:by_run': '' })
})

it('A use of the time of the run is never cached, through a macro and an ephemeral parent either', async () => {
  const cache = countingCache()
  const project = {
    'macros/now.sql': '{{literal run.started_at}}\n',
    'models/stamped.sql': ephemeral('select {{now}} as at'),
    'models/reader.sql': "select * from {{ref 'stamped'}}\n",
  }
  await compileFolder(project, { cache, startedAt: '2026-11-03T12:00:00Z' })
  const { sql } = await compileFolder(project, { cache, startedAt: '2026-11-04T12:00:00Z' })
  expect(cache.rendered()).toBe(0)
  expect(sql['model:reader']).toBe(`with "sqlflow__stamped" as (\nselect '2026-11-04T12:00:00Z' as at\n)\nselect * from "sqlflow__stamped"`)
})
