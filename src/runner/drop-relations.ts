/** Drops relations that this project built, never with cascade: what something still reads is kept. */
import { WarehouseError } from '../core/errors.ts'
import { relationLabel, type RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { staleCatalog, type Statement } from '../materializations/plan.ts'
import { publishingOf } from '../materializations/publishing.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { retryTransient, type Retry } from './retry-transient.ts'
import { sendStatements } from './send-statements.ts'

export interface DroppableRelation extends RelationName {
  readonly kind: 'table' | 'view' | 'materialized view'
}

export interface DroppedRelations<R extends DroppableRelation> {
  readonly dropped: readonly R[]
  /** Something still reads them, or holds them, or this role may not drop them. */
  readonly kept: readonly R[]
}

/** Relations that others of the list read are dropped after those: as long as one goes, the rest is tried again. */
export async function dropRelations<R extends DroppableRelation>(
  relations: readonly R[],
  drop: (relation: R) => Promise<boolean>,
): Promise<DroppedRelations<R>> {
  const dropped: R[] = []
  let rest = relations.toReversed()
  for (let before = -1; rest.length > 0 && rest.length !== before;) {
    before = rest.length
    const kept: R[] = []
    for (const relation of rest) {
      if (await drop(relation)) dropped.push(relation)
      else kept.push(relation)
    }
    rest = kept
  }
  return { dropped, kept: rest }
}

/** What stands in the way of dropping: dependents, a lock, a right, nothing left to drop, or something else in its place. */
const tolerable: ReadonlySet<string | undefined> = new Set(['2BP01', '42501', '42P01', staleCatalog])

export interface DropOptions {
  readonly dialect: Dialect
  readonly onRetry: (retry: Retry) => void
  /** Fails with `staleCatalog` when it is no longer what was to be dropped. */
  readonly check?: Statement
}

/** False when it has to stay. */
export async function dropRelation(
  session: Session,
  relation: DroppableRelation,
  { dialect, onRetry, check }: DropOptions,
): Promise<boolean> {
  const drop = { sql: `drop ${relation.kind} ${dialect.relation(relation)}`, waits: true }
  try {
    await retryTransient(() => waitBriefly(session, [...(check === undefined ? [] : [check]), drop], dialect), { onRetry })
    return true
  } catch (error) {
    if (!(error instanceof WarehouseError) || session.broken) throw error
    if (error.passing !== undefined || tolerable.has(error.sqlState)) return error.sqlState === '42P01'
    throw new WarehouseError(`${relationLabel(relation)} could not be dropped: ${error.message}`, error)
  }
}

/** In a transaction that gives up soon on a lock. */
export async function waitBriefly(session: Session, statements: readonly Statement[], dialect: Dialect): Promise<void> {
  await sendStatements(session, [{ sql: 'begin' }, ...publishingOf(dialect).waitBriefly, ...statements, { sql: 'commit' }])
}
