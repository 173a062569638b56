import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { createProject, type CliProject, type Files } from '../support/cli.ts'

const head = (keys: string): string => `/*---\n${keys}\n---*/\n`
const people = (columns: string, keys = ''): string => `${head(`materialized: table${keys}`)}select ${columns}`

async function connectTo(url: string): Promise<AsyncDisposable & Pick<Client, 'query'>> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

async function open(files: Files): Promise<CliProject> {
  const project = await createProject('redshift', { files })
  expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
  return project
}

async function rebuild(project: CliProject, files: Files, args: readonly string[] = []): Promise<string> {
  project.write(files)
  const { exitCode, stdout, stderr } = await project.run(['build', ...args])
  expect({ exitCode, told: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, told: '' })
  return stdout
}

/** Relations by name with their kind. */
async function standing(project: CliProject): Promise<readonly (readonly (string | null)[])[]> {
  return await project.query(
    `select c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'analytics' and c.relkind in ('r', 'v', 'm') and c.relname <> 'sqlflow_locks' order by 1`,
  )
}

describe('a table on redshift', () => {
  it('is swapped, tells what its columns lose, and leaves nothing aside', async () => {
    await using project = await open({ 'models/people.sql': people("1 as id, 'Ana'::varchar(20) as name, 1 as old") })
    expect(await rebuild(project, { 'models/people.sql': people("2 as id, 'Ana'::varchar(30) as name") })).toContain('')
    const { stdout } = await project.run(['build', '--json'])
    expect(stdout).toContain('"status":"success"')
    expect(await project.query('select id, name from analytics.people')).toEqual([['2', 'Ana']])
    expect(await standing(project)).toEqual([['people', 'r']])
  })

  it('keeps owner, grants, comments and the views that are bound to it, which read the new one', async () => {
    await using project = await open({
      'models/people.sql': people("1 as id, 'Ana' as name", '\ndescription: Everybody\ncolumns: { id: { description: The person } }'),
    })
    await project.query(`grant select on analytics.people to public;
create view analytics.bound as select name from analytics.people; grant select on analytics.bound to public;
create view analytics.over_bound as select name from analytics.bound;
comment on column analytics.people.name is 'By hand'`)
    await rebuild(project, { 'models/people.sql': people("2 as id, 'Bo' as name", '\ndescription: All') })
    expect(await project.query('select name from analytics.over_bound')).toEqual([['Bo']])
    expect(
      await project.query(
        `select relname, relacl::text like '%=r/%', obj_description(oid, 'pg_class') from pg_class where relname in ('people', 'bound') order by 1`,
      ),
    ).toEqual([
      ['bound', 't', null],
      ['people', 't', 'All\nsqlflow: field/model:people'],
    ])
    expect(
      await project.query(
        `select col_description(attrelid, attnum) from pg_attribute where attrelid = 'analytics.people'::regclass and attnum > 0 order by attnum`,
      ),
    ).toEqual([['The person'], ['By hand']])
  })

  it('is refused where a view that is bound to it would lose a column, and is as it was', async () => {
    await using project = await open({ 'models/people.sql': people("1 as id, 'Ana' as name") })
    await project.query('create view analytics.bound as select name from analytics.people')
    project.write({ 'models/people.sql': people('2 as id') })
    const { exitCode, stderr } = await project.run(['build'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('view analytics.bound uses the column name, which the new version does not have')
    expect(await project.query('select id, name from analytics.people')).toEqual([['1', 'Ana']])
    expect(await standing(project)).toEqual([
      ['bound', 'v'],
      ['people', 'r'],
    ])
    await rebuild(project, {}, ['--drop-dependents', 'analytics.bound'])
    expect(await standing(project)).toEqual([['people', 'r']])
  })

  it('is written in place where that is asked for, and keeps its identity', async () => {
    await using project = await open({ 'models/people.sql': people('1 as id', '\nswap: in_place') })
    const identity = `select oid from pg_class where relname = 'people'`
    const before = await project.query(identity)
    await rebuild(project, { 'models/people.sql': people('2 as id', '\nswap: in_place') })
    expect(await project.query('select id from analytics.people')).toEqual([['2']])
    expect(await project.query(identity)).toEqual(before)
    expect(await standing(project)).toEqual([['people', 'r']])
  })

  it('that readers have open is waited for in short turns, and told of', async () => {
    await using project = await open({ 'models/people.sql': people('1 as id') })
    project.write({ 'models/people.sql': people('2 as id') })
    await using reader = await connectTo(project.url!)
    await reader.query('begin; select * from analytics.people')
    const building = project.spawn(['build', '--json'])
    await building.prints(/analytics\.people waits for process \d+/)
    expect(await project.query('select id from analytics.people')).toEqual([['1']])
    await reader.query('commit')
    expect(await building.result).toMatchObject({ exitCode: 0 })
    expect(await project.query('select id from analytics.people')).toEqual([['2']])
  })

  it('that somebody changes between plan and publish is planned again', async () => {
    await using project = await open({ 'models/people.sql': people('1 as id') })
    project.write({ 'models/people.sql': people('2 as id') })
    await using reader = await connectTo(project.url!)
    await reader.query('begin; select * from analytics.people')
    const building = project.spawn(['build', '--json'])
    await building.prints(/waits for process/)
    await project.query('grant select on analytics.people to public')
    await reader.query('commit')
    const { exitCode, stdout } = await building.result
    expect(exitCode).toBe(0)
    expect(stdout).toContain('was changed meanwhile; planning again')
    expect(await project.query(`select relacl::text like '%=r/%' from pg_class where relname = 'people'`)).toEqual([['t']])
  })
})

it('a node on redshift that was renamed keeps its relation, which a late-binding view under the old name reads', async () => {
  await using project = await open({ 'models/people.sql': people("1 as id, 'Ana' as name") })
  const identity = (name: string): string => `select oid from pg_class where relname = '${name}' and relkind = 'r'`
  await project.query('grant select on analytics.people to public')
  const before = await project.query(identity('people'))
  project.remove('models/people.sql')
  const keys = '\nrenamed_from: { name: people, until: 2999-12-31 }'
  const folk = people("1 as id, 'Ana' as name", `${keys}\nswap: in_place`)
  expect(await rebuild(project, { 'models/folk.sql': folk })).toContain('Done')
  expect(await project.query(identity('folk'))).toEqual(before)
  await rebuild(project, { 'models/folk.sql': people('2 as id', keys) })
  expect(await project.query('select * from analytics.people')).toEqual([['2']])
  expect(await project.query(`select relacl::text like '%=r/%' from pg_class where relname = 'people'`)).toEqual([['t']])
  expect(await standing(project)).toEqual([
    ['folk', 'r'],
    ['people', 'v'],
  ])
})

describe('a view on redshift', () => {
  const files = { 'models/people.sql': people("1 as id, 'Ana' as name"), 'models/names.sql': `select name from {{ref 'people'}}` }

  it('is bound late, so that it outlives what it reads and takes any columns', async () => {
    await using project = await open(files)
    expect(await project.query(`select definition like '%no schema binding%' from pg_views where viewname = 'names'`)).toEqual([['t']])
    await rebuild(project, {
      'models/people.sql': people("'Bo' as name, 2 as key"),
      'models/names.sql': `select key, name from {{ref 'people'}}`,
    })
    expect(await project.query('select key, name from analytics.names')).toEqual([['2', 'Bo']])
    expect(await standing(project)).toEqual([
      ['names', 'v'],
      ['people', 'r'],
    ])
  })

  it('is bound where that is asked for, and the other way round', async () => {
    await using project = await open(files)
    const bound = `select count(*) from pg_views where viewname = 'names' and definition not like '%no schema binding%'`
    await rebuild(project, { 'models/names.sql': `${head('bind: true')}select name from {{ref 'people'}}` })
    expect(await project.query(bound)).toEqual([['1']])
    await rebuild(project, { 'models/people.sql': people("2 as id, 'Bo' as name") })
    expect(await project.query('select name from analytics.names')).toEqual([['Bo']])
    await rebuild(project, { 'models/names.sql': `select name, id from {{ref 'people'}}` })
    expect(await project.query(bound)).toEqual([['0']])
    expect(await project.query('select name, id from analytics.names')).toEqual([['Bo', '2']])
    expect(await standing(project)).toEqual([
      ['names', 'v'],
      ['people', 'r'],
    ])
  })

  it('that cannot run is refused at its place, although Redshift would take it', async () => {
    await using project = await open(files)
    project.write({ 'models/names.sql': `select\n  nmae\nfrom {{ref 'people'}}` })
    expect(await project.run(['build'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('models/names.sql:2:3') })
    expect(await project.query('select name from analytics.names')).toEqual([['Ana']])
  })

  it('becomes a table, a materialized view, and a view again', async () => {
    await using project = await open({ 'models/totals.sql': 'select 1 as n' })
    const kinds = { view: 'v', table: 'r', materialized_view: 'm' }
    for (const materialized of ['table', 'materialized_view', 'table', 'view', 'materialized_view', 'view'] as const) {
      await rebuild(project, { 'models/totals.sql': `${head(`materialized: ${materialized}`)}select 1 as n` })
      expect(await standing(project)).toEqual([['totals', kinds[materialized]]])
    }
  })
})

describe('a materialized view on redshift', () => {
  const totals = (keys = '', columns = 'state, count(*) as people'): string =>
    `${head(`materialized: materialized_view${keys}`)}select ${columns} from {{ref 'people'}} group by state`
  const identity = `select oid from pg_class where relname = 'totals'`

  it('is refreshed while it stays the same, and made again when it changes', async () => {
    await using project = await open({ 'models/people.sql': people("1 as id, 'GA' as state"), 'models/totals.sql': totals() })
    const first = await project.query(identity)
    await rebuild(project, { 'models/people.sql': people("1 as id, 'PA' as state") })
    expect(await project.query('select state, people from analytics.totals')).toEqual([['PA', '1']])
    expect(await project.query(identity)).toEqual(first)
    await project.query('grant select on analytics.totals to public')
    await rebuild(project, { 'models/totals.sql': totals('\nauto_refresh: true\ndist: all', 'state, count(*) as people, max(id) as last') })
    expect(await project.query('select state, people, last from analytics.totals')).toEqual([['PA', '1', '1']])
    expect(await project.query(`select autorefresh from svv_mv_info where name = 'totals'`)).toEqual([['t']])
    expect(await project.query(`select relacl::text like '%=r/%' from pg_class where relname = 'totals'`)).toEqual([['t']])
    expect(await project.query(identity)).not.toEqual(first)
  })

  it('follows a table whose columns change with --full-refresh alone', async () => {
    await using project = await open({ 'models/people.sql': people("1 as id, 'GA' as state"), 'models/totals.sql': totals() })
    project.write({ 'models/people.sql': people("1 as id, 'GA' as state, 2 as more") })
    expect(await project.run(['build'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--full-refresh') })
    await rebuild(project, {}, ['--full-refresh'])
    expect(await project.query('select state, people from analytics.totals')).toEqual([['GA', '1']])
    expect(await standing(project)).toEqual([
      ['people', 'r'],
      ['totals', 'm'],
    ])
  })
})
