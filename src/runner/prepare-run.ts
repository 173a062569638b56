/**
 * What all nodes of a run share, made before the first of them: dead runs cleared, schemas made, the catalog read once, refs led to the target of
 * `refs_from` where they lead to nothing.
 */
import type { Catalog } from '../core/catalog.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { NodeStatus } from '../core/event.ts'
import type { NodeId } from '../core/node.ts'
import { relationKey, relationLabel } from '../core/relation.ts'
import type { Graph } from '../graph/graph.ts'
import { readsOf } from '../graph/reads-of.ts'
import type { Warehouse } from '../warehouses/warehouse.ts'
import { planAdoptions } from './adopt.ts'
import { createQueue } from './create-queue.ts'
import type { Emitter } from './emitter.ts'
import { findDroppable } from './find-droppable.ts'
import { findRedirects } from './find-redirects.ts'
import type { InvocationLock } from './invocation-lock.ts'
import { hintForRead } from './missing-relation.ts'
import { type Prepared, prepareSchemas } from './prepare-schemas.ts'
import type { Retry } from './retry-transient.ts'
import type { RunContext } from './run-context.ts'
import type { RunRequest } from './run-request.ts'
import type { WithSession } from './run-sessions.ts'
import { relationsOf, type RunUnit } from './units.ts'

export interface PrepareRunOptions {
  readonly request: RunRequest
  readonly units: readonly RunUnit[]
  readonly emitter: Emitter
  readonly statuses: ReadonlyMap<NodeId, NodeStatus>
  readonly warehouse: Warehouse
  readonly withSession: WithSession
  readonly lock: InvocationLock
  /** What is written to. */
  readonly schemas: readonly string[]
  readonly onRetry: (retry: Retry) => void
}

export async function prepareRun(options: PrepareRunOptions): Promise<RunContext> {
  const { request, units, emitter, statuses, warehouse, withSession, lock, onRetry } = options
  const { catalog, kept } = await withCatalog(options)
  const { dropDependents } = request
  const droppable = dropDependents.length === 0 ? [] : await withSession((session) => findDroppable(session, dropDependents))
  const redirected = await redirectRefs(request, withSession, emitter)
  const { notes: adopted, warnings } = planAdoptions(request.adopt, catalog, request.project.name)
  for (const diagnostic of warnings) emitter.emit({ type: 'warning', diagnostic })
  return {
    ...request,
    ...redirected,
    warehouse,
    catalog,
    emitter,
    withSession,
    pending: new Set(relationsOf(units).map(relationKey)),
    droppable,
    dropped: new Set(),
    leftBehind: [...kept],
    adopted,
    lockRelation: lock.lockRelation,
    publishQueue: createQueue(),
    hintFor: (id, error, session) => {
      const within: WithSession = session === undefined ? withSession : (work) => work(session)
      return hintForRead(error, { reads: readsOf(redirected.graph, id), withSession: within, dialect: request.dialect })
    },
    openSheets: openOnce(request, emitter, onRetry),
    serially: createQueues(),
    statuses,
    labelOf: (id) => labelOf(redirected.graph, id),
  }
}

function openOnce({ signal }: RunRequest, emitter: Emitter, onRetry: (retry: Retry) => void): RunContext['openSheets'] {
  let opened: ReturnType<RunContext['openSheets']> | undefined
  return (live) =>
    (opened ??= live.open({
      signal,
      onWait: (reason) => emitter.emit({ type: 'waiting', reason }),
      onRetry: (reason, attempt) => onRetry({ reason, attempt }),
    }))
}

/** A queue for each spreadsheet. */
function createQueues(): RunContext['serially'] {
  const queues = new Map<string, ReturnType<typeof createQueue>>()
  return (key, work) => {
    const queue = queues.get(key) ?? createQueue()
    queues.set(key, queue)
    return queue(work)
  }
}

/** A run that writes to no schema only connects: a warehouse that cannot be worked with ends it before the first node. */
async function withCatalog({ request, schemas, warehouse, withSession, emitter, onRetry }: PrepareRunOptions): Promise<Prepared> {
  const onDeadRun = (diagnostic: Diagnostic): void => emitter.emit({ type: 'warning', diagnostic })
  if (schemas.length > 0) return await prepareSchemas({ ...request, warehouse, withSession, schemas, onRetry, onDeadRun })
  return await withSession(() => Promise.resolve({ catalog: emptyCatalog, kept: [] }))
}

const emptyCatalog: Catalog = { schemas: new Set(), relations: new Map(), user: '', defaultGrantees: new Map() }

/** The project as it is read by this run: refs to what is neither selected nor there lead to the target of `refs_from`. */
async function redirectRefs(
  request: RunRequest,
  withSession: WithSession,
  emitter: Emitter,
): Promise<Pick<RunRequest, 'project' | 'graph' | 'compiler'>> {
  const { graph, selected } = request
  const { refsFrom } = request.project
  if (refsFrom === undefined) return request
  const selectedReads = [...selected].flatMap((id) => readsOf(graph, id)).filter(({ id }) => !selected.has(id))
  const relations = await withSession((session) => findRedirects(session, selectedReads, refsFrom))
  if (relations.size === 0) return request
  const reads = [...relations].map(([node, relation]) => ({ node, relation: relationLabel(relation) }))
  emitter.emit({ type: 'refs-redirected', target: refsFrom.name, reads })
  return request.redirect(relations)
}

function labelOf(graph: Graph, id: NodeId): string {
  const node = graph.nodes.get(id)
  if (node?.kind === 'model') return relationLabel(node.model.relation)
  if (node?.kind === 'seed') return relationLabel(node.seed.relation)
  if (node?.kind === 'source') return relationLabel(node.source.relation)
  return node?.name ?? id
}
