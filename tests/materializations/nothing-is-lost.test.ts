/**
 * Whatever stands on a table, or refers to it, is the same after the table was built again: kept in a swap, kept by writing in place, or kept by
 * refusing. Every case compares all that the database holds beside rows, so that a loss of something that nobody thought of fails too.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { databases, type TestDatabase } from '../support/databases.ts'
import { build, rowsOf, type Wanted } from './build-relation.ts'
import { readEverything } from './read-everything.ts'

interface Case {
  readonly what: string
  /** What somebody does after the first build. */
  readonly given: string
  /** `kept`: in a swap. `in place`, `refused`: the names that the note or the message gives. */
  readonly outcome: 'kept' | { readonly inPlace: string } | { readonly refused: string } | { readonly error: string }
  readonly wanted?: Partial<Wanted>
  /** A query that still has to work, with its rows after the second build. */
  readonly reads?: { readonly sql: string; readonly rows: readonly (readonly (string | null)[])[] }
}

const supportersAgain = { sql: 'select id from supporters order by 1', rows: [['1'], ['2']] }

const cases: readonly Case[] = [
  // On the table.
  { what: 'a comment on a column', given: `comment on column supporters.name is 'By hand.'`, outcome: 'kept' },
  {
    what: 'privileges of everybody and of columns, with grant option',
    given: `grant select, insert on supporters to stranger with grant option; grant update (name), references (id) on supporters to public; grant select (id) on supporters to other`,
    outcome: 'kept',
  },
  { what: 'a privilege that the owner gave up', given: 'revoke delete, truncate on supporters from current_user', outcome: 'kept' },
  {
    what: 'default privileges, which the first build was before',
    given:
      'alter default privileges in schema public grant all on tables to stranger; alter default privileges grant select on tables to public',
    outcome: 'kept',
  },
  { what: 'another owner', given: 'alter table supporters owner to other; grant create on schema public to other', outcome: 'kept' },
  {
    what: 'a trigger',
    given: `create trigger watch after insert on supporters for each row execute function nothing()`,
    outcome: { inPlace: 'trigger watch' },
  },
  {
    what: 'a disabled trigger',
    given: `create trigger watch after insert on supporters for each row execute function nothing(); alter table supporters disable trigger watch`,
    outcome: { inPlace: 'trigger watch' },
  },
  {
    what: 'a rule',
    given: 'create rule quiet as on update to supporters do instead nothing',
    outcome: { refused: 'the rule quiet stands on it and would be lost' },
  },
  {
    what: 'row-level security without a policy',
    given: 'alter table supporters enable row level security',
    outcome: { inPlace: 'row-level security supporters' },
  },
  {
    what: 'row-level security that is forced only',
    given: 'alter table supporters force row level security',
    outcome: { inPlace: 'row-level security supporters' },
  },
  {
    what: 'row-level security with policies',
    given: `alter table supporters enable row level security; create policy own on supporters for select to stranger using (name = current_user)`,
    outcome: { inPlace: 'policy own, row-level security supporters' },
  },
  { what: 'a policy that is not in force', given: 'create policy own on supporters using (true)', outcome: { inPlace: 'policy own' } },
  {
    what: 'membership in a publication, with columns and a filter',
    given: 'create publication outbound for table supporters (id, name) where (id > 0)',
    outcome: { inPlace: 'publication outbound' },
  },
  { what: 'a publication of the whole schema', given: 'create publication outbound for tables in schema public', outcome: 'kept' },
  {
    what: 'membership in a publication without an identity of rows',
    given: 'create publication outbound for table supporters',
    wanted: { primaryKey: [] },
    outcome: { error: 'cannot delete from table "supporters" because it does not have a replica identity and publishes deletes' },
  },
  {
    what: 'extended statistics',
    given: 'create statistics both_columns on id, name from supporters',
    outcome: { inPlace: 'extended statistics both_columns' },
  },
  { what: 'storage options', given: 'alter table supporters set (fillfactor = 70)', outcome: { inPlace: 'storage option fillfactor=70' } },
  {
    what: 'storage options of the toast table',
    given: 'alter table supporters set (toast.autovacuum_enabled = false)',
    outcome: { inPlace: 'storage option toast.autovacuum_enabled=false' },
  },
  {
    what: 'the storage of a column',
    given: 'alter table supporters alter name set storage external',
    outcome: { inPlace: 'storage of column name' },
  },
  {
    what: 'the compression of a column',
    given: 'alter table supporters alter name set compression pglz',
    outcome: { inPlace: 'compression of column name' },
  },
  {
    what: 'the statistics target of a column',
    given: 'alter table supporters alter name set statistics 1000',
    outcome: { inPlace: 'statistics target of column name' },
  },
  {
    what: 'the number of distinct values of a column',
    given: 'alter table supporters alter name set (n_distinct = 5)',
    outcome: { inPlace: 'statistics target of column name' },
  },
  {
    what: 'replica identity of nothing',
    given: 'alter table supporters replica identity nothing',
    outcome: { inPlace: 'replica identity nothing' },
  },
  { what: 'replica identity full', given: 'alter table supporters replica identity full', outcome: { inPlace: 'replica identity full' } },
  {
    what: 'replica identity by an index',
    given: `create unique index by_id on supporters (id); alter table supporters replica identity using index by_id`,
    outcome: { inPlace: 'replica identity index, index by_id' },
  },
  { what: 'unlogged storage', given: 'alter table supporters set unlogged', outcome: { inPlace: 'unlogged storage supporters' } },
  {
    what: 'an identity column',
    given: 'alter table supporters alter id add generated always as identity',
    outcome: { refused: 'the identity column id stands on it and would be lost' },
  },
  {
    what: 'a generated column',
    given: 'alter table supporters drop column name, add column name text generated always as (id::text) stored',
    outcome: { refused: 'the generated column name stands on it and would be lost' },
  },
  { what: 'a default', given: `alter table supporters alter name set default 'nobody'`, outcome: { inPlace: 'default of column name' } },
  {
    what: 'a sequence owned by a column',
    given: `create sequence numbers owned by supporters.id; alter table supporters alter id set default nextval('numbers')`,
    outcome: { inPlace: 'default of column id, sequence public.numbers' },
  },
  {
    what: 'a parent table',
    given: 'create table people (id integer, name text); alter table supporters inherit people',
    outcome: { inPlace: 'parent table public.people' },
  },
  {
    what: 'a child table',
    given: 'create table donors (amount numeric) inherits (supporters)',
    outcome: { refused: 'the child table public.donors stands on it and would be lost' },
  },
  {
    what: 'being a partition',
    given: `create table people (id integer not null, name text) partition by range (id); alter table people attach partition supporters for values from (0) to (100)`,
    outcome: { inPlace: 'parent table public.people' },
  },
  {
    what: 'a type that it is of',
    given: 'create type person as (id integer, name text); alter table supporters of person',
    outcome: { inPlace: 'type public.person' },
  },
  {
    what: 'a check constraint',
    given: 'alter table supporters add constraint positive check (id > 0)',
    outcome: { inPlace: 'check constraint positive' },
  },
  {
    what: 'a check constraint that is not validated',
    given: 'alter table supporters add constraint positive check (id > 0) not valid',
    outcome: { inPlace: 'check constraint positive' },
  },
  {
    what: 'a column that must not be null',
    given: 'alter table supporters alter name set not null',
    outcome: { inPlace: 'not-null constraint on column name' },
  },
  {
    what: 'a unique constraint',
    given: 'alter table supporters add constraint one_name unique (name)',
    outcome: { inPlace: 'constraint one_name, index one_name' },
  },
  {
    what: 'an exclusion constraint',
    given: 'alter table supporters add constraint apart exclude using btree (name with =)',
    outcome: { inPlace: 'constraint apart, index apart' },
  },
  {
    what: 'a primary key by hand',
    given: 'alter table supporters add constraint by_hand primary key (id)',
    wanted: { primaryKey: [] },
    outcome: { inPlace: 'index by_hand' },
  },
  { what: 'a partial index', given: 'create index positive on supporters (name) where id > 0', outcome: { inPlace: 'index positive' } },
  {
    what: 'an index on an expression',
    given: 'create index lower_name on supporters (lower(name))',
    outcome: { inPlace: 'index lower_name' },
  },
  {
    what: 'an index with included columns',
    given: 'create unique index wide on supporters (id) include (name)',
    outcome: { inPlace: 'index wide' },
  },
  {
    what: 'options of an index of ours',
    given: 'alter index supporters_name_3cbfc9c4 set (fillfactor = 50)',
    outcome: { inPlace: 'index supporters_name_3cbfc9c4' },
  },
  {
    what: 'the mark of CLUSTER on an index of ours',
    given: 'alter table supporters cluster on supporters_name_3cbfc9c4',
    outcome: { inPlace: 'index supporters_name_3cbfc9c4' },
  },
  {
    what: 'a comment on an index of ours',
    given: `comment on index supporters_name_3cbfc9c4 is 'By hand.'`,
    outcome: { inPlace: 'comment on index supporters_name_3cbfc9c4' },
  },
  {
    what: 'a comment on the primary key of ours',
    given: `comment on constraint supporters_pkey_233cbfdc on supporters is 'By hand.'`,
    outcome: { inPlace: 'comment on constraint supporters_pkey_233cbfdc' },
  },
  {
    what: 'a security label',
    given: `set allow_system_table_mods = on; insert into pg_seclabel select 'supporters'::regclass, 'pg_class'::regclass, 0, 'guard', 'secret'; reset allow_system_table_mods`,
    outcome: { inPlace: 'security label guard' },
  },
  {
    what: 'a security label of a column',
    given: `set allow_system_table_mods = on; insert into pg_seclabel select 'supporters'::regclass, 'pg_class'::regclass, 2, 'guard', 'secret'; reset allow_system_table_mods`,
    outcome: { inPlace: 'security label guard' },
  },
  {
    what: 'membership in an extension',
    given: 'alter extension plpgsql add table supporters',
    outcome: { refused: 'the extension plpgsql stands on it and would be lost' },
  },
  {
    what: 'an index of ours that depends on an extension',
    given: 'alter index supporters_name_3cbfc9c4 depends on extension plpgsql',
    outcome: { inPlace: 'index supporters_name_3cbfc9c4' },
  },
  {
    what: 'another access method',
    given: 'create access method other_heap type table handler heap_tableam_handler; alter table supporters set access method other_heap',
    outcome: { inPlace: 'access method other_heap' },
  },
  {
    what: 'a foreign key to another table',
    given:
      'create table people (id integer primary key); insert into people values (1), (2); alter table supporters add constraint to_people foreign key (id) references people on delete cascade',
    outcome: { inPlace: 'foreign key to_people' },
  },
  {
    what: 'a foreign key to itself',
    given: 'alter table supporters add constraint to_itself foreign key (id) references supporters on delete cascade',
    outcome: { inPlace: 'foreign key to_itself' },
  },

  // Elsewhere, referring to the table.
  ...(['no action', 'restrict', 'cascade', 'set null', 'set default'] as const).map((action): Case => ({
    what: `a foreign key that refers to it, on delete ${action}`,
    given: `create table pledges (supporter integer constraint pledged references supporters on delete ${action}); insert into pledges values (1)`,
    outcome:
      action === 'no action'
        ? { inPlace: 'foreign key pledged on table public.pledges' }
        : { refused: 'foreign key pledged on table public.pledges cannot be moved to a new relation' },
    reads: { sql: 'select supporter from pledges', rows: [['1']] },
  })),
  {
    what: 'a foreign key that refers to it, on update cascade, deferred',
    given:
      'create table pledges (supporter integer constraint pledged references supporters on update cascade deferrable initially deferred); insert into pledges values (1)',
    outcome: { inPlace: 'foreign key pledged on table public.pledges' },
  },
  {
    what: 'a foreign key of a partitioned table that refers to it',
    given: `create table pledges (supporter integer constraint pledged references supporters) partition by list (supporter);
      create table pledges_1 partition of pledges for values in (1); insert into pledges values (1)`,
    outcome: { inPlace: 'foreign key pledged on table public.pledges, foreign key pledged on table public.pledges_1' },
    reads: { sql: 'select supporter from pledges', rows: [['1']] },
  },
  {
    what: 'a constraint trigger elsewhere, from it',
    given:
      'create table log (id integer); create constraint trigger watch after insert on log from supporters for each row execute function nothing()',
    outcome: { inPlace: 'trigger watch on table public.log' },
  },
  {
    what: 'a default, a check and an index elsewhere that name it',
    given: `create table log (id integer, of regclass default 'supporters'::regclass constraint known check (of <> 'supporters'::regclass or id > 0));
      create index own on log ((of = 'supporters'::regclass))`,
    outcome: { inPlace: 'constraint known on table public.log, default value for column of of table public.log, index public.own' },
  },
  {
    what: 'views on views on views, some of which read it too',
    given: `create view turf as select id, name from supporters; create view above as select t.id, s.name from turf t join supporters s using (id);
      create view highest with (security_barrier = true) as select * from above; comment on view highest is 'By hand.'; grant select on above to stranger`,
    outcome: 'kept',
    reads: { sql: 'select id from highest order by 1', rows: [['1'], ['2']] },
  },
  {
    what: 'a view, its comment, privileges, options, defaults, rules and triggers',
    given: `create view turf with (security_barrier = true, security_invoker = true, check_option = local) as select id, name from supporters where id > 0;
      comment on view turf is 'By hand.'; comment on column turf.id is 'By hand, too.'; grant select on turf to stranger with grant option; grant update (name) on turf to public;
      alter view turf alter name set default 'nobody'; create rule quiet as on delete to turf do instead nothing;
      create trigger watch instead of insert on turf for each row execute function nothing()`,
    outcome: 'kept',
    reads: { sql: 'select id from turf order by 1', rows: [['1'], ['2']] },
  },
  {
    what: 'a view of another owner, for a superuser',
    given: `create view turf as select id from supporters; alter view turf owner to other; grant select on supporters to other`,
    outcome: 'kept',
    reads: { sql: 'set role other; select id from turf order by 1; reset role; select id from turf order by 1', rows: [['1'], ['2']] },
  },
  {
    what: 'a materialized view',
    given: 'create materialized view totals as select count(*) as n from supporters; create index by_n on totals (n)',
    outcome: { inPlace: 'materialized view public.totals' },
    reads: { sql: 'refresh materialized view totals; select n from totals', rows: [['2']] },
  },
  {
    what: 'a view with the row as a column',
    given: 'create view turf as select s from supporters s',
    outcome: { inPlace: 'view public.turf' },
  },
  {
    what: 'a view that uses the row type alone',
    given: 'create view turf as select null::supporters is null as empty',
    outcome: { inPlace: 'view public.turf' },
  },
  {
    what: 'a rule elsewhere',
    given: 'create table log (id integer); create rule copied as on insert to log do also delete from supporters where id < 0',
    outcome: { inPlace: 'rule on public.log' },
  },
  {
    what: 'a view that reads it in a rule too',
    given:
      'create view turf as select id from supporters; create rule quiet as on delete to turf do instead delete from supporters where id = old.id',
    outcome: { inPlace: 'rule on public.turf' },
  },
  {
    what: 'a policy elsewhere',
    given: 'create table pledges (supporter integer); create policy known on pledges using (supporter in (select id from supporters))',
    outcome: { inPlace: 'policy known on table public.pledges' },
  },
  {
    what: 'a function that takes its row',
    given: `create function initial(s supporters) returns text language sql as 'select left(s.name, 1)'`,
    outcome: { inPlace: 'function public.initial(public.supporters)' },
    reads: { sql: 'select s.initial from supporters s order by 1', rows: [['A'], ['B']] },
  },
  {
    what: 'a function that returns its rows',
    given: `create function everybody() returns setof supporters language sql as 'select * from supporters'`,
    outcome: { inPlace: 'function public.everybody()' },
    reads: { sql: 'select id from everybody() order by 1', rows: [['1'], ['2']] },
  },
  {
    what: 'a function whose body is parsed',
    given: 'create function how_many() returns bigint begin atomic select count(*) from supporters; end',
    outcome: { inPlace: 'function public.how_many()' },
    reads: { sql: 'select how_many()', rows: [['2']] },
  },
  {
    what: 'a procedure that takes an array of its rows',
    given: `create procedure take(all_of supporters[]) language sql as 'select 1'`,
    outcome: { inPlace: 'function public.take(public.supporters[])' },
  },
  {
    what: 'a column of its row type',
    given: 'create table visits (who supporters)',
    outcome: { inPlace: 'column who of table public.visits' },
  },
  {
    what: 'a composite type with its row type',
    given: 'create type pair as (a supporters, b supporters[])',
    outcome: { inPlace: 'composite type public.pair' },
  },
  { what: 'a domain over its row type', given: 'create domain known as supporters', outcome: { inPlace: 'type public.known' } },
  {
    what: 'a cast from its row type',
    given: `create function spell(s supporters) returns text language sql as 'select s.name'; create cast (supporters as text) with function spell`,
    outcome: { inPlace: 'cast from public.supporters to text, function public.spell(public.supporters)' },
  },
  {
    what: "statistics, a trigger and a policy of a view's other table",
    given:
      'create table other_table (id integer); create view turf as select o.id from other_table o join supporters s using (id); create statistics far on id, (id + 1) from other_table',
    outcome: 'kept',
  },
]

const before: Partial<Wanted> = { primaryKey: ['id'], indexes: [{ columns: ['name'], unique: false }] }

describe.each(databases)('$type', ({ create }) => {
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
    await session.run(`do $$ begin if exists (select from pg_depend where deptype = 'e' and objid = to_regclass('supporters')) then alter extension plpgsql drop table supporters; end if; end $$;
      begin; drop schema public cascade; create schema public; drop access method if exists other_heap; drop publication if exists outbound; delete from pg_seclabel;
      drop role if exists stranger, other; create role stranger; create role other; grant usage on schema public to public;
      create function nothing() returns trigger language plpgsql as 'begin return new; end'; commit`)
  })

  const supporters = (wanted: Partial<Wanted>) =>
    build(session, {
      name: 'supporters',
      materialized: 'table',
      sql: `select 1 as id, 'Ana' as name union all select 2, 'Bo'`,
      ...before,
      ...wanted,
    })

  it.each(cases)('$what', async ({ given, outcome, wanted = {}, reads = supportersAgain }) => {
    await supporters(wanted)
    await session.run(given)
    const had = await readEverything(session)
    const done = await supporters(wanted).then(
      ({ action, notes }) => ({ action, notes }),
      (error: unknown) => (error instanceof Error ? error.message : error),
    )
    expect(done).toEqual(expectedOf(outcome))
    expect(await readEverything(session)).toEqual(had)
    expect(await rowsOf(session, reads.sql)).toEqual(reads.rows)
  })
})

function expectedOf(outcome: Case['outcome']): unknown {
  if (outcome === 'kept') return { action: 'swap table', notes: [] }
  if ('error' in outcome) return outcome.error
  if ('refused' in outcome) return `public.supporters was not replaced, and is as it was:\n  ${outcome.refused}`
  const note = `public.supporters was written in place, because a swap would lose or break: ${outcome.inPlace}.`
  return { action: 'write table in place', notes: [note] }
}
