/**
 * What `renamed_from` of a node asks of the warehouse, at the node's turn: its relation is renamed where it still stands under a former name, and the
 * view under that name is kept as the relation changes, until its day; after that it is dropped. Only relations with our stamp are touched.
 */
import type { CatalogRelation } from '../core/catalog.ts'
import { SqlflowError, WarehouseError } from '../core/errors.ts'
import type { NodeId } from '../core/node.ts'
import type { FormerName } from '../core/project.ts'
import { relationKey, relationLabel, type RelationName } from '../core/relation.ts'
import { readStamp } from '../materializations/aside-names.ts'
import { isStandIn, planMove } from '../materializations/move-relation.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { waitBriefly } from './drop-relations.ts'
import type { BuildContext } from './run-context.ts'

export interface RenamedNode {
  readonly node: NodeId
  readonly relation: RelationName
  readonly renamedFrom: readonly FormerName[]
}

export interface Followed {
  /** The relation as it is since it was renamed; absent where it was not. */
  readonly moved?: CatalogRelation
  readonly standIns: readonly StandIn[]
  readonly notes: readonly string[]
}

export interface StandIn {
  readonly relation: RelationName
  readonly until: string
}

type ApplyMove = (plan: ReturnType<typeof planMove>) => Promise<{ readonly notes: readonly string[] }>

/** Throws SqlflowError `not-owner` where the role may not rename it. */
export async function followRename(context: BuildContext, session: Session, renamed: RenamedNode, apply: ApplyMove): Promise<Followed> {
  const { relation, renamedFrom } = renamed
  const today = context.now().toISOString().slice(0, 10)
  const placed = renamedFrom.map(({ name, until }) => ({
    relation: { schema: relation.schema, name: context.dialect.storedName(name) },
    until,
  }))
  const notes: string[] = []
  const current = placed.filter(({ until }) => until >= today)
  for (const one of placed) if (!current.includes(one)) notes.push(...(await dropStandIn(context, session, one)))
  const move = findMove(context, renamed)
  const kept = current.filter((one) => isStandIn(inCatalog(context, one.relation), context.project.name))
  if (!move) return { standIns: kept, notes }
  const existing = await session.catalog.relation(move.from)
  if (existing === undefined) return { standIns: kept, notes }
  if (!existing.alterable) throw notOwner(context, existing)
  const until = current.find((one) => one.relation.name === existing.name)?.until
  const { catalog, dialect, project } = context
  const applied = await apply(
    planMove({
      existing,
      relation,
      until,
      stamp: { project: project.name, node: renamed.node },
      inTheWay: move.inTheWay,
      catalog,
      dialect,
    }),
  )
  const moved = await session.catalog.relation(relation)
  return {
    ...(moved && { moved }),
    standIns: [...kept, ...(until === undefined ? [] : [{ relation: move.from, until }])],
    notes: [...notes, ...applied.notes],
  }
}

interface Move {
  readonly from: RelationName
  readonly inTheWay: RelationName | undefined
}

/** The latest former name that the node's relation stands under; nothing where it has its own already. */
function findMove(context: BuildContext, { node, relation, renamedFrom }: RenamedNode): Move | undefined {
  const own = inCatalog(context, relation)
  const inTheWay = own && isStandIn(own, context.project.name) ? relation : undefined
  if (own && !inTheWay) return undefined
  const kind = node.slice(0, node.indexOf(':'))
  for (const { name } of renamedFrom.toReversed()) {
    const from = { schema: relation.schema, name: context.dialect.storedName(name) }
    const found = inCatalog(context, from)
    const stamp = readStamp(found?.comment)
    const isPlain = found?.kind === 'table' || found?.kind === 'view' || found?.kind === 'materialized view'
    if (isPlain && stamp?.project === context.project.name && stamp.node === `${kind}:${name}`) return { from, inTheWay }
  }
  return undefined
}

function inCatalog({ catalog }: BuildContext, relation: RelationName): CatalogRelation | undefined {
  return catalog.relations.get(relationKey(relation))
}

function notOwner({ catalog, dialect }: BuildContext, existing: CatalogRelation): SqlflowError {
  return new SqlflowError(
    'not-owner',
    `${relationLabel(existing)} belongs to the role ${existing.owner}, and ${catalog.user} is no member of it, so it cannot be renamed.`,
    { hint: `grant ${dialect.quoteIdentifier(existing.owner)} to ${dialect.quoteIdentifier(catalog.user)};`, exitCode: 1 },
  )
}

/** Something stands on it, or this role may not. */
const tolerable: ReadonlySet<string | undefined> = new Set(['2BP01', '42501'])

async function dropStandIn(context: BuildContext, session: Session, { relation, until }: StandIn): Promise<readonly string[]> {
  if (!isStandIn(inCatalog(context, relation), context.project.name)) return []
  const label = relationLabel(relation)
  try {
    await waitBriefly(session, [{ sql: `drop view ${context.dialect.relation(relation)}`, waits: true }], context.dialect)
    return [`The view ${label}, which stood in until ${until}, was dropped; its name can be taken out of renamed_from.`]
  } catch (error) {
    if (!(error instanceof WarehouseError) || session.broken) throw error
    if (error.passing === undefined && !tolerable.has(error.sqlState)) throw error
    const readers = (await session.catalog.relation(relation))?.dependents ?? []
    const named = readers.map((one) => (one.kind === 'view' ? `view ${relationLabel(one)}` : one.label))
    const why = named.length > 0 ? `this reads it: ${named.join(', ')}` : 'it is locked, or this role may not drop it'
    return [`The view ${label} stood in until ${until}, and was kept, because ${why}.`]
  }
}
