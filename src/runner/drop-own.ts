/**
 * Drops what `findOwn` found: relation by relation while no other run works on it, only while it is still what was found, never with cascade; and
 * schemas that sqlflow made, once nothing is in them.
 */
import { WarehouseError } from '../core/errors.ts'
import type { NodeId } from '../core/node.ts'
import { relationLabel } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { publishingOf } from '../materializations/publishing.ts'
import { lockTableName } from '../warehouses/redshift/lock-table-name.ts'
import type { Capabilities, Session } from '../warehouses/warehouse.ts'
import { dropRelation, dropRelations, waitBriefly } from './drop-relations.ts'
import type { InvocationLock } from './invocation-lock.ts'
import { lockTable } from './locks/lock-table.ts'
import { findOtherRuns } from './locks/table-dead-runs.ts'
import { labelOfDependent, type OwnRelation, type OwnSchema } from './own-relations.ts'
import type { Retry } from './retry-transient.ts'

export interface DropOwnOptions {
  readonly session: Session
  readonly lock: Pick<InvocationLock, 'lockRelation'>
  readonly dialect: Dialect
  readonly onRetry: (retry: Retry) => void
  readonly signal: AbortSignal
}

export interface DroppedOwn {
  readonly dropped: readonly OwnRelation[]
  readonly kept: readonly { readonly relation: OwnRelation; readonly because: string }[]
}

export async function dropOwn(relations: readonly OwnRelation[], options: DropOwnOptions): Promise<DroppedOwn> {
  const { session, lock, dialect, onRetry, signal } = options
  const { dropped, kept } = await dropRelations(relations, async (relation) => {
    signal.throwIfAborted()
    using _lock = await lock.lockRelation({ session, relation, node: relation.node as NodeId })
    return await dropRelation(session, relation, { dialect, onRetry, check: publishingOf(dialect).checkIdentity(relation) })
  })
  const reasons: { readonly relation: OwnRelation; readonly because: string }[] = []
  for (const relation of kept.toSorted(byLabel)) reasons.push({ relation, because: await whyKept(session, relation) })
  return { dropped: dropped.toSorted(byLabel), kept: reasons }
}

function byLabel(a: OwnRelation, b: OwnRelation): number {
  return relationLabel(a) < relationLabel(b) ? -1 : 1
}

async function whyKept(session: Session, relation: OwnRelation): Promise<string> {
  const found = await session.catalog.relation(relation)
  if (found === undefined || found.id !== relation.id || found.comment !== relation.comment) return 'it was changed meanwhile'
  if (found.dependents.length > 0) return `this depends on it: ${found.dependents.map(labelOfDependent).join(', ')}`
  return found.alterable ? 'it is locked, or something depends on it' : `it belongs to the role ${found.owner}`
}

export interface DroppedSchemas {
  readonly dropped: readonly string[]
  readonly kept: readonly { readonly schema: string; readonly because: string }[]
}

export interface DropSchemasOptions {
  readonly dialect: Dialect
  readonly capabilities: Pick<Capabilities, 'locks'>
  readonly runId: string
}

export async function dropEmptySchemas(
  session: Session,
  schemas: readonly OwnSchema[],
  options: DropSchemasOptions,
): Promise<DroppedSchemas> {
  const dropped: string[] = []
  const kept: { readonly schema: string; readonly because: string }[] = []
  for (const { name, made } of schemas) {
    const because = made ? await dropSchema(session, name, options) : 'sqlflow did not create it'
    if (because === undefined) dropped.push(name)
    else kept.push({ schema: name, because })
  }
  return { dropped, kept }
}

/** Why it was kept, if it was. */
async function dropSchema(
  session: Session,
  schema: string,
  { dialect, capabilities, runId }: DropSchemasOptions,
): Promise<string | undefined> {
  const drop = { sql: `drop schema ${dialect.quoteIdentifier(schema)}`, waits: true }
  const ours = capabilities.locks === 'table' ? [{ sql: `drop table if exists ${lockTable(schema)}`, waits: true }] : []
  try {
    const [living] = capabilities.locks === 'table' ? await findOtherRuns(session, schema, runId) : []
    if (living !== undefined) return `the run ${living} works in it`
    await waitBriefly(session, [...ours, drop], dialect)
    return undefined
  } catch (error) {
    if (!(error instanceof WarehouseError) || session.broken) throw error
    if (error.sqlState === '3F000') return undefined // gone already
    if (error.sqlState === '2BP01') return `this is in it: ${await describeContents(session, schema)}`
    const because = error.passing === 'lock' ? 'it is locked' : error.sqlState === '42501' ? 'it belongs to another role' : undefined
    if (because === undefined) throw error
    return because
  }
}

const mostNamed = 5

async function describeContents(session: Session, schema: string): Promise<string> {
  const found = (await session.catalog.inSchema(schema)).filter((label) => label !== `table ${schema}.${lockTableName}`)
  const names = found.slice(0, mostNamed)
  return [...names, ...(found.length > mostNamed ? [`${found.length - mostNamed} more`] : [])].join(', ')
}
