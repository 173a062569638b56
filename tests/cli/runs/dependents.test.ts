/** What a user can say of how a table is replaced: `swap: in_place`, and which dependents may be lost. */
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { eventsOf, outcomesOf, steady, warehouses, type CliProject, type CommandResult } from '../../support/cli.ts'

const supporters = (select: string, more = ''): string => `/*---\nmaterialized: table\n${more}---*/\n${select}\n`
const people = supporters(`select 1 as id, 'Ana' as name`)
const renamed = supporters(`select 2 as id, 'Bo' as full_name`)

const notesOf = ({ stdout }: CommandResult) => outcomesOf(stdout).map((one) => one.notes)
const failureOf = ({ stdout }: CommandResult) =>
  outcomesOf(stdout).flatMap(({ failure }) => (failure ? [[failure.message, failure.hint]] : []))
const warningsOf = ({ stdout }: CommandResult) =>
  eventsOf(stdout).flatMap((event) =>
    event.type === 'warning' ? [[event.diagnostic.code, event.diagnostic.message, event.diagnostic.hint]] : [],
  )
const asides = (project: CliProject) => project.query(`select relname from pg_class where relname ~ '__(new|old)_'`)

const postgres = warehouses.filter((one) => one.type === 'postgres')
const oid = (project: CliProject) => project.query(`select 'analytics.supporters'::regclass::oid::text`)

describe.each(warehouses)('swap: in_place on $type', ({ create }) => {
  it('writes the rows of models and seeds into the tables that stand, without a word', async () => {
    await using project = await create({
      files: {
        'models/supporters.sql': supporters(`select 1 as id, n as region from {{ref 'regions'}}`, 'primary_key: id\n'),
        'seeds/regions.csv': 'n\nnorth\n',
      },
      config: 'folders:\n  models: { swap: in_place }\n  seeds: { swap: in_place }\n',
    })
    expect((await project.run(['build'])).exitCode).toBe(0)
    const before = await oid(project)
    project.write({ 'seeds/regions.csv': 'n\nsouth\n' })
    const again = await project.run(['build', '--json'])
    expect([again.exitCode, notesOf(again), outcomesOf(again.stdout).map((one) => one.rows)]).toEqual([0, [[], []], [1, 1]])
    expect(await project.query('select id::text, region from analytics.supporters')).toEqual([['1', 'south']])
    expect(await oid(project)).toEqual(before)
    expect(await asides(project)).toEqual([])
  })
})

describe.each(postgres)('swap: in_place', ({ create }) => {
  it('builds beside a REPEATABLE READ transaction, which goes on to see the rows that it saw', async () => {
    await using project = await create({
      files: { 'models/supporters.sql': supporters(`select 1 as id`, 'swap: in_place\nprimary_key: id\n') },
    })
    await project.run(['build'])
    const reader = new Client({ connectionString: project.url })
    await reader.connect()
    try {
      const idsOf = async () => (await reader.query({ text: 'select id from analytics.supporters', rowMode: 'array' })).rows
      await reader.query('begin isolation level repeatable read')
      expect(await idsOf()).toEqual([[1]])
      project.write({ 'models/supporters.sql': supporters(`select 2 as id`, 'swap: in_place\nprimary_key: id\n') })
      expect((await project.run(['build'])).exitCode).toBe(0)
      expect(await idsOf()).toEqual([[1]])
      await reader.query('commit')
      expect(await idsOf()).toEqual([[2]])
    } finally {
      await reader.end()
    }
  })

  it('refuses other columns, saying which, until --full-refresh swaps it once', async () => {
    await using project = await create({
      files: { 'models/supporters.sql': supporters(`select 1 as id, 'Ana' as name`, 'swap: in_place\n') },
    })
    await project.run(['build'])
    const before = await oid(project)
    project.write({ 'models/supporters.sql': supporters(`select 2::bigint as id, 'Bo' as full_name`, 'swap: in_place\n') })
    const refused = await project.run(['build', '--json'])
    expect([refused.exitCode, failureOf(refused)]).toEqual([
      1,
      [
        [
          `analytics.supporters was not written in place, as \`swap: in_place\` says, and is as it was:
  the column id changes from integer to bigint
  the column name is not in the new version
  the column full_name is new`,
          'Build it once with `--full-refresh`, which swaps it: to transactions that began before, it is empty then.',
        ],
      ],
    ])
    expect(await project.query('select id::text, name from analytics.supporters')).toEqual([['1', 'Ana']])
    expect((await project.run(['build', '--full-refresh'])).exitCode).toBe(0)
    expect(await project.query('select id::text, full_name from analytics.supporters')).toEqual([['2', 'Bo']])
    expect(await oid(project)).not.toEqual(before)
    expect(await asides(project)).toEqual([])
  })

  it('refuses where deleting rows would reach into other tables', async () => {
    await using project = await create({
      files: { 'models/supporters.sql': supporters('select 1 as id', 'swap: in_place\nprimary_key: id\n') },
    })
    await project.run(['build'])
    await project.query('create table pledges (supporter integer constraint pledged references analytics.supporters on delete cascade)')
    const refused = await project.run(['build', '--json', '--full-refresh'])
    expect(failureOf(refused)[0]![0]).toBe(
      'analytics.supporters was not replaced, and is as it was:\n  foreign key pledged on table public.pledges cannot be moved to a new relation',
    )
    expect(failureOf(await project.run(['build', '--json']))).toEqual([
      [
        'analytics.supporters was not written in place, as `swap: in_place` says, and is as it was:\n  foreign key pledged on table public.pledges would not survive that its rows are deleted and inserted',
        'Change or drop what is named, then build again.',
      ],
    ])
  })

  it('warns where it means nothing', async () => {
    await using project = await create({ files: { 'models/supporters.sql': '/*---\nswap: in_place\n---*/\nselect 1 as id\n' } })
    const { exitCode, stderr } = await project.run(['list'])
    expect(exitCode).toBe(0)
    expect(stderr).toContain('warning[useless-key]: `swap` means nothing to a model that is no table.')
  })
})

const withDependents = async (create: (typeof postgres)[number]['create']) => {
  const project = await create({ files: { 'models/supporters.sql': people } })
  await project.run(['build'])
  await project.query(`create materialized view analytics.totals as select count(name) as n from analytics.supporters;
create view analytics.above as select n from analytics.totals;
create function analytics.initial(s analytics.supporters) returns text language sql as 'select left(s.name, 1)';
create view analytics.ids as select id from analytics.supporters`)
  return project
}
const relations = (project: CliProject) =>
  project.query(`select relname from pg_class where relnamespace = 'analytics'::regnamespace and relkind in ('r', 'v', 'm')
union all select proname from pg_proc where pronamespace = 'analytics'::regnamespace order by 1`)
const flags = (...names: readonly string[]) => names.flatMap((name) => ['--drop-dependents', name])

describe.each(warehouses)('--drop-dependents on $type', ({ create }) => {
  it('drops what is named where it stands in the way, says so, and keeps everything else', async () => {
    await using project = await withDependents(create)
    project.write({ 'models/supporters.sql': renamed })
    const refused = await project.run(['build', '--json'])
    expect(failureOf(refused)).toEqual([
      [
        `analytics.supporters was not replaced, and is as it was:
  function analytics.initial(analytics.supporters) cannot be moved to a new relation
  materialized view analytics.totals cannot be moved to a new relation`,
        "Change or drop what is named, then build again; `--drop-dependents 'analytics.initial(analytics.supporters)' --drop-dependents analytics.totals` drops them in the same transaction. With the same columns as before, the table would be written in place where that is safe.",
      ],
    ])
    const result = await project.run(['build', '--json', ...flags('analytics.totals', 'analytics.above', 'analytics.initial')])
    expect([result.exitCode, notesOf(result), warningsOf(result)]).toEqual([
      0,
      [
        [
          'Dropped the view analytics.above, as --drop-dependents says.',
          'Dropped the materialized view analytics.totals, as --drop-dependents says.',
          'Dropped the function analytics.initial(analytics.supporters), as --drop-dependents says.',
          'The column name is gone.',
        ],
      ],
      [],
    ])
    expect(await relations(project)).toEqual([['ids'], ['supporters']])
    expect(await project.query('select id::text from analytics.ids')).toEqual([['2']])
  })
})

describe.each(postgres)('--drop-dependents', ({ create }) => {
  it('keeps what need not be lost, and says that the name was in vain', async () => {
    await using project = await withDependents(create)
    const before = await relations(project)
    const result = await project.run(['build', '--json', ...flags('analytics.totals', 'analytics.above')])
    expect([result.exitCode, warningsOf(result)]).toEqual([
      0,
      [
        [
          'not-dropped',
          'The view analytics.above was not dropped: nothing that was built had to lose it.',
          'Leave out `--drop-dependents analytics.above`.',
        ],
        [
          'not-dropped',
          'The materialized view analytics.totals was not dropped: nothing that was built had to lose it.',
          'Leave out `--drop-dependents analytics.totals`.',
        ],
      ],
    ])
    expect(await relations(project)).toEqual(before)
  })

  it('refuses before anything is built what would take other things with it, and what it cannot drop', async () => {
    await using project = await withDependents(create)
    await project.query(`create function analytics.initial(s text) returns text language sql as 'select left(s, 1)'`)
    project.write({ 'models/supporters.sql': renamed })
    const said = async (...names: readonly string[]) => {
      const { exitCode, stderr } = await project.run(['run', '--quiet', ...flags(...names)])
      return `${exitCode}\n${steady(stderr)}`
    }
    expect(await said('analytics.totals')).toMatchInlineSnapshot(`
      "2
      error[unnamed-dependent]: What is dropped would take other things with it, so nothing was done:
        view analytics.above reads the materialized view analytics.totals
        hint: Name them too, each with \`--drop-dependents\`, or drop by hand what cannot be named.
      "
    `)
    expect(await said('analytics.total')).toMatchInlineSnapshot(`
      "2
      error[unknown-dependent]: \`--drop-dependents analytics.total\` names nothing that is there.
        hint: Did you mean \`analytics.totals\`?
      "
    `)
    expect(await said('totals')).toMatchInlineSnapshot(`
      "2
      error[unknown-dependent]: \`--drop-dependents totals\` names nothing that is there.
        hint: Write \`schema.name\` of a view, a materialized view or a function.
      "
    `)
    expect(await said('analytics.supporters')).toMatchInlineSnapshot(`
      "2
      error[unknown-dependent]: \`--drop-dependents analytics.supporters\` names the table analytics.supporters, which is not dropped.
        hint: Views, materialized views and functions can be named. Change or drop anything else by hand.
      "
    `)
    expect(await said('analytics.initial')).toMatchInlineSnapshot(`
      "2
      error[unknown-dependent]: \`--drop-dependents analytics.initial\` names several things: function analytics.initial(analytics.supporters), function analytics.initial(text).
        hint: Write a function with its arguments: \`--drop-dependents 'analytics.initial(text)'\`.
      "
    `)
    expect(await project.query('select name from analytics.supporters')).toEqual([['Ana']])
  })

  it('drops a view of this project, which the same run builds again', async () => {
    await using project = await create({
      files: { 'models/supporters.sql': people, 'models/names.sql': `select name from {{ref 'supporters'}}` },
    })
    await project.run(['build'])
    project.write({ 'models/supporters.sql': renamed })
    const alone = await project.run(['build', 'supporters', '--json', ...flags('analytics.names')])
    expect([alone.exitCode, notesOf(alone)]).toEqual([
      0,
      [['Dropped the view analytics.names, as --drop-dependents says.', 'The column name is gone.']],
    ])
    expect(await relations(project)).toEqual([['supporters']])
  })
})

describe.each(postgres)('an error of the server that passes', ({ create }) => {
  const retriesOf = ({ stdout }: CommandResult) =>
    eventsOf(stdout).flatMap((event) => (event.type === 'retrying' ? [[event.node, event.attempt, event.reason]] : []))

  it('is tried again in models, seeds, tests and exports, and said', async () => {
    await using project = await create({
      files: {
        'seeds/regions.csv': 'region\nnorth\n',
        'models/supporters.sql': supporters(`select flaky('model', '40P01') as id from {{ref 'regions'}}`),
        'tests/known.sql': `select id from {{ref 'supporters'}} where flaky('test', '40001') > 1`,
        'exports/turf.yml': `query: "select flaky('export', '40P01') as id from {{ref 'supporters'}}"\nto: { csv: {} }\n`,
      },
    })
    // Sequences keep what a rollback takes back: it fails twice for each name, then never.
    await project.query(`create sequence model; create sequence test; create sequence export;
create function flaky(name text, code text) returns integer language plpgsql as $$
begin
  if nextval(name) <= 2 then raise exception 'deadlock detected' using errcode = code; end if;
  return 1;
end $$`)
    const result = await project.run(['build', '--json'])
    expect([result.exitCode, retriesOf(result)]).toEqual([
      0,
      [
        ['model:supporters', 1, 'analytics.supporters met deadlock detected (40P01).'],
        ['model:supporters', 2, 'analytics.supporters met deadlock detected (40P01).'],
        ['test:known', 1, 'deadlock detected (40001); trying again.'],
        ['test:known', 2, 'deadlock detected (40001); trying again.'],
        ['export:turf', 1, 'deadlock detected (40P01); trying again.'],
        ['export:turf', 2, 'deadlock detected (40P01); trying again.'],
      ],
    ])
    expect(await project.query('select id::text from analytics.supporters')).toEqual([['1']])
  })

  it('is a schema that another run is creating', async () => {
    await using project = await create({ files: { 'models/supporters.sql': people } })
    const other = new Client({ connectionString: project.url })
    await other.connect()
    try {
      await other.query('begin; create schema analytics')
      const building = project.run(['build', '--json'])
      await waitFor(
        async () =>
          (await project.query(`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)).length > 0,
      )
      await other.query('commit')
      const result = await building
      expect([result.exitCode, retriesOf(result).map(([node, attempt]) => [node, attempt])]).toEqual([0, [[undefined, 1]]])
    } finally {
      await other.end()
    }
  })

  it('ends a test that it meets again and again', async () => {
    await using project = await create({ files: { 'tests/known.sql': 'select 1 where always()' } })
    await project.query(`create function always() returns boolean language plpgsql as $$
begin raise exception 'deadlock detected' using errcode = '40P01'; end $$`)
    const result = await project.run(['test', '--json'])
    expect([result.exitCode, retriesOf(result).length, failureOf(result)[0]![0]]).toEqual([1, 5, 'deadlock detected'])
  })

  it('is a reader who takes long: the swap gives its locks back, says who it is, and others read meanwhile', async () => {
    await using project = await create({ files: { 'models/supporters.sql': people } })
    await project.run(['build'])
    const reader = new Client({ connectionString: project.url, application_name: 'long report' })
    await reader.connect()
    try {
      await reader.query('begin; select * from analytics.supporters')
      const building = project.spawn(['build', '--json'])
      await building.prints(/"type":"retrying"/)
      for (const _ of Array.from({ length: 20 })) expect(await project.query('select name from analytics.supporters')).toEqual([['Ana']])
      await reader.query('commit')
      const { exitCode, stdout } = await building.result
      expect(exitCode).toBe(0)
      expect(String(retriesOf({ exitCode, stdout, stderr: '' })[0]?.[2])).toMatch(
        /^analytics\.supporters waits for process \d+ \(long report, role postgres, idle in transaction\) on analytics\.supporters\.$/,
      )
    } finally {
      await reader.end()
    }
  })
})

/** Asks again and again, each time the server. */
async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await Promise.resolve()
}
