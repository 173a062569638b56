import { describe, expect, it } from 'vitest'
import { outcomesOf, warehouses, type CliProject } from '../../support/cli.ts'

const model = (head: string, sql: string): string => `/*---\nmaterialized: table\n${head}---*/\n${sql}\n`
const people = `select 1 as person_id, 'Ana' as name, 'PA' as state`
const indexed = 'primary_key: person_id\nindexes: [name]\n'
const formerly = (name: string, until: string): string => `renamed_from: { name: ${name}, until: ${until} }\n`

async function notesOf(project: CliProject, now: Date): Promise<readonly string[]> {
  const { stdout, exitCode } = await project.run(['build', '--json'], { now })
  expect({ exitCode, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stdout: '' })
  return outcomesOf(stdout).flatMap(({ notes }) => notes ?? [])
}

const relations = `select c.relname, c.relkind::text, regexp_replace(obj_description(c.oid, 'pg_class'), E'\\n', ' / ')
  from pg_class c where c.relnamespace = 'analytics'::regnamespace and c.relkind in ('r', 'v', 'i') order by 1`
const granted = `select c.relname, string_agg(x.privilege_type, ',' order by x.privilege_type) from pg_class c, aclexplode(c.relacl) x
  where c.relnamespace = 'analytics'::regnamespace and x.grantee = 0 group by 1 order by 1`
const before = new Date('2026-11-01T12:00:00Z')
const after = new Date('2027-01-01T12:00:00Z')

describe.each(warehouses)('A node that was renamed, on $type', ({ create }) => {
  it('keeps its relation, with privileges, indexes and dependents; the old name reads it', async () => {
    await using project = await create({
      files: { 'models/folk.sql': model(indexed, people), 'models/reader.sql': `select name from {{ref 'folk'}}` },
    })
    await notesOf(project, before)
    await project.query(`grant select, update on analytics.folk to public; create view public.theirs as select state from analytics.folk;
comment on view public.theirs is '1'`)
    const identity = `select c.oid from pg_class c where c.relname in ('reader', 'theirs') order by c.relname`
    const ids = await project.query(identity)
    project.remove('models/folk.sql')
    project.write({
      'models/people.sql': model(indexed + formerly('folk', '2026-12-31'), people),
      'models/reader.sql': `select name from {{ref 'people'}}`,
    })
    expect(await notesOf(project, before)).toEqual([
      'analytics.folk was renamed to analytics.people, with its privileges; a view under the old name reads it until 2026-12-31.',
    ])
    expect((await project.query(relations)).map(([name, kind, comment]) => [name?.replace(/_[0-9a-f]{8}$/, '_N'), kind, comment])).toEqual([
      ['folk', 'v', 'Stands in for analytics.people until 2026-12-31: read that instead. / sqlflow: field/renamed:model:people'],
      ['people', 'r', 'sqlflow: field/model:people'],
      ['people_name_N', 'i', null],
      ['people_pkey_N', 'i', null],
      ['reader', 'v', 'sqlflow: field/model:reader'],
    ])
    expect(await project.query(`select f.*, t.state, r.name from analytics.folk f, public.theirs t, analytics.reader r`)).toEqual([
      ['1', 'Ana', 'PA', 'PA', 'Ana'],
    ])
    expect(await project.query(identity)).toEqual(ids)
    expect(await project.query(granted)).toEqual([
      ['folk', 'SELECT'],
      ['people', 'SELECT,UPDATE'],
    ])
  })

  it('keeps a view under the old name in step with its columns, and drops it after its day unless something reads it', async () => {
    const head = formerly('folk', '2026-12-31')
    await using project = await create({ files: { 'models/folk.sql': model('', people) } })
    await notesOf(project, before)
    project.remove('models/folk.sql')
    await project.query('grant select on analytics.folk to public')
    project.write({ 'models/people.sql': model(head, `${people}, 2 as doors`) })
    await notesOf(project, before)
    expect(await project.query('select * from analytics.folk')).toEqual([['1', 'Ana', 'PA', '2']])
    project.write({ 'models/people.sql': model(head, `select 1 as person_id, 'Ana' as name`) })
    expect(await notesOf(project, before)).toEqual(['The column state is gone.', 'The column doors is gone.'])
    expect(await project.query('select * from analytics.folk')).toEqual([['1', 'Ana']])
    expect(await project.query(granted)).toEqual([
      ['folk', 'SELECT'],
      ['people', 'SELECT'],
    ])
    await project.query('create view public.late as select name from analytics.folk')
    expect(await notesOf(project, after)).toEqual([
      'The view analytics.folk stood in until 2026-12-31, and was kept, because this reads it: view public.late.',
    ])
    await project.query('drop view public.late')
    expect(await notesOf(project, after)).toEqual([
      'The view analytics.folk, which stood in until 2026-12-31, was dropped; its name can be taken out of renamed_from.',
    ])
    expect(await notesOf(project, after)).toEqual([])
    expect((await project.query(relations)).map(([name]) => name)).toEqual(['people'])
  })

  it('follows a chain of names, and one that goes back; leaves what the project did not build', async () => {
    await using project = await create({ files: { 'models/a.sql': model('', people) } })
    await notesOf(project, before)
    project.remove('models/a.sql')
    project.write({
      'models/c.sql': model(`renamed_from: [{ name: a, until: '2026-12-31' }, { name: b, until: '2026-12-31' }]\n`, people),
    })
    expect(await notesOf(project, before)).toEqual([
      'analytics.a was renamed to analytics.c, with its privileges; a view under the old name reads it until 2026-12-31.',
    ])
    project.remove('models/c.sql')
    project.write({ 'models/a.sql': model(formerly('c', '2026-01-01'), people) })
    expect(await notesOf(project, before)).toEqual(['analytics.c was renamed to analytics.a, with its privileges.'])
    expect(await project.query(relations)).toEqual([['a', 'r', 'sqlflow: field/model:a']])
    await project.query('create table analytics.other as select 1 as x')
    project.write({ 'seeds/s.csv': 'x\n1\n', 'seeds/s.yml': `seeds: { s: { renamed_from: { name: other, until: '2026-12-31' } } }` })
    expect(await notesOf(project, before)).toEqual([])
    expect((await project.query(relations)).map(([name]) => name)).toEqual(['a', 'other', 's'])
  })
})

it('A former name that another node has, or the node itself, is a mistake', async () => {
  await using project = await warehouses[1]!.create({
    files: {
      'models/a.sql': 'select 1',
      'models/b.sql': model(formerly('a', '2026-12-31'), people),
      'models/c.sql': model(formerly('c', '2026-13-31'), people),
    },
  })
  const { exitCode, stderr } = await project.run(['list'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('error[former-name-taken]: `a` is the name of another model, so `b` cannot take over its relation.')
  expect(stderr).toContain('must be a date, such as 2026-12-31')
})
