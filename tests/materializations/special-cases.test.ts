/** What the table of cases in nothing-is-lost.test.ts cannot express: other sessions, tablespaces, other kinds of relations, changes between plan and publish. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { databases, type TestDatabase } from '../support/databases.ts'
import { build, rowsOf, type Wanted } from './build-relation.ts'
import { readEverything } from './read-everything.ts'

const { create } = databases.find((one) => one.type === 'postgres')!
const inPlace = (because: string) => ({
  action: 'write table in place',
  rows: 1,
  notes: [`public.supporters was written in place, because a swap would lose or break: ${because}.`],
})

describe('a relation', () => {
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
    await session.run('drop schema public cascade; create schema public')
  })

  const supporters = (wanted: Partial<Wanted> = {}) =>
    build(session, { name: 'supporters', materialized: 'table', sql: `select 1 as id, 'Ana' as name`, ...wanted })
  const indexes = () => rowsOf(session, `select indexdef from pg_indexes where tablename = 'supporters' order by indexname`)

  it('that a temporary view of another session reads is written in place', async () => {
    await supporters()
    await using other = await warehouse.acquire()
    await other.run('create temporary view mine as select id from supporters')
    expect(await supporters()).toEqual(inPlace(String((await temporaryViews())[0]?.[0])))
    expect(await rowsOf(other, 'select id from mine')).toEqual([['1']])
    await other.run('drop view mine')
    expect((await supporters()).action).toBe('swap table')
  })

  const temporaryViews = () =>
    rowsOf(session, `select 'temporary view ' || oid::regclass from pg_class where relpersistence = 't' and relkind = 'v'`)

  it('in a tablespace, or with an index there, is written in place; where the session puts everything there, it is swapped', async () => {
    await session.run(`set allow_in_place_tablespaces = on`)
    await session.run(`create tablespace fast location ''`)
    try {
      const indexed = { indexes: [{ columns: ['id'], unique: false }] }
      await supporters(indexed)
      const [[index]] = (await rowsOf(session, `select indexname from pg_indexes where tablename = 'supporters'`)) as [[string]]
      await session.run(`alter index ${index} set tablespace fast`)
      expect(await supporters(indexed)).toEqual(inPlace(`index ${index}`))
      await session.run(`alter index ${index} set tablespace pg_default; alter table supporters set tablespace fast`)
      const before = await readEverything(session)
      expect(await supporters(indexed)).toEqual(inPlace('tablespace fast'))
      expect(await readEverything(session)).toEqual(before)
      await session.run(`set default_tablespace = 'fast'; drop table supporters`)
      await supporters(indexed)
      expect((await supporters(indexed)).action).toBe('swap table')
    } finally {
      await session.run('reset default_tablespace; drop table if exists supporters')
      await session.run('drop tablespace fast')
    }
  })

  it('that is written in place gets the indexes that the configuration has, and loses those that it had', async () => {
    await supporters({ primaryKey: ['id'], indexes: [{ columns: ['name'], unique: false }] })
    await session.run('create index by_hand on supporters (lower(name)); create policy own on supporters using (true)')
    const because = 'policy own, index by_hand'
    expect(await supporters({ primaryKey: ['name'], indexes: [{ columns: ['id'], unique: true }] })).toEqual(inPlace(because))
    expect(await indexes()).toEqual([
      ['CREATE INDEX by_hand ON public.supporters USING btree (lower(name))'],
      ['CREATE UNIQUE INDEX supporters_id_b85be759 ON public.supporters USING btree (id)'],
      ['CREATE UNIQUE INDEX supporters_pkey_233cbfdc ON public.supporters USING btree (name)'],
    ])
    expect(await supporters()).toEqual(inPlace(because))
    expect(await indexes()).toEqual([['CREATE INDEX by_hand ON public.supporters USING btree (lower(name))']])
  })

  it('that is a view, with what only a view can carry, is not swapped', async () => {
    await session.run(`create function nothing() returns trigger language plpgsql as 'begin return new; end'`)
    await supporters({ materialized: 'view' })
    await session.run('create trigger watch instead of insert on supporters for each row execute function nothing()')
    expect((await supporters({ materialized: 'view' })).action).toBe('replace view')
    await expect(supporters({ materialized: 'view', sql: 'select 1 as other' })).rejects.toMatchObject({
      message: 'public.supporters was not replaced, and is as it was:\n  the trigger watch stands on it and would be lost',
    })
    await session.run('drop trigger watch on supporters; alter view supporters set (security_invoker = true)')
    await expect(supporters()).rejects.toMatchObject({
      message:
        'public.supporters was not replaced, and is as it was:\n  the view option security_invoker=true stands on it and would be lost',
    })
  })

  it('with a view of a role of which this one is no member is written in place, and refused where the columns differ', async () => {
    await session.run(
      `drop role if exists builder, ana; create role builder; create role ana; grant create, usage on schema public to builder, ana`,
    )
    try {
      await session.run('set role builder')
      await supporters()
      await session.run(
        'grant select on supporters to ana; reset role; set role ana; create view theirs as select id from supporters; reset role',
      )
      const before = await readEverything(session)
      await session.run('set role builder')
      expect(await supporters()).toEqual(inPlace('view public.theirs'))
      expect(await readEverything(session)).toEqual(before)
      await expect(supporters({ sql: `select 1 as id, 'Ana' as full_name` })).rejects.toMatchObject({
        message: 'public.supporters was not replaced, and is as it was:\n  view public.theirs belongs to the role ana',
      })
      expect(await readEverything(session)).toEqual(before)
    } finally {
      await session.run('reset role; drop owned by ana, builder; drop role ana, builder')
    }
  })

  it('with another collation by hand is told, and keeps it where a view uses it', async () => {
    await supporters()
    const byHand = 'alter table supporters alter name type text collate "C"'
    await session.run(byHand)
    expect(await supporters()).toMatchObject({ action: 'swap table', notes: ['The column name was text collate "C" and is text.'] })
    await session.run(`${byHand}; create view turf as select name from supporters`)
    await expect(supporters()).rejects.toMatchObject({
      message:
        'public.supporters was not replaced, and is as it was:\n  view public.turf uses the column name, which changes from text collate "C" to text',
    })
  })

  it('whose not-null constraint has a comment is written in place', async () => {
    await supporters({ primaryKey: ['id'] })
    await session.run(`comment on constraint supporters_id_not_null on supporters is 'By hand.'`)
    const before = await readEverything(session)
    expect(await supporters({ primaryKey: ['id'] })).toEqual(inPlace('comment on constraint supporters_id_not_null'))
    expect(await readEverything(session)).toEqual(before)
  })

  it('of a subscription is written in place', async () => {
    await supporters({ primaryKey: ['id'] })
    await session.run(`create subscription inbound connection 'dbname=nowhere' publication outbound with (connect = false, slot_name = none);
      set allow_system_table_mods = on; insert into pg_subscription_rel select oid, 'supporters'::regclass, 'r' from pg_subscription; reset allow_system_table_mods`)
    try {
      expect(await supporters({ primaryKey: ['id'] })).toEqual(inPlace('subscription inbound'))
    } finally {
      await session.run('delete from pg_subscription_rel; drop subscription inbound')
    }
  })

  it('that is a table with an index by hand does not become a view', async () => {
    await supporters()
    await session.run('create index by_hand on supporters (lower(name))')
    await expect(supporters({ materialized: 'view' })).rejects.toMatchObject({
      message: 'public.supporters was not replaced, and is as it was:\n  the index by_hand stands on it and would be lost',
    })
    await session.run('drop index by_hand')
    expect((await supporters({ materialized: 'view' })).action).toBe('swap table for view')
  })

  it('keeps the comments of its columns from view to table and back', async () => {
    await supporters()
    await session.run(`comment on column supporters.name is 'By hand.'`)
    for (const materialized of ['view', 'table'] as const) {
      await supporters({ materialized })
      expect(await rowsOf(session, `select col_description('supporters'::regclass, 2)`)).toEqual([['By hand.']])
    }
  })

  it.each([
    ['alter table supporters alter name set storage external', 'storage of column name'],
    ['alter table supporters inherit people', 'parent table public.people'],
    ['alter table supporters set (toast.autovacuum_enabled = false)', 'storage option toast.autovacuum_enabled=false'],
    ['alter table supporters alter name set statistics 7', 'statistics target of column name'],
    [`comment on index supporters_name_3cbfc9c4 is 'By hand.'`, 'comment on index supporters_name_3cbfc9c4'],
    ['alter table supporters cluster on supporters_name_3cbfc9c4', 'index supporters_name_3cbfc9c4'],
    ['create domain known as supporters[]', 'type public.known'],
    ['create policy own on supporters using (true)', 'policy own'],
    ['create statistics both_columns on id, name from supporters', 'extended statistics both_columns'],
  ])('that somebody changes between plan and publish is planned again: %s', async (change, because) => {
    const wanted = { indexes: [{ columns: ['name'], unique: false }] }
    await session.run('create table people (id integer, name text)')
    await supporters(wanted)
    await session.run('create view turf as select id from supporters')
    let changed = false
    const publishQueue = async <T>(work: () => Promise<T>): Promise<T> => {
      if (!changed) await session.run(change)
      changed = true
      return await work()
    }
    const model: Wanted = { name: 'supporters', materialized: 'table', sql: `select 1 as id, 'Ana' as name`, ...wanted }
    expect(await build(session, model, { publishQueue })).toEqual(inPlace(because))
  })
})
