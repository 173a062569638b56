/** Builds one relation by the kernel, while no other run works on it: plan, apply, plan again when the warehouse has changed meanwhile. */
import type { CatalogRelation } from '../core/catalog.ts'
import type { NodeId } from '../core/node.ts'
import type { Column, Design, FormerName, Index, Swap } from '../core/project.ts'
import { SqlflowError } from '../core/errors.ts'
import { relationKey, relationLabel, type RelationName } from '../core/relation.ts'
import { standInDescription, standInSql, standInStamp } from '../materializations/move-relation.ts'
import { planModel, planSeed, type ModelInput } from '../materializations/plan-model.ts'
import type { PlacedRelation } from '../materializations/plan.ts'
import { refusalError } from '../materializations/refusals.ts'
import type { Known, PlanResult, RelationInput } from '../materializations/relation-input.ts'
import type { SeedShape } from '../materializations/seed.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { applyPlan, type Applied, type ApplyPlanOptions } from './apply-plan.ts'
import { dropRelation } from './drop-relations.ts'
import { followRename, type RenamedNode, type StandIn } from './follow-rename.ts'
import { retrying, type BuildContext } from './run-context.ts'

export interface RelationRequest {
  readonly node: NodeId
  /** What its stamp says instead of the node. */
  readonly stampedAs?: string
  readonly relation: RelationName
  readonly description?: string | undefined
  readonly columns?: readonly Column[]
  readonly indexes?: readonly Index[]
  readonly primaryKey?: readonly string[]
  readonly swap?: Swap
  readonly design?: Design
  readonly grants?: Readonly<Record<string, readonly string[]>>
  readonly renamedFrom?: readonly FormerName[]
  readonly contents: Pick<ModelInput, 'materialized' | 'sql'> | (SeedShape & { readonly copyRows: () => AsyncIterable<Uint8Array> })
}

/** Throws PlanError for what the warehouse refused, SqlflowError for what the kernel refuses. */
export async function buildRelation(context: BuildContext, session: Session, request: RelationRequest): Promise<Applied> {
  const key = relationKey(request.relation)
  const { renamedFrom = [] } = request
  try {
    using _lock = await context.lockRelation({ session, relation: request.relation, node: request.node })
    if (renamedFrom.length > 0) return await buildRenamed(context, session, { ...request, renamedFrom })
    return await planAndApply(context, session, request, context.catalog.relations.get(key))
  } finally {
    context.pending.delete(key)
  }
}

/** The views under former names are built again after it, so that a column that only they use may vanish. */
async function buildRenamed(
  context: BuildContext,
  session: Session,
  request: RelationRequest & Pick<RenamedNode, 'renamedFrom'>,
): Promise<Applied> {
  const { moved, standIns, notes } = await followRename(context, session, request, (plan) =>
    applyPlan(session, plan, { ...applyOptions(context, request.node), existing: undefined, replan: () => ({ ok: true, plan }) }),
  )
  for (const { relation } of standIns) context.pending.add(relationKey(relation))
  const applied = await planAndApply(context, session, request, moved ?? context.catalog.relations.get(relationKey(request.relation)))
  const told: string[] = []
  for (const standIn of standIns) told.push(...(await buildStandIn(context, session, request, standIn)))
  return { ...applied, notes: [...notes, ...applied.notes, ...told] }
}

async function buildStandIn(
  context: BuildContext,
  session: Session,
  request: RelationRequest,
  standIn: StandIn,
): Promise<readonly string[]> {
  const { relation } = standIn
  try {
    await planAndApply(
      context,
      session,
      {
        node: request.node,
        stampedAs: standInStamp({ project: context.project.name, node: request.node }).node,
        relation,
        description: standInDescription(request.relation, standIn.until),
        contents: { materialized: 'view', sql: standInSql(request.relation, context.dialect) },
      },
      await session.catalog.relation(relation),
    )
    return []
  } catch (error) {
    if (!(error instanceof SqlflowError) || session.broken) throw error
    return [`The view ${relationLabel(relation)}, which stands in until ${standIn.until}, was not brought up to date: ${error.message}`]
  } finally {
    context.pending.delete(relationKey(relation))
  }
}

async function planAndApply(
  context: BuildContext,
  session: Session,
  request: RelationRequest,
  existing: CatalogRelation | undefined,
): Promise<Applied> {
  const { contents, node } = request
  const plan = plannerOf(context, request)
  const planned = plan(existing === context.catalog.relations.get(relationKey(request.relation)) ? undefined : { existing })
  if (!planned.ok) throw refusalError(planned.reasons)
  const applied = await applyPlan(session, planned.plan, {
    replan: plan,
    existing,
    ...applyOptions(context, node),
    ...('copyRows' in contents && { copyRows: contents.copyRows }),
  })
  for (const name of applied.dropped ?? []) context.dropped.add(name)
  if (applied.leftBehind) context.leftBehind.push(applied.leftBehind)
  if (applied.dropAfterwards) await dropAfterwards(context, session, node, applied.dropAfterwards)
  const adopted = context.adopted.get(node)
  return adopted === undefined ? applied : { ...applied, notes: [adopted, ...applied.notes] }
}

/** What cannot be dropped now, because somebody still reads it, is tried again at the end of the run. */
async function dropAfterwards(context: BuildContext, session: Session, node: NodeId, left: PlacedRelation): Promise<void> {
  const dropped = await context.publishQueue(() => dropRelation(session, left, { dialect: context.dialect, ...retrying(context, node) }))
  if (!dropped) context.leftBehind.push(left)
}

function applyOptions(context: BuildContext, node: NodeId) {
  return {
    dialect: context.dialect,
    publishQueue: context.publishQueue,
    ...retrying(context, node),
    label: `run ${context.runId}, ${node}`,
    reconnect: () => context.warehouse.acquire(),
  } satisfies Partial<ApplyPlanOptions>
}

function plannerOf(context: BuildContext, request: RelationRequest): (known: Known | undefined) => PlanResult {
  const { contents } = request
  const input: RelationInput = {
    relation: request.relation,
    description: request.description,
    columns: request.columns ?? [],
    indexes: request.indexes ?? [],
    primaryKey: request.primaryKey ?? [],
    design: request.design,
    grants: request.grants ?? {},
    swap: context.fullRefresh ? 'rename' : request.swap,
    fullRefresh: context.fullRefresh,
    stamp: { project: context.project.name, node: request.stampedAs ?? request.node },
    runId: context.runId,
    catalog: context.catalog,
    capabilities: context.warehouse.capabilities,
    dialect: context.dialect,
    rebuiltLater: context.pending,
    droppable: context.droppable,
    adopt: context.adopted.has(request.node),
  }
  if ('materialized' in contents) {
    const { materialized, sql } = contents
    return (known) => planModel({ ...input, known, materialized, sql })
  }
  const { seedColumns, delimiter } = contents
  return (known) => planSeed({ ...input, known, seedColumns, delimiter })
}
