/**
 * Runs a selection on a warehouse: opens it, makes itself known to other runs, reads its catalog once, schedules the units, and tells what happens
 * as events. Everything that a command prints or writes of a run is a fold over those.
 */
import { relationKey, relationLabel, type RelationName } from '../core/relation.ts'
import type { ReadText } from '../core/errors.ts'
import type { Catalog } from '../core/catalog.ts'
import type { NodeStatus } from '../core/event.ts'
import type { NodeId, NodeKind } from '../core/node.ts'
import type { Project } from '../core/project.ts'
import type { Compiler } from '../compile/compiler.ts'
import type { CompiledFiles } from '../compile/compiled-files.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Graph, GraphNode } from '../graph/graph.ts'
import { readsOf } from '../graph/reads-of.ts'
import type { PlacedRelation } from '../materializations/plan.ts'
import { openWarehouse } from '../warehouses/open-warehouse.ts'
import type { Warehouse } from '../warehouses/warehouse.ts'
import { planAdoptions } from './adopt.ts'
import { applicationName } from './application-name.ts'
import { checkExports } from './check-exports.ts'
import { checkSources } from './check-sources.ts'
import { dropLeftBehind } from './clear-dead-runs.ts'
import { createQueue } from './create-queue.ts'
import { findDroppable, warnOfKeptDependents } from './find-droppable.ts'
import { createEmitter, type Emitter, type Reporter } from './emitter.ts'
import { executeUnit } from './execute-unit.ts'
import { findRedirects } from './find-redirects.ts'
import { lockInvocation, nothingToLock, type InvocationLock } from './invocation-lock.ts'
import { loadSamples } from './load-samples.ts'
import { hintForRead } from './missing-relation.ts'
import { type Prepared, prepareSchemas, schemasOf } from './prepare-schemas.ts'
import type { RunContext } from './run-context.ts'
import type { Retry } from './retry-transient.ts'
import { trackSessions, type WithSession } from './run-sessions.ts'
import { schedule } from './schedule.ts'
import { sourcesReadBy } from './sources-read.ts'
import { nodesOf, planUnits, type RunUnit } from './units.ts'

export interface RunRequest {
  readonly command: string
  readonly version: string
  readonly runId: string
  readonly root: string
  readonly project: Project
  readonly graph: Graph
  readonly compiler: Compiler
  /** The same project with other relations for nodes that this run does not build: where refs to them lead. */
  readonly redirect: (relations: ReadonlyMap<NodeId, RelationName>) => Pick<RunRequest, 'project' | 'graph' | 'compiler'>
  readonly files: CompiledFiles
  readonly dialect: Dialect
  readonly selected: ReadonlySet<NodeId>
  readonly kinds: readonly NodeKind[]
  /** Expected milliseconds of a node, from earlier runs. */
  readonly weight: (id: NodeId) => number
  readonly threads: number
  readonly failFast: boolean
  readonly fullRefresh: boolean
  /** What may be dropped where it keeps a relation from being replaced, by `schema.name`. */
  readonly dropDependents: readonly string[]
  /** Nodes that take over the relation of their name, whoever built it. */
  readonly adopt: ReadonlyMap<NodeId, RelationName>
  /** Wait for another run that works on a relation, or refuse. */
  readonly wait: boolean
  /** Called before anything connects, when the run writes to the warehouse or to live destinations; throws to forbid it. */
  readonly beforeWriting: () => void
  readonly signal: AbortSignal
  readonly now: () => Date
  readonly readText: ReadText
  readonly reporters: readonly Reporter[]
}

export interface RunResult {
  readonly status: 'success' | 'failed' | 'cancelled'
  readonly counts: Readonly<Record<NodeStatus, number>>
}

/** Throws SqlflowError when the warehouse cannot be reached or another run holds it; failures of nodes are in the result. */
export async function runProject(request: RunRequest): Promise<RunResult> {
  const { project, graph, signal, now } = request
  const started = now().getTime()
  const tally = createTally()
  const emitter = createEmitter(request.runId, now, [tally, ...request.reporters])
  const units = planUnits({ graph, selected: request.selected, kinds: new Set<GraphNode['kind']>(request.kinds), weight: request.weight })
  if (writes(request, units)) request.beforeWriting()
  const nodes = units.reduce((sum, unit) => sum + nodesOf(unit).length, 0)
  emitter.emit({
    type: 'run-started',
    command: request.command,
    project: project.name,
    target: project.target.name,
    nodes,
    version: request.version,
  })
  try {
    if (units.length > 0) await runUnits(request, units, emitter)
  } catch (error) {
    if (!signal.aborted) {
      for (const reporter of request.reporters) reporter.abandon?.()
      throw error
    }
    cancelRest(emitter, units, tally.finished)
  }
  const { counts } = tally
  const status = signal.aborted ? 'cancelled' : counts.fail + counts.error > 0 ? 'failed' : 'success'
  emitter.emit({ type: 'run-finished', status, ms: now().getTime() - started, counts })
  await endAll(request.reporters)
  return { status, counts }
}

function writes({ dialect, project }: RunRequest, units: readonly RunUnit[]): boolean {
  const delivers = project.target.exports === 'live' && units.some((unit) => unit.kind === 'node' && unit.node.kind === 'export')
  return delivers || schemasOf(dialect, project, units).length > 0
}

/** A report that cannot be written keeps no other from being. */
async function endAll(reporters: readonly Reporter[]): Promise<void> {
  const ended = await Promise.allSettled(reporters.map(async (reporter) => reporter.end?.()))
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}

interface Tally extends Reporter {
  readonly counts: Readonly<Record<NodeStatus, number>>
  readonly finished: ReadonlySet<NodeId>
}

function createTally(): Tally {
  const counts: Record<NodeStatus, number> = { success: 0, warn: 0, fail: 0, error: 0, skipped: 0, cancelled: 0 }
  const finished = new Set<NodeId>()
  return {
    counts,
    finished,
    onEvent: (event) => {
      if (event.type !== 'node-finished') return
      counts[event.status]++
      finished.add(event.node)
    },
  }
}

/** A run that is cancelled while it waits or prepares still accounts for every node. */
function cancelRest(emitter: Emitter, units: readonly RunUnit[], finished: ReadonlySet<NodeId>): void {
  for (const node of units.flatMap(nodesOf)) {
    if (finished.has(node.id)) continue
    emitter.emit({ type: 'node-finished', node: node.id, status: 'cancelled', ms: 0, reason: 'the run was cancelled' })
  }
}

async function runUnits(request: RunRequest, units: readonly RunUnit[], emitter: Emitter): Promise<void> {
  const { project, graph, signal, dialect } = request
  const onRetry = (retry: Retry): void => emitter.emit({ type: 'retrying', ...retry })
  await using warehouse = await openWarehouse(
    { ...project.target, threads: request.threads },
    {
      applicationName: applicationName(project.name, request.runId),
      onRetry: (reason, attempt) => onRetry({ reason, attempt }),
      onWait: (reason) => emitter.emit({ type: 'waiting', reason }),
      lockTimeout: request.wait ? Infinity : 0,
      signal,
    },
  )
  const withSession = trackSessions(warehouse, signal)
  const sources = sourcesReadBy(graph, units.flatMap(nodesOf)).map(({ source }) => source)
  const samples = await checkSources({ ...request, sources, columns: 'compared', withSession, emitter })
  const schemas = [...new Set([...schemasOf(request.dialect, project, units), ...samples.map((source) => source.relation.schema)])].sort()
  await using lock = schemas.length === 0 ? nothingToLock : await lockRun(request, warehouse, units, emitter)
  const { catalog, kept } =
    schemas.length === 0 ? await withSession(connectOnly) : await prepareSchemas({ ...request, warehouse, withSession, schemas, onRetry })
  const { dropDependents } = request
  const droppable = dropDependents.length === 0 ? [] : await withSession((session) => findDroppable(session, dropDependents))
  const dropped = new Set<string>()
  const leftBehind: PlacedRelation[] = [...kept]
  const redirected = await redirectRefs(request, withSession, emitter)
  const { notes: adopted, warnings } = planAdoptions(request.adopt, catalog, project.name)
  for (const diagnostic of warnings) emitter.emit({ type: 'warning', diagnostic })
  const context: RunContext = {
    ...request,
    ...redirected,
    warehouse,
    catalog,
    emitter,
    withSession,
    pending: new Set(relationsOf(units).map(relationKey)),
    droppable,
    dropped,
    leftBehind,
    adopted,
    lockRelation: lock.lockRelation,
    publishQueue: createQueue(),
    hintFor: (id, error, session) => {
      const within: WithSession = session === undefined ? withSession : (work) => work(session)
      return hintForRead(error, { reads: readsOf(redirected.graph, id), withSession: within, dialect: request.dialect })
    },
    labelOf: (id) => labelOf(redirected.graph, id),
  }
  await loadSamples(context, samples)
  await checkExports(context, units.flatMap(nodesOf))
  await schedule<RunUnit>({
    units,
    threads: Math.min(request.threads, warehouse.capabilities.maxSessions),
    failFast: request.failFast,
    signal,
    execute: (unit) => executeUnit(context, unit),
    skip: (unit, culprit) => skipUnit(emitter, unit, culprit),
  })
  for (const diagnostic of warnOfKeptDependents(droppable, dropped)) emitter.emit({ type: 'warning', diagnostic })
  if (leftBehind.length === 0) return
  const warningsOfKept = await withSession((session) => dropLeftBehind(session, leftBehind, { dialect, onRetry }))
  for (const diagnostic of warningsOfKept) emitter.emit({ type: 'warning', diagnostic })
}

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

/** A run that only reads (exports, tests) takes no lock, and needs no privilege but SELECT. */
async function lockRun(request: RunRequest, warehouse: Warehouse, units: readonly RunUnit[], emitter: Emitter): Promise<InvocationLock> {
  const onWait = (reason: string, node: NodeId): void => emitter.emit({ type: 'waiting', node, reason })
  const lock = await lockInvocation({ ...request, warehouse, onWait })
  try {
    if (!request.wait) await lock.refuseHeld(relationsOf(units))
  } catch (error) {
    await lock[Symbol.asyncDispose]()
    throw error
  }
  return lock
}

/** A warehouse that cannot be worked with ends the run here, before the first node. */
function connectOnly(): Promise<Prepared> {
  return Promise.resolve({ catalog: emptyCatalog, kept: [] })
}

const emptyCatalog: Catalog = { schemas: new Set(), relations: new Map(), user: '', defaultGrantees: new Map() }

/** What the units build. */
function relationsOf(units: readonly RunUnit[]): readonly RelationName[] {
  return units.flatMap((unit) => {
    if (unit.kind === 'tests') return []
    if (unit.node.kind === 'model') return [unit.node.model.relation]
    return unit.node.kind === 'seed' ? [unit.node.seed.relation] : []
  })
}

function skipUnit(emitter: Emitter, unit: RunUnit, culprit: string | undefined): void {
  const reason = culprit === undefined ? 'the run was cancelled' : `${culprit.replace(':', ' ')} failed`
  const status = culprit === undefined ? 'cancelled' : 'skipped'
  for (const node of nodesOf(unit)) emitter.emit({ type: 'node-finished', node: node.id, status, ms: 0, reason })
}

function labelOf(graph: Graph, id: NodeId): string {
  const node = graph.nodes.get(id)
  if (node?.kind === 'model') return relationLabel(node.model.relation)
  if (node?.kind === 'seed') return relationLabel(node.seed.relation)
  if (node?.kind === 'source') return relationLabel(node.source.relation)
  return node?.name ?? id
}
