/** The units of a run on their warehouse: opened, checked, locked, prepared; then each executed in its turn, and what was kept for others dropped. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { NodeStatus } from '../core/event.ts'
import type { NodeId } from '../core/node.ts'
import type { GraphNode } from '../graph/graph.ts'
import { openWarehouse } from '../warehouses/open-warehouse.ts'
import type { Warehouse } from '../warehouses/warehouse.ts'
import { applicationName } from './application-name.ts'
import { checkExports } from './check-exports.ts'
import { checkSources } from './check-sources.ts'
import { dropLeftBehind } from './clear-dead-runs.ts'
import type { Emitter } from './emitter.ts'
import { heldReason } from './execute-sheets.ts'
import { executeUnit } from './execute-unit.ts'
import { warnOfKeptDependents } from './find-droppable.ts'
import { lockInvocation, nothingToLock, type InvocationLock } from './invocation-lock.ts'
import { loadSamples } from './load-samples.ts'
import { loadSheets } from './load-sheets.ts'
import { prepareRun } from './prepare-run.ts'
import { schemasOf } from './prepare-schemas.ts'
import type { Retry } from './retry-transient.ts'
import type { RunRequest } from './run-request.ts'
import { trackSessions } from './run-sessions.ts'
import { schedule } from './schedule.ts'
import { chooseSheetReading } from './sheet-reading.ts'
import { sourcesReadBy } from './sources-read.ts'
import { nodesOf, relationsOf, type ExportsUnit, type RunUnit } from './units.ts'

interface Telling {
  readonly emitter: Emitter
  readonly statuses: ReadonlyMap<NodeId, NodeStatus>
}

export async function runUnits(request: RunRequest, units: readonly RunUnit[], { emitter, statuses }: Telling): Promise<void> {
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
  const built = schemasOf(request.dialect, project, units)
  const google = await chooseSheetReading(request, sources, built.length > 0)
  const { samples, sheets } = await checkSources({ ...request, sources, columns: 'compared', sheets: google.reading, withSession, emitter })
  const loaded = [...samples, ...sheets].map((source) => source.relation.schema)
  const schemas = [...new Set([...built, ...loaded])].sort()
  await using lock = schemas.length === 0 ? nothingToLock : await lockRun(request, warehouse, units, emitter)
  const context = await prepareRun({ request, units, emitter, statuses, warehouse, withSession, lock, schemas, onRetry })
  await loadSamples(context, samples)
  await loadSheets(context, sheets, google.open)
  await checkExports(context, units.flatMap(nodesOf))
  await schedule<RunUnit>({
    units,
    threads: Math.min(request.threads, warehouse.capabilities.maxSessions),
    failFast: request.failFast,
    signal,
    execute: (unit) => executeUnit(context, unit),
    skip: (unit, culprit) => skipUnit(emitter, unit, culprit, units),
  })
  for (const diagnostic of warnOfKeptDependents(context.droppable, context.dropped)) emitter.emit({ type: 'warning', diagnostic })
  const { leftBehind } = context
  if (leftBehind.length === 0) return
  const warningsOfKept = await withSession((session) => dropLeftBehind(session, leftBehind, { dialect, onRetry }))
  for (const diagnostic of warningsOfKept) emitter.emit({ type: 'warning', diagnostic })
}

/** A run that only reads (exports, tests) takes no lock, and needs no privilege but SELECT. */
async function lockRun(request: RunRequest, warehouse: Warehouse, units: readonly RunUnit[], emitter: Emitter): Promise<InvocationLock> {
  const onWait = (reason: string, node: NodeId): void => emitter.emit({ type: 'waiting', node, reason })
  const onDeadRun = (diagnostic: Diagnostic): void => emitter.emit({ type: 'warning', diagnostic })
  const lock = await lockInvocation({ ...request, warehouse, onWait, onDeadRun })
  try {
    if (!request.wait) await lock.refuseHeld(relationsOf(units))
  } catch (error) {
    await lock[Symbol.asyncDispose]()
    throw error
  }
  return lock
}

function skipUnit(emitter: Emitter, unit: RunUnit, culprit: string | undefined, units: readonly RunUnit[]): void {
  const reason = culprit === undefined ? 'the run was cancelled' : `${culprit.replace(':', ' ')} failed`
  const status = culprit === undefined ? 'cancelled' : 'skipped'
  const skipped = unit.kind === 'exports' && culprit !== undefined ? exportsBelow(unit, culprit, units) : nodesOf(unit)
  for (const node of nodesOf(unit)) {
    const told = skipped.includes(node) ? reason : `${heldReason(skipped.map(({ name }) => name))}, because ${reason}`
    emitter.emit({ type: 'node-finished', node: node.id, status, ms: 0, reason: told })
  }
}

/** The exports of a commit that the culprit stops; the others wait for them. All of them where the run stops for another reason. */
function exportsBelow({ exports, parentsOf }: ExportsUnit, culprit: string, units: readonly RunUnit[]): readonly GraphNode[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  const isBelow = (ids: readonly string[], seen: Set<string>): boolean =>
    ids.some((id) => {
      const unit = byId.get(id)
      if (!unit || seen.has(id)) return false
      seen.add(id)
      return nodesOf(unit).some((node) => node.id === culprit) || isBelow(unit.parents, seen)
    })
  const below = exports.filter(({ id }) => isBelow(parentsOf.get(id) ?? [], new Set()))
  return below.length === 0 ? exports : below
}
