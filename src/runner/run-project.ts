/**
 * Runs a selection on a warehouse, and tells what happens as events. Everything that a command prints or writes of a run is a fold over those, and
 * every node has one end among them, whatever becomes of the run.
 */
import type { NodeStatus } from '../core/event.ts'
import type { NodeId } from '../core/node.ts'
import type { GraphNode } from '../graph/graph.ts'
import { createEmitter, type Emitter, type Reporter } from './emitter.ts'
import { schemasOf } from './prepare-schemas.ts'
import type { RunRequest, RunResult } from './run-request.ts'
import { runUnits } from './run-units.ts'
import { sheetCommitKey } from './sheet-delivery.ts'
import { nodesOf, planUnits, type RunUnit } from './units.ts'

/** Throws SqlflowError when the warehouse cannot be reached or another run holds it; failures of nodes are in the result. */
export async function runProject(request: RunRequest): Promise<RunResult> {
  const { project, graph, signal, now } = request
  const started = now().getTime()
  const tally = createTally()
  const emitter = createEmitter(request.runId, now, [tally, ...request.reporters])
  const units = planUnits({
    graph,
    selected: request.selected,
    kinds: new Set<GraphNode['kind']>(request.kinds),
    weight: request.weight,
    commitKey: sheetCommitKey(request.exports, project.target, request.exports.planOnly),
  })
  if (writes(request, units)) request.beforeWriting()
  const nodes = units.reduce((sum, unit) => sum + nodesOf(unit).length, 0)
  emitter.emit({
    type: 'run-started',
    delivery: request.deliveryId,
    command: request.command,
    project: project.name,
    target: project.target.name,
    nodes,
    version: request.version,
  })
  try {
    if (units.length > 0) await runUnits(request, units, { emitter, statuses: tally.statuses })
  } catch (error) {
    if (!signal.aborted) {
      for (const reporter of request.reporters) reporter.abandon?.()
      throw error
    }
    cancelRest(emitter, units, tally.statuses)
  }
  const { counts } = tally
  const status = signal.aborted ? 'cancelled' : counts.fail + counts.error > 0 ? 'failed' : 'success'
  emitter.emit({ type: 'run-finished', status, ms: now().getTime() - started, counts })
  await endAll(request.reporters)
  return { status, counts }
}

function writes({ dialect, project, exports }: RunRequest, units: readonly RunUnit[]): boolean {
  const delivers = project.target.exports === 'live' && !exports.planOnly && units.flatMap(nodesOf).some(({ kind }) => kind === 'export')
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
  readonly statuses: ReadonlyMap<NodeId, NodeStatus>
}

function createTally(): Tally {
  const counts: Record<NodeStatus, number> = { success: 0, warn: 0, fail: 0, error: 0, skipped: 0, cancelled: 0 }
  const statuses = new Map<NodeId, NodeStatus>()
  return {
    counts,
    statuses,
    onEvent: (event) => {
      if (event.type !== 'node-finished') return
      counts[event.status]++
      statuses.set(event.node, event.status)
    },
  }
}

/** A run that is cancelled while it waits or prepares still accounts for every node. */
function cancelRest(emitter: Emitter, units: readonly RunUnit[], statuses: ReadonlyMap<NodeId, NodeStatus>): void {
  for (const node of units.flatMap(nodesOf)) {
    if (statuses.has(node.id)) continue
    emitter.emit({ type: 'node-finished', node: node.id, status: 'cancelled', ms: 0, reason: 'the run was cancelled' })
  }
}
