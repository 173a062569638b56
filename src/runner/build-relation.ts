/** Builds one relation by the kernel, while no other run works on it: plan, apply, plan again when the warehouse has changed meanwhile. */
import type { CatalogRelation } from '../core/catalog.ts'
import type { NodeId } from '../core/node.ts'
import type { Column, Index, Swap } from '../core/project.ts'
import { relationKey, type RelationName } from '../core/relation.ts'
import { planModel, planSeed, type ModelInput, type SeedInput } from '../materializations/plan-model.ts'
import { refusalError } from '../materializations/refusals.ts'
import type { Known, PlanResult, RelationInput } from '../materializations/relation-input.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { applyPlan, type Applied } from './apply-plan.ts'
import { retrying, type RunContext } from './run-context.ts'

export interface RelationRequest {
  readonly node: NodeId
  readonly relation: RelationName
  readonly description?: string | undefined
  readonly columns?: readonly Column[]
  readonly indexes?: readonly Index[]
  readonly primaryKey?: readonly string[]
  readonly swap?: Swap
  readonly grants?: Readonly<Record<string, readonly string[]>>
  readonly contents:
    | Pick<ModelInput, 'materialized' | 'sql'>
    | (Pick<SeedInput, 'seedColumns' | 'copyOptions'> & { readonly copyRows: () => AsyncIterable<Uint8Array> })
}

/** What of a run the kernel needs. */
export type BuildContext = Pick<
  RunContext,
  | 'adopted'
  | 'catalog'
  | 'dialect'
  | 'droppable'
  | 'dropped'
  | 'emitter'
  | 'fullRefresh'
  | 'leftBehind'
  | 'lockRelation'
  | 'pending'
  | 'project'
  | 'publishQueue'
  | 'runId'
  | 'signal'
  | 'warehouse'
>

/** Throws PlanError for what the warehouse refused, SqlflowError for what the kernel refuses. */
export async function buildRelation(context: BuildContext, session: Session, request: RelationRequest): Promise<Applied> {
  const key = relationKey(request.relation)
  try {
    using _lock = await context.lockRelation({ session, relation: request.relation, node: request.node })
    return await planAndApply(context, session, request, context.catalog.relations.get(key))
  } finally {
    context.pending.delete(key)
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
  const planned = plan(undefined)
  if (!planned.ok) throw refusalError(planned.reasons)
  const applied = await applyPlan(session, planned.plan, {
    replan: plan,
    existing,
    dialect: context.dialect,
    publishQueue: context.publishQueue,
    ...retrying(context, node),
    label: `run ${context.runId}, ${node}`,
    reconnect: () => context.warehouse.acquire(),
    ...('copyRows' in contents && { copyRows: contents.copyRows }),
  })
  for (const name of applied.dropped ?? []) context.dropped.add(name)
  if (applied.leftBehind) context.leftBehind.push(applied.leftBehind)
  const adopted = context.adopted.get(node)
  return adopted === undefined ? applied : { ...applied, notes: [adopted, ...applied.notes] }
}

function plannerOf(context: BuildContext, request: RelationRequest): (known: Known | undefined) => PlanResult {
  const { contents } = request
  const input: RelationInput = {
    relation: request.relation,
    description: request.description,
    columns: request.columns ?? [],
    indexes: request.indexes ?? [],
    primaryKey: request.primaryKey ?? [],
    grants: request.grants ?? {},
    swap: context.fullRefresh ? 'rename' : request.swap,
    stamp: { project: context.project.name, node: request.node },
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
  const { seedColumns, copyOptions } = contents
  return (known) => planSeed({ ...input, known, seedColumns, copyOptions })
}
