/**
 * Puts away what killed runs left: sessions that still work for them, and relations aside. Its locks tell whether a run is dead; a
 * relation aside is known by its name and this project's stamp, and is never dropped with cascade. Other runs live meanwhile, in the same schemas:
 * called while holding this run's own lock.
 */
import type { Catalog, CatalogRelation } from '../core/catalog.ts'
import { type Diagnostic, warningDiagnostic } from '../core/diagnostic.ts'
import { relationLabel, type RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { asidePattern, readStamp, runTag } from '../materializations/aside-names.ts'
import type { PlacedRelation } from '../materializations/plan.ts'
import type { Capabilities, Session } from '../warehouses/warehouse.ts'
import { dropRelation, dropRelations, type DropOptions } from './drop-relations.ts'
import { advisoryDeadRuns } from './locks/advisory-locks.ts'
import type { DeadRuns, DeadRunsQuestion } from './locks/run-locks.ts'
import { tableDeadRuns } from './locks/table-dead-runs.ts'
import type { Retry } from './retry-transient.ts'

export interface DeadRunsOptions extends DeadRunsQuestion {
  readonly capabilities: Pick<Capabilities, 'locks'>
}

export interface ClearDeadRunsOptions extends DeadRunsOptions {
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

const nobodyElse: DeadRuns = {
  findLiving: () => Promise.resolve([]),
  endSessions: () => Promise.resolve(0),
}

const kinds: Readonly<Record<Capabilities['locks'], DeadRuns>> = { advisory: advisoryDeadRuns, table: tableDeadRuns, none: nobodyElse }

async function findLivingRuns(options: DeadRunsOptions, tags: ReadonlySet<string>): Promise<readonly string[]> {
  return tags.size === 0 ? [] : await kinds[options.capabilities.locks].findLiving(tags, options)
}

/** Ends what a dead run may still bring about, and waits until it has ended, so that nothing appears after the catalog is read. */
export async function endDeadSessions(options: DeadRunsOptions): Promise<number> {
  return await kinds[options.capabilities.locks].endSessions(options)
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
