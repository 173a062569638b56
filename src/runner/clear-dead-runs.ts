/**
 * Puts away what killed runs left: sessions that still work for them, and relations aside. A run is dead when nobody holds its lock; a
 * relation aside is known by its name and this project's stamp, and is never dropped with cascade. Other runs live meanwhile, in the same schemas:
 * called while holding this run's own lock.
 */
import type { Catalog, CatalogRelation } from '../core/catalog.ts'
import { type Diagnostic, warningDiagnostic } from '../core/diagnostic.ts'
import { relationLabel, type RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { asidePattern, readStamp, runTag } from '../materializations/aside-names.ts'
import type { PlacedRelation } from '../materializations/plan.ts'
import type { Session, Warehouse } from '../warehouses/warehouse.ts'
import { applicationPrefix } from './application-name.ts'
import { dropRelation, dropRelations, type DropOptions } from './drop-relations.ts'
import { runKey, runLock } from './invocation-lock.ts'
import type { Retry } from './retry-transient.ts'

export interface DeadRunsOptions {
  readonly session: Session
  readonly capabilities: Pick<Warehouse['capabilities'], 'advisoryLocks'>
  readonly project: string
  /** Of the run that asks. */
  readonly runId: string
}

export interface ClearDeadRunsOptions extends DeadRunsOptions {
  readonly schemas: readonly string[]
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
  const { session } = options
  const endedSessions = await endDeadSessions(options)
  const catalog = await session.catalog.read(options.schemas)
  const leftovers = await findLeftovers(options, catalog)
  const { dropped, kept } = await dropRelations(leftovers, (relation) => dropRelation(session, relation, options))
  return { catalog, endedSessions, dropped: dropped.map(({ schema, name }) => ({ schema, name })), kept }
}

/** What dead runs left in a catalog that has just been read: a run that was alive then, and is no more, has left it too. */
export async function findLeftovers(options: DeadRunsOptions, catalog: Catalog): Promise<readonly PlacedRelation[]> {
  const aside = [...catalog.relations.values()].flatMap((relation) => asideOfRun(options.project, relation))
  const living = new Set([runTag(options.runId), ...(await findLivingRuns(options, new Set(aside.map((one) => one.tag))))])
  return aside.filter((one) => !living.has(one.tag)).map((one) => one.relation)
}

interface AsideOfRun {
  readonly relation: PlacedRelation
  readonly tag: string
}

function asideOfRun(project: string, { schema, name, kind, comment, alterable }: CatalogRelation): readonly AsideOfRun[] {
  const tag = asidePattern.exec(name)?.[1]
  if (tag === undefined || !alterable || readStamp(comment)?.project !== project) return []
  return kind === 'table' || kind === 'view' || kind === 'materialized view' ? [{ relation: { schema, name, kind }, tag }] : []
}

/** Of the tags those whose run holds its lock. An embedded warehouse has no second process. */
async function findLivingRuns({ session, capabilities }: DeadRunsOptions, tags: ReadonlySet<string>): Promise<readonly string[]> {
  if (tags.size === 0 || !capabilities.advisoryLocks) return []
  const { rows } = await session.query(
    `select l.objid::bigint from pg_locks l where l.locktype = 'advisory' and l.granted and l.objsubid = 2
  and l.classid::bigint = ${runLock} and l.database = (select oid from pg_database where datname = current_database())`,
  )
  const keys = new Set(rows.map(([key]) => Number(key) | 0))
  return [...tags].filter((tag) => keys.has(runKey(tag)))
}

/**
 * Ends what a dead run may still bring about: a session that has written in its transaction, or whose last statement was a node's. A run that
 * has just connected and not yet taken its lock has neither. Waits until each has ended, so that nothing appears after the catalog is read.
 */
export async function endDeadSessions({ session, capabilities, project, runId }: DeadRunsOptions): Promise<number> {
  if (!capabilities.advisoryLocks) return 0
  const { rows } = await session.query(
    `select pg_terminate_backend(a.pid, 5000)
from pg_stat_activity a
where a.datname = current_database() and a.pid <> pg_backend_pid() and pg_has_role(a.usesysid, 'MEMBER')
  and starts_with(a.application_name, $1) and length(a.application_name) = length($1) + 8
  and right(a.application_name, 8) ~ '^[0-9a-f]{8}$' and right(a.application_name, 8) <> $2
  and (a.backend_xid is not null or starts_with(a.query, '/* sqlflow run '))
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
export async function dropLeftBehind(
  session: Session,
  left: readonly PlacedRelation[],
  options: DropOptions,
): Promise<readonly Diagnostic[]> {
  const { kept } = await dropRelations(left, (relation) => dropRelation(session, relation, options))
  const warnings: Diagnostic[] = []
  for (const relation of kept) warnings.push(warnOfKept(relation, await session.catalog.relation(relation)))
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
