import { relationKey } from '../../src/core/relation.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { databases, type TestDatabase } from '../support/databases.ts'
import { build, rowsOf } from './build-relation.ts'

describe.each(databases)('$type', ({ type, create }) => {
  let database: TestDatabase
  let warehouse: Warehouse
  let session: Session

  beforeAll(async () => {
    database = await create()
    warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    session = await warehouse.acquire()
  })
  afterAll(async () => {
    await session?.[Symbol.asyncDispose]()
    await warehouse?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await session.run(`begin; drop schema if exists other cascade; drop schema public cascade; create schema public; commit`)
  })

  const supporters = (sql: string, more = {}) => build(session, { name: 'supporters', materialized: 'table', sql, ...more })
  const asides = () => rowsOf(session, `select relname from pg_class where relname ~ '__(new|old)_' and relkind in ('r', 'v', 'i')`)

  it('creates a table with indexes, primary key, comments and grants', async () => {
    const applied = await supporters(`select 1 as id, 'Ana' as name union all select 2, 'Bo' -- two`, {
      description: 'Everybody we know.',
      columns: [{ name: 'id', description: `The supporter's id.` }],
      primaryKey: ['id'],
      indexes: [{ columns: ['name'], unique: false }],
      grants: { select: ['public'] },
    })
    expect(applied).toEqual({ action: 'create table', notes: [], rows: 2 })
    expect(await rowsOf(session, `select * from supporters order by 1`)).toEqual([
      ['1', 'Ana'],
      ['2', 'Bo'],
    ])
    expect(await rowsOf(session, `select obj_description('supporters'::regclass), col_description('supporters'::regclass, 1)`)).toEqual([
      ['Everybody we know.\nsqlflow: field/model:supporters', `The supporter's id.`],
    ])
    expect(await rowsOf(session, `select indexdef from pg_indexes where tablename = 'supporters' order by 1`)).toEqual([
      ['CREATE INDEX supporters_name_3cbfc9c4 ON public.supporters USING btree (name)'],
      ['CREATE UNIQUE INDEX supporters_pkey_233cbfdc ON public.supporters USING btree (id)'],
    ])
    expect(await rowsOf(session, `select has_table_privilege('public', 'supporters', 'select')`)).toEqual([['t']])
  })

  it('swaps a table with its indexes and primary key, and leaves nothing aside', async () => {
    const more = { primaryKey: ['id'], indexes: [{ columns: ['name'], unique: true, method: 'btree' }] }
    await supporters(`select 1 as id, 'Ana' as name`, more)
    const before = await rowsOf(session, `select indexname from pg_indexes where tablename = 'supporters' order by 1`)
    expect(await supporters(`select 2 as id, 'Bo' as name`, more)).toEqual({ action: 'swap table', notes: [], rows: 1 })
    expect(await rowsOf(session, `select * from supporters`)).toEqual([['2', 'Bo']])
    expect(await rowsOf(session, `select indexname from pg_indexes where tablename = 'supporters' order by 1`)).toEqual(before)
    expect(await asides()).toEqual([])
  })

  it('re-points dependent views, which keep identity, owner, grants, comments and options', async () => {
    await supporters(`select 1 as id, 'Ana' as name`)
    await session.run(`create view turf with (security_barrier = true, security_invoker = true) as select id, upper(name) as name from supporters where id > 0 with local check option;
      comment on view turf is 'By hand.';
      grant select on turf to public;
      create view above as select count(*) as n from turf;
      create view counted as select count(*) as n from supporters s`)
    const state = () =>
      rowsOf(
        session,
        `select c.oid, relname, relacl, reloptions, obj_description(c.oid), pg_get_viewdef(c.oid) from pg_class c where relkind = 'v' and relnamespace = 'public'::regnamespace order by 2`,
      )
    const before = await state()
    expect((await supporters(`select 2 as id, 'Bo' as name union all select 3, 'Cy'`)).action).toBe('swap table')
    expect(await state()).toEqual(before)
    expect(await rowsOf(session, `select name from turf order by 1`)).toEqual([['BO'], ['CY']])
    expect(await rowsOf(session, `select n, (select n from counted) from above`)).toEqual([['2', '2']])
    expect(await asides()).toEqual([])
  })

  it('carries privileges of table and columns over', async () => {
    await supporters(`select 1 as id, 'Ana' as name`)
    const role = `reader_${type}`
    await session.run(`drop role if exists ${role}; create role ${role}`)
    await session.run(
      `grant select, insert on supporters to ${role} with grant option; grant update (name), references (id) on supporters to public; revoke truncate on supporters from current_user`,
    )
    const acl = () =>
      rowsOf(
        session,
        `select relacl::text, (select array_agg(attacl::text order by attnum) from pg_attribute where attrelid = c.oid and attnum > 0) from pg_class c where relname = 'supporters'`,
      )
    const before = await acl()
    await supporters(`select 2 as id, 'Bo' as name`)
    expect(await acl()).toEqual(before)
    await supporters(`select 2 as id`)
    expect((await acl())[0]![0]).toEqual(before[0]![0])
    await session.run(`drop owned by ${role}; drop role ${role}`)
  })

  it('replaces a view, and swaps it where its columns change', async () => {
    const turf = (sql: string) => build(session, { name: 'turf', materialized: 'view', sql })
    expect((await turf(`select 1 as id`)).action).toBe('create view')
    await session.run(`alter view turf set (security_barrier = true)`)
    expect((await turf(`select 2 as id, 'x' as name`)).action).toBe('replace view')
    await session.run(`create view above as select id from turf`)
    expect((await turf(`select 'y' as name, 3 as id`)).action).toBe('swap view')
    expect(await rowsOf(session, `select id from above`)).toEqual([['3']])
    expect(await rowsOf(session, `select name, id, (select reloptions from pg_class where relname = 'turf') from turf`)).toEqual([
      ['y', '3', '{security_barrier=true}'],
    ])
    expect(await asides()).toEqual([])
  })

  it('changes table to view and back under a dependent view', async () => {
    await supporters(`select 1 as id`, { primaryKey: ['id'] })
    await session.run(`create view above as select id from supporters`)
    const asView = await supporters(`select 2 as id`, { materialized: 'view' })
    expect(asView.action).toBe('swap table for view')
    expect(await rowsOf(session, `select id from above`)).toEqual([['2']])
    expect((await supporters(`select 3 as id`, { primaryKey: ['id'] })).action).toBe('swap view for table')
    expect(await rowsOf(session, `select id from above`)).toEqual([['3']])
    expect(await asides()).toEqual([])
  })

  it('writes in place under what a swap would break or lose', async () => {
    await supporters(`select 1 as id, 'Ana' as name`)
    await session.run(`create materialized view totals as select count(*) from supporters;
      alter table supporters enable row level security;
      create policy readers on supporters for select using (true);
      create index by_hand on supporters (lower(name))`)
    const oid = await rowsOf(session, `select 'supporters'::regclass::oid`)
    expect(await supporters(`select 2 as id, 'Bo' as name`)).toEqual({
      action: 'write table in place',
      rows: 1,
      notes: [
        'public.supporters was written in place, because a swap would lose or break: policy readers, row-level security supporters, index by_hand, materialized view public.totals.',
      ],
    })
    expect(await rowsOf(session, `select 'supporters'::regclass::oid`)).toEqual(oid)
    expect(await rowsOf(session, `select * from supporters`)).toEqual([['2', 'Bo']])
    expect(await asides()).toEqual([])
  })

  it('keeps rows of other tables that refer to a table written in place', async () => {
    await supporters(`select 1 as id`, { primaryKey: ['id'] })
    await session.run(`create table pledges (supporter_id integer references supporters (id)); insert into pledges values (1)`)
    const applied = await supporters(`select 1 as id union all select 2`, { primaryKey: ['id'] })
    expect(applied).toMatchObject({ action: 'write table in place', rows: 2 })
    expect(await rowsOf(session, `select * from supporters order by 1`)).toEqual([['1'], ['2']])
    await expect(supporters(`select 2 as id`, { primaryKey: ['id'] })).rejects.toMatchObject({ sqlState: '23503' })
    expect(await rowsOf(session, `select * from supporters order by 1`)).toEqual([['1'], ['2']])
    await session.run(
      `alter table pledges drop constraint pledges_supporter_id_fkey, add constraint mine foreign key (supporter_id) references supporters (id) on delete cascade`,
    )
    await expect(supporters(`select 1 as id`, { primaryKey: ['id'] })).rejects.toMatchObject({
      code: 'swap-refused',
      message:
        'public.supporters was not replaced, and is as it was:\n  foreign key mine on table public.pledges cannot be moved to a new relation',
    })
    expect(await asides()).toEqual([])
  })

  it('refuses to take away or retype a column that views use, naming each', async () => {
    await supporters(`select 1 as id, 'Ana' as name, 5 as pledge`)
    await session.run(`create view turf as select id, name from supporters; create view pledged as select pledge from supporters`)
    await expect(supporters(`select 1 as id, 5.5 as pledge`)).rejects.toMatchObject({
      code: 'swap-refused',
      message: `public.supporters was not replaced, and is as it was:
  view public.pledged uses the column pledge, which changes from integer to numeric
  view public.turf uses the column name, which the new version does not have`,
    })
    expect(await rowsOf(session, `select * from supporters`)).toEqual([['1', 'Ana', '5']])
    expect(await asides()).toEqual([])
  })

  it('leaves children that are rebuilt later on the old relation until their turn', async () => {
    await supporters(`select 1 as id, 'Ana' as name`)
    await build(session, { name: 'turf', materialized: 'view', sql: 'select id, name from public.supporters' })
    const applied = await supporters(`select 2 as id, 'Bo' as first_name`, {
      rebuiltLater: new Set([relationKey({ schema: 'public', name: 'turf' })]),
    })
    expect(applied.leftBehind).toMatchObject({ schema: 'public', kind: 'table' })
    expect(await rowsOf(session, `select name from turf`)).toEqual([['Ana']])
    expect((await build(session, { name: 'turf', materialized: 'view', sql: 'select id, first_name from public.supporters' })).action).toBe(
      'swap view',
    )
    expect(await rowsOf(session, `select first_name from turf`)).toEqual([['Bo']])
    await session.run(`drop table public."${applied.leftBehind!.name}"`)
    expect(await asides()).toEqual([])
  })

  it('never replaces what this project did not build', async () => {
    await session.run(`create table supporters (id integer)`)
    const [[owner]] = (await rowsOf(session, 'select current_user')) as [[string]]
    await expect(supporters(`select 1 as id`)).rejects.toMatchObject({
      code: 'not-ours',
      message: `public.supporters is a table of the role ${owner}. This project did not build it, so it is not replaced.`,
      hint: `Rename it, or give the node another name with \`alias\`. To replace it by this node, once: \`--adopt supporters\`.`,
    })
    await session.run(`comment on table supporters is 'sqlflow: phones/model:supporters'`)
    await expect(supporters(`select 1 as id`)).rejects.toMatchObject({
      message: `public.supporters is a table of the role ${owner}. The project phones built it, so it is not replaced.`,
    })
    await session.run(`comment on table supporters is 'sqlflow: field/model:supporters'`)
    expect((await supporters(`select 1 as id`)).action).toBe('swap table')
  })

  it.each(['Mixed Case', 'select', `quote"d 'name'`, 'ä'.repeat(31), 'x'.repeat(63), '$check$'])(
    'builds a relation named %s',
    async (name) => {
      const wanted = {
        name,
        primaryKey: ['Order'],
        indexes: [{ columns: ['a"b'], unique: false }],
        sql: `select 1 as "Order", 2 as "a""b"`,
      }
      for (const materialized of ['table', 'table', 'view', 'view', 'table'] as const) await build(session, { ...wanted, materialized })
      expect(
        await rowsOf(session, `select relname from pg_class where relkind in ('r', 'v') and relnamespace = 'public'::regnamespace`),
      ).toEqual([[name]])
      expect(await asides()).toEqual([])
    },
  )

  it('builds a SELECT without columns, and one of untyped text', async () => {
    for (const materialized of ['table', 'table', 'view', 'view'] as const) await supporters('select', { materialized })
    for (const materialized of ['table', 'table', 'view', 'view'] as const) await supporters(`select 'x' as a, null as b`, { materialized })
    expect(await rowsOf(session, `select pg_typeof(a), pg_typeof(b) from supporters`)).toEqual([['text', 'text']])
  })

  it('leads errors to the compiled SQL', async () => {
    await expect(supporters(`select 1 as id, 2 as id`)).rejects.toMatchObject({
      message: 'column "id" specified more than once',
      hint: 'Two columns of the SELECT have the same name. Give one of them another with `as`.',
    })
    for (const materialized of ['table', 'view'] as const) {
      await expect(supporters(`select '😀', nothing`, { materialized })).rejects.toMatchObject({ compiledOffset: 13 })
    }
    await supporters(`select 1 as id`)
    await expect(supporters(`select '😀', nothing`)).rejects.toMatchObject({ compiledOffset: 13 })
    await expect(supporters(`select 1 as id`, { primaryKey: ['idd'] })).rejects.toMatchObject({
      message: 'column "idd" of relation "supporters" does not exist',
    })
    expect(await rowsOf(session, `select * from supporters`)).toEqual([['1']])
    expect(await asides()).toEqual([])
  })
})
