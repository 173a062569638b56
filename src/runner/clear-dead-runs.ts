/**
 * Puts away what killed runs left: sessions that still work for them, and relations aside. A run is dead when nobody holds its lock; a
 * relation aside is known by its name and this project's stamp, and is never dropped with cascade. Called while holding the invocation lock, so that no
 * living run writes to these schemas.
 */
import type { Catalog, CatalogRelation } from '../core/catalog.ts'
import { type Diagnostic, warningDiagnostic } from '../core/diagnostic.ts'
import { WarehouseError } from '../core/errors.ts'
import { relationLabel, type RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { asidePattern, readStamp, runTag } from '../materializations/aside-names.ts'
import type { PlacedRelation } from '../materializations/plan.ts'
import { lockTimeout } from '../materializations/swap.ts'
import { readPostgresCatalog, readPostgresRelation } from '../warehouses/postgres-catalog.ts'
import type { Session, Warehouse } from '../warehouses/warehouse.ts'
import { applicationPrefix } from './application-name.ts'
import { runLock } from './invocation-lock.ts'
import { retryTransient, type Retry } from './retry-transient.ts'

export interface ClearDeadRunsOptions {
  readonly session: Session
  readonly capabilities: Pick<Warehouse['capabilities'], 'advisoryLocks'>
  readonly schemas: readonly string[]
  readonly project: string
  readonly runId: string
  readonly dialect: Dialect
  readonly onRetry: (retry: Retry) => void
}

export interface Cleared {
  /** As it is once nothing of a dead run can still appear; read before the leftovers were dropped. */
  readonly catalog: Catalog
  readonly endedSessions: number
  readonly dropped: readonly RelationName[]
  /** Something still reads them. */
  readonly kept: readonly PlacedRelation[]
}

/** Two round trips where there is nothing to clear. */
export async function clearDeadRuns(options: ClearDeadRunsOptions): Promise<Cleared> {
  const endedSessions = options.capabilities.advisoryLocks ? await endDeadSessions(options) : 0
  const catalog = await readPostgresCatalog(options.session, options.schemas)
  const { dropped, kept } = await dropAll(findLeftovers(options, catalog), options)
  return { catalog, endedSessions, dropped, kept }
}

function findLeftovers({ project, runId }: ClearDeadRunsOptions, catalog: Catalog): readonly PlacedRelation[] {
  const leftovers: PlacedRelation[] = []
  for (const { schema, name, kind, comment, alterable } of catalog.relations.values()) {
    const tag = asidePattern.exec(name)?.[1]
    if (tag === undefined || tag === runTag(runId) || !alterable || readStamp(comment)?.project !== project) continue
    if (kind === 'table' || kind === 'view') leftovers.push({ schema, name, kind })
  }
  return leftovers
}

type DropOptions = Pick<ClearDeadRunsOptions, 'session' | 'dialect' | 'onRetry'>

/** Waits until each has ended, so that nothing appears after the catalog is read. */
async function endDeadSessions({ session, project, runId }: ClearDeadRunsOptions): Promise<number> {
  const { rows } = await session.query(
    `select pg_terminate_backend(a.pid, 5000)
from pg_stat_activity a
where a.datname = current_database() and a.pid <> pg_backend_pid() and pg_has_role(a.usesysid, 'MEMBER')
  and starts_with(a.application_name, $1) and length(a.application_name) = length($1) + 8
  and right(a.application_name, 8) ~ '^[0-9a-f]{8}$' and right(a.application_name, 8) <> $2
  and not exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid::bigint = ${runLock}
      and l.database = (select oid from pg_database where datname = current_database())
      and l.objid::bigint = ('x' || right(a.application_name, 8))::bit(32)::bigint)`,
    [applicationPrefix(project), runTag(runId)],
  )
  return rows.length
}

/** Drops the relations that children no longer read, at the end of a run. Returns a warning for each that something still reads. */
export async function dropLeftBehind(left: readonly PlacedRelation[], options: DropOptions): Promise<readonly Diagnostic[]> {
  const { session } = options
  const { kept } = await dropAll(left, options)
  const warnings: Diagnostic[] = []
  for (const relation of kept) warnings.push(warnOfKept(relation, await readPostgresRelation(session, relation)))
  return warnings
}

function warnOfKept({ schema, name }: RelationName, found: CatalogRelation | undefined): Diagnostic {
  const readers = found?.dependents.map((one) => (one.kind === 'view' ? `view ${relationLabel(one)}` : one.label)) ?? []
  const because = readers.length === 0 ? 'it is locked, or this role may not drop it' : `this reads it: ${readers.join(', ')}`
  const current = relationLabel({ schema, name: name.replace(asidePattern, '') })
  return warningDiagnostic(
    'left-behind',
    `An old version of ${current} was kept as ${relationLabel({ schema, name })}, because ${because}.`,
    {
      hint: 'Build what reads it, or drop that. The next run then drops the old version.',
    },
  )
}

/** Relations that others of the list read are dropped after those: as long as one goes, the rest is tried again. */
async function dropAll(relations: readonly PlacedRelation[], options: DropOptions): Promise<Pick<Cleared, 'dropped' | 'kept'>> {
  const dropped: RelationName[] = []
  let rest = relations.toReversed()
  for (let before = -1; rest.length > 0 && rest.length !== before;) {
    before = rest.length
    const kept: PlacedRelation[] = []
    for (const relation of rest) {
      if (await drop(relation, options)) dropped.push({ schema: relation.schema, name: relation.name })
      else kept.push(relation)
    }
    rest = kept
  }
  return { dropped, kept: rest }
}

/** What stands in the way of dropping: dependents, a lock, a right, or nothing left to drop. */
const tolerable: ReadonlySet<string | undefined> = new Set(['2BP01', '55P03', '40P01', '40001', '42501', '42P01'])

async function drop(relation: PlacedRelation, { session, dialect, onRetry }: DropOptions): Promise<boolean> {
  const once = async (): Promise<void> => {
    try {
      await session.run(`begin;\n${lockTimeout};\ndrop ${relation.kind} ${dialect.relation(relation)};\ncommit`)
    } catch (error) {
      if (!session.broken) await session.run('rollback')
      throw error
    }
  }
  try {
    await retryTransient(once, { onRetry })
    return true
  } catch (error) {
    if (!(error instanceof WarehouseError) || session.broken) throw error
    if (tolerable.has(error.sqlState)) return error.sqlState === '42P01'
    throw new WarehouseError(`${relationLabel(relation)}, left by a dead run, could not be dropped: ${error.message}`, error)
  }
}
