/** A statement for each refusal of the stand-in, by what it refuses; `[` stands before the word that the error points to. */
export const refusedStatements: Readonly<
  Record<string, { readonly sql: string; readonly message: string; readonly inTransaction?: true }>
> = {
  indexes: {
    sql: '[create index supporters_id on supporters (id)',
    message: 'SQL command "create index supporters_id on supporters (id)" not supported on Redshift tables.',
  },
  triggers: {
    sql: '[create trigger audit after insert on supporters execute function audit()',
    message: 'SQL command "create trigger audit after insert on supporters execute function audit()" not supported on Redshift tables.',
  },
  rules: {
    sql: '[create rule quiet as on insert to supporters do nothing',
    message: 'SQL command "create rule quiet as on insert to supporters do nothing" not supported on Redshift tables.',
  },
  sequences: { sql: '[create sequence ids', message: 'SQL command "create sequence ids" not supported on Redshift tables.' },
  'types of one’s own': {
    sql: "[create type mood as enum ('glad')",
    message: 'SQL command "create type mood as enum (\'glad\')" not supported on Redshift tables.',
  },
  extensions: { sql: 'create [extension pgcrypto', message: 'syntax error at or near "extension"' },
  tablespaces: {
    sql: "[create tablespace fast location '/fast'",
    message: 'SQL command "create tablespace fast location \'/fast\'" not supported on Redshift tables.',
  },
  'blocks of code': { sql: '[do $$ begin end $$', message: 'syntax error at or near "do"' },
  'unlogged tables': { sql: 'create [unlogged table staged (id int)', message: 'syntax error at or near "unlogged"' },
  'if not exists of a table from a query': {
    sql: 'create table if not exists totals [as select 1 as total',
    message: 'syntax error at or near "as"',
  },
  'types for the columns of a table from a query': {
    sql: 'create table totals (total [int) as select 1',
    message: 'syntax error at or near "int"',
  },
  'columns of types that it does not have': {
    sql: 'create table keys (id int, [token uuid)',
    message: 'Column "token" has unsupported type "uuid".',
  },
  'check constraints': { sql: 'create table pledges (amount int [check (amount > 0))', message: 'syntax error at or near "check"' },
  'inheritance, partitions, tablespaces and what happens on commit': {
    sql: 'create table donors (id int) [inherits (supporters)',
    message: 'syntax error at or near "inherits"',
  },
  'computed columns': {
    sql: 'create table pledges (amount int, cents int generated always as [(amount * 100) stored)',
    message: 'syntax error at or near "("',
  },
  'defaults that read columns or queries': {
    sql: 'create table pledges (amount int default ([select 1))',
    message: 'cannot use column references or subqueries in default expression',
  },
  'several actions in one ALTER TABLE': {
    sql: 'alter table supporters add column a int[, add column b int',
    message: 'syntax error at or near ","',
  },
  'if exists of a table that is altered': {
    sql: 'alter table [if exists supporters add column a int',
    message: 'syntax error at or near "if"',
  },
  'a table that changes its schema': { sql: 'alter table supporters set [schema archive', message: 'syntax error at or near "schema"' },
  'if exists and if not exists of a column': {
    sql: 'alter table supporters add column [if not exists a int',
    message: 'syntax error at or near "if"',
  },
  'nullability and defaults changed afterwards': {
    sql: 'alter table supporters alter column name [set not null',
    message: 'ALTER COLUMN SET/DROP NOT NULL/DEFAULT is not supported',
  },
  'types changed other than to a longer varchar': {
    sql: 'alter table supporters alter column id type [bigint',
    message: 'target data type "bigint" is not supported',
  },
  'columns altered inside a transaction': {
    sql: 'alter table supporters [alter column name type varchar(500)',
    message: 'ALTER TABLE ALTER COLUMN cannot run inside a transaction block',
    inTransaction: true,
  },
  'names without a schema in a late-binding view': {
    sql: 'create view donors as select id from [supporters with no schema binding',
    message: 'All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.',
  },
  'alter view': { sql: 'alter [view donors rename to givers', message: 'syntax error at or near "view"' },
  'options of a view': { sql: 'create view donors with [(security_barrier) as select 1 as id', message: 'syntax error at or near "("' },
  'recursive and temporary views by keyword': {
    sql: 'create [recursive view donors (id) as select 1',
    message: 'syntax error at or near "recursive"',
  },
  'if not exists and or replace of a materialized view': {
    sql: 'create materialized view [if not exists totals as select 1 as total',
    message: 'syntax error at or near "if"',
  },
  'with data and with no data of a materialized view': {
    sql: 'create materialized view totals as select 1 as total [with no data',
    message: 'syntax error at or near "with"',
  },
  'order and limit of a materialized view': {
    sql: 'create materialized view totals as select id from supporters [order by id',
    message: 'ORDER BY, LIMIT and OFFSET are not supported in a materialized view',
  },
  'a materialized view that is renamed': {
    sql: '[alter materialized view totals rename to sums',
    message: 'ALTER MATERIALIZED VIEW RENAME is not supported',
  },
  'concurrent refresh': { sql: 'refresh materialized view [concurrently totals', message: 'syntax error at or near "concurrently"' },
  'comments on other than tables, columns, constraints, databases and views': {
    sql: "comment on [schema public is 'ours'",
    message: 'syntax error at or near "schema"',
  },
  savepoints: { sql: '[savepoint here', message: 'SQL command "savepoint here" not supported.', inTransaction: true },
  'two-phase commit': { sql: "[prepare transaction 'later'", message: 'syntax error at or near "prepare"' },
  notifications: { sql: '[listen news', message: 'syntax error at or near "listen"' },
  'vacuum inside a transaction': {
    sql: '[vacuum supporters',
    message: 'VACUUM cannot run inside a transaction block',
    inTransaction: true,
  },
  'alter table append inside a transaction': {
    sql: '[alter table supporters append from donors',
    message: 'ALTER TABLE APPEND cannot run inside a transaction block',
    inTransaction: true,
  },
  'cursors outside a transaction': {
    sql: '[declare rows cursor for select 1',
    message: 'DECLARE CURSOR may only be used in transaction blocks',
  },
  'cursors that scroll or outlive their transaction': {
    sql: 'declare rows [scroll cursor for select 1',
    message: 'syntax error at or near "scroll"',
    inTransaction: true,
  },
  'fetches backward': { sql: 'fetch [backward 1 from rows', message: 'cursor can only scan forward', inTransaction: true },
  'modes of a lock': { sql: 'lock table supporters [in share mode', message: 'syntax error at or near "in"', inTransaction: true },
  'several tables in one truncate, and its options': { sql: 'truncate supporters[, donors', message: 'syntax error at or near ","' },
  'on conflict': { sql: "insert into supporters values (1, 'Ada') [on conflict do nothing", message: 'syntax error at or near "on"' },
  returning: { sql: 'delete from supporters [returning id', message: 'syntax error at or near "returning"' },
  'copy from and to the client': { sql: 'copy supporters from [stdin', message: 'COPY from STDIN is not supported' },
  'with before merge': {
    sql: 'with new as (select 1 as id) [merge into supporters using new on supporters.id = new.id when matched then delete',
    message: 'syntax error at or near "merge"',
  },
  'an alias for the target of merge': {
    sql: 'merge into supporters [s using donors on s.id = donors.id when matched then delete',
    message: 'syntax error at or near "s"',
  },
  'a query as the source of merge': {
    sql: 'merge into supporters using [(select 1 as id) d on supporters.id = d.id when matched then delete',
    message: 'syntax error at or near "("',
  },
  'conditions of a branch of merge': {
    sql: 'merge into supporters using donors on supporters.id = donors.id when matched [and donors.id > 1 then delete when not matched then insert values (donors.id)',
    message: 'syntax error at or near "and"',
  },
  'merge without both branches': {
    sql: 'merge into supporters using donors on supporters.id = donors.id when matched then [delete',
    message: 'syntax error at or near "delete"',
  },
  'several columns set at once': { sql: "update supporters set [(id, name) = (1, 'Ada')", message: 'syntax error at or near "("' },
  'distinct on': { sql: 'select distinct [on (id) id from supporters', message: 'SELECT DISTINCT ON is not supported' },
  'filter of an aggregate': { sql: 'select count(*) filter [(where id > 1) from supporters', message: 'syntax error at or near "("' },
  lateral: { sql: 'select 1 from supporters, lateral ([select id) one', message: 'syntax error at or near "select"' },
  'is distinct from': { sql: 'select id is [distinct from 1 from supporters', message: 'syntax error at or near "distinct"' },
  arrays: { sql: 'select array[[1, 2]', message: 'syntax error at or near "["' },
  'values as a table': { sql: 'select * from ([values (1)) one', message: 'syntax error at or near "values"' },
  'values alone': { sql: '[values (1)', message: 'syntax error at or near "values"' },
  'collations by name': { sql: 'select name from supporters order by name [collate "C"', message: 'syntax error at or near "collate"' },
  'locks of rows': { sql: 'select id from supporters [for update', message: 'SELECT FOR UPDATE/SHARE is not supported' },
  'common table expressions that write': {
    sql: 'with gone as ([delete from supporters) select 1',
    message: 'syntax error at or near "delete"',
  },
  'materialized of a common table expression': {
    sql: 'with kept as [materialized (select 1) select 1 from kept',
    message: 'syntax error at or near "materialized"',
  },
  'fetch first': { sql: 'select id from supporters [fetch first 1 row only', message: 'syntax error at or near "fetch"' },
  tablesample: { sql: 'select id from supporters [tablesample system (1)', message: 'syntax error at or near "tablesample"' },
  'casts to types that it does not have': { sql: "select '{}'::[jsonb", message: 'type "jsonb" does not exist' },
  'explain analyze': { sql: 'explain [analyze select 1', message: 'syntax error at or near "analyze"' },
  'functions that it does not have': { sql: 'select [pg_advisory_lock(1)', message: 'function pg_advisory_lock() does not exist' },
  'functions of the leader node over tables of users': {
    sql: 'select [generate_series(1, 3) from supporters',
    message: 'Specified types or functions (one per INFO message) not supported on Redshift tables.',
  },
}
