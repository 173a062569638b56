/**
 * The table in which runs say what they work on, where a warehouse has no advisory locks: one in each schema that runs write to, so that whoever may
 * build there sees it. A row for each run in the schema (its relation is empty), and one for each relation that it works on. All times are the
 * server's, in UTC. Every transaction locks the table first, so two runs never decide at once.
 */
import { SqlflowError, WarehouseError } from '../../core/errors.ts'
import type { RelationName } from '../../core/relation.ts'
import { cutBytes } from '../../dialects/fit-name.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import type { Statement } from '../../materializations/plan.ts'
import type { Row, Session, StatementResult } from '../../warehouses/warehouse.ts'
import { lockTableName } from '../../warehouses/redshift/lock-table-name.ts'
import { retryTransient } from '../retry-transient.ts'
import { sendStatements } from '../send-statements.ts'

/** Seconds after which a run that has not been seen is dead. */
const deadAfter = 60

/** The longest wait for the table itself, in milliseconds; then it is tried again. */
const tableTimeout = 10_000

const { quoteLiteral, storedName } = redshiftDialect

export function lockTable(schema: string): string {
  return redshiftDialect.relation({ schema, name: lockTableName })
}

const columns: readonly (readonly [string, string])[] = [
  ['run', 'varchar(128) not null'],
  ['relation', 'varchar(127) not null'],
  ['node', 'varchar(512) not null'],
  ['command', 'varchar(64) not null'],
  ['login', 'varchar(128) not null'],
  ['host', 'varchar(256) not null'],
  ['process', 'integer not null'],
  ['since', 'timestamp not null'],
  ['seen_at', 'timestamp not null'],
]

const purpose = 'Which run of sqlflow works on which relation of this schema. While none runs it may be dropped: it is made again.'

/**
 * Whoever may use the schema takes part, with a login of their own: who builds there is known only when they do. `stamp`: of a schema that sqlflow makes,
 * which cannot have a comment of its own. Without it the comment ends in no stamp of a project.
 */
export function lockTableStatements(schema: string, stamp = 'sqlflow: locks'): readonly Statement[] {
  return [
    `create table ${lockTable(schema)} (${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`,
    `comment on table ${lockTable(schema)} is ${quoteLiteral(`${purpose}\n${stamp}`)}`,
    `grant select, insert, update, delete on table ${lockTable(schema)} to public`,
  ].map((sql) => ({ sql }))
}

/** A session that talks to these tables. */
export interface TableSession {
  readonly session: Session
  /** First in every transaction. */
  readonly before: readonly Statement[]
}

const settings = (scope: string): readonly Statement[] => [
  { sql: `set ${scope}timezone to 'UTC'` },
  { sql: `set ${scope}statement_timeout to ${tableTimeout}` },
]

/** One that does nothing else. */
export async function dedicate(session: Session): Promise<TableSession> {
  await sendStatements(session, settings(''))
  return { session, before: [] }
}

/** One that does other work before and after. */
export function visiting(session: Session): TableSession {
  return { session, before: settings('local ') }
}

export async function createLockTable({ session }: TableSession, schema: string): Promise<void> {
  try {
    await retryTransient(() => sendStatements(session, [{ sql: 'begin' }, ...lockTableStatements(schema), { sql: 'commit' }]), untold)
  } catch (error) {
    if (!(error instanceof WarehouseError) || error.sqlState !== duplicateTable) throw error
  }
}

const duplicateTable = '42P07'

/** Conflicts over a table of our own are nothing that a user could see to. */
const untold = { onRetry: () => undefined }

/** The tables of these schemas, or some of the schemas themselves, are not there. */
export function isTableMissing(error: unknown): boolean {
  return error instanceof WarehouseError && (error.sqlState === '42P01' || error.sqlState === '3F000')
}

/** In one transaction, during which nobody else reads or writes these tables. Results of the statements. */
export async function withTablesLocked(
  to: TableSession,
  schemas: readonly string[],
  statements: readonly string[],
): Promise<readonly StatementResult[]> {
  const tables = [...new Set(schemas)].sort().map(lockTable) // in one order, so that no two wait for each other
  const results = await inTransaction(to, schemas, [`lock table ${tables.join(', ')}`, ...statements])
  return results.slice(1)
}

async function inTransaction(
  { session, before }: TableSession,
  schemas: readonly string[],
  statements: readonly string[],
): Promise<readonly StatementResult[]> {
  const all = [{ sql: 'begin' }, ...before, ...statements.map((sql) => ({ sql, waits: true })), { sql: 'commit' }]
  try {
    const results = await retryTransient(() => sendStatements(session, all), untold)
    return results.slice(1 + before.length, -1)
  } catch (error) {
    throw explain(error, schemas)
  }
}

/** Schemas of these whose table is there and may be read. */
export async function findLockTables({ session }: TableSession, schemas: readonly string[]): Promise<readonly string[]> {
  if (schemas.length === 0) return []
  const names = schemas.map((schema) => `has_schema_privilege(n.nspname, 'usage') and n.nspname = ${quoteLiteral(storedName(schema))}`)
  const [result] = await session.run(`select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relname = '${lockTableName}' and c.relkind = 'r' and (${names.join(' or ')}) order by 1`)
  return result!.rows.map(([schema]) => schema!)
}

/** Rows of one query for each schema. */
export async function readLockTables(
  to: TableSession,
  schemas: readonly string[],
  query: (schema: string) => string,
): Promise<readonly Row[]> {
  if (schemas.length === 0) return []
  try {
    const [result] = await inTransaction(to, schemas, [schemas.map(query).join('\nunion all ')])
    return result!.rows
  } catch (error) {
    if (isTableMissing(error)) return [] // dropped meanwhile
    throw error
  }
}

function explain(error: unknown, schemas: readonly string[]): unknown {
  if (!(error instanceof WarehouseError)) return error
  const tables = schemas.map((schema) => `${schema}.${lockTableName}`).join(', ')
  if (error.sqlState === '42501') {
    return new SqlflowError('lock-table', `This login may not use ${tables}, in which runs say what they work on: ${error.message}.`, {
      hint: `Its owner can allow it: ${schemas.map((schema) => `grant select, insert, update, delete on table ${lockTable(schema)} to public`).join('; ')};`,
      cause: error,
    })
  }
  if (error.passing === 'lock') {
    return new SqlflowError('lock-table', `No run can say what it works on, because a transaction holds ${tables}.`, {
      hint: 'End it: `select * from svv_transactions` shows its process, and `select pg_terminate_backend(...)` ends that.',
      cause: error,
    })
  }
  if (error.sqlState === '42703') {
    return new SqlflowError('lock-table', `${tables} is not the table in which runs say what they work on: ${error.message}.`, {
      hint: 'Rename it, or drop it if nobody needs it.',
      cause: error,
    })
  }
  return error
}

export interface LockOwner {
  readonly runId: string
  readonly command: string
  readonly login: string
  readonly host: string
  /** Of the session that holds the locks. */
  readonly processId: number
}

/** What a run does in a relation; of the run itself where there is none. */
export interface LockEntry {
  readonly relation: RelationName
  readonly node: string
  readonly processId: number
}

/** A row of the run itself, unless it is there. */
export function registerSql(schema: string, owner: LockOwner): string {
  const mine = `relation = '' and run = ${quoteLiteral(owner.runId)}`
  return insertUnless(schema, mine, owner, { relation: { schema, name: '' }, node: '', processId: owner.processId })
}

/** A row for a relation, unless any run has one. */
export function takeSql(entry: LockEntry, owner: LockOwner): string {
  const { schema, name } = entry.relation
  return insertUnless(schema, `relation = ${quoteLiteral(storedName(name))}`, owner, entry)
}

function insertUnless(schema: string, there: string, owner: LockOwner, { relation, node, processId }: LockEntry): string {
  const values = [
    quoteLiteral(owner.runId),
    quoteLiteral(storedName(relation.name)),
    quoteLiteral(cutBytes(node, 512)),
    quoteLiteral(cutBytes(owner.command, 64)),
    quoteLiteral(cutBytes(owner.login, 128)),
    quoteLiteral(cutBytes(owner.host, 256)),
    String(processId),
    'getdate()',
    'getdate()',
  ]
  return `insert into ${lockTable(schema)} (${columns.map(([name]) => name).join(', ')})
select ${values.join(', ')} from (select count(*) as found from ${lockTable(schema)} where ${there}) taken where taken.found = 0`
}

export function freeSql({ schema, name }: RelationName, runId: string): string {
  return `delete from ${lockTable(schema)} where run = ${quoteLiteral(runId)} and relation = ${quoteLiteral(storedName(name))}`
}

/** What the run holds in the schema; an empty name for the run itself. */
export function heldSql(schema: string, runId: string): string {
  return `select relation from ${lockTable(schema)} where run = ${quoteLiteral(runId)}`
}

export function beatSql(schema: string, runId: string): string {
  return `update ${lockTable(schema)} set seen_at = getdate() where run = ${quoteLiteral(runId)}`
}

export function leaveSql(schema: string, runId: string): string {
  return `delete from ${lockTable(schema)} where run = ${quoteLiteral(runId)}`
}

/** The same rows while they are still old. */
export function buryTable(schema: string, runId: string): string {
  return `${leaveSql(schema, runId)} and seen_at < ${oldest}`
}

const oldest = `dateadd(second, -${deadAfter}, getdate())`

/** Runs, each of which has been seen in the last minute, or not. */
export function runsThat(are: 'living' | 'dead', schema: string): string {
  return `select run from ${lockTable(schema)} group by run having max(seen_at) ${are === 'living' ? '>=' : '<'} ${oldest}`
}
