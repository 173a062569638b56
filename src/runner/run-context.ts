/** What every node of a run shares. */
import type { Catalog } from '../core/catalog.ts'
import type { Droppable } from '../core/droppable.ts'
import type { ReadText, WarehouseError } from '../core/errors.ts'
import type { NodeStatus } from '../core/event.ts'
import type { NodeId } from '../core/node.ts'
import type { Project } from '../core/project.ts'
import type { Compiler } from '../compile/compiler.ts'
import type { CompiledFiles } from '../compile/compiled-files.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { GoogleApi } from '../exports/destinations/google-sheets/google-api.ts'
import type { Graph } from '../graph/graph.ts'
import type { Session, Warehouse } from '../warehouses/warehouse.ts'
import type { PlacedRelation } from '../materializations/plan.ts'
import type { Emitter } from './emitter.ts'
import type { InvocationLock } from './invocation-lock.ts'
import type { RetryTransientOptions } from './retry-transient.ts'
import type { ExportSettings, SheetDelivery } from './sheet-delivery.ts'
import type { WithSession } from './run-sessions.ts'

export interface RunContext {
  readonly runId: string
  /** What exports know the run by: the same for every attempt at the same work. */
  readonly deliveryId: string
  readonly root: string
  readonly project: Project
  readonly graph: Graph
  readonly compiler: Compiler
  readonly files: CompiledFiles
  readonly dialect: Dialect
  readonly warehouse: Warehouse
  readonly catalog: Catalog
  readonly emitter: Emitter
  readonly readText: ReadText
  /** What is written in place is swapped, whatever its configuration says. */
  readonly fullRefresh: boolean
  readonly signal: AbortSignal
  readonly now: () => Date
  /** `relationKey` of what this run has yet to build: what a planner may count on being built again. */
  readonly pending: Set<string>
  /** What the user named to be dropped where it stands in the way, and the names of what was. */
  readonly droppable: readonly Droppable[]
  readonly dropped: Set<string>
  /** Old relations that others still read; dropped when the run ends. */
  readonly leftBehind: PlacedRelation[]
  /** Of the nodes that take over what this project did not build, what to tell of it. */
  readonly adopted: ReadonlyMap<NodeId, string>
  /** No other run works on the relation until it is disposed. */
  readonly lockRelation: InvocationLock['lockRelation']
  readonly publishQueue: <T>(work: () => Promise<T>) => Promise<T>
  readonly withSession: WithSession
  /** What to tell about an error of the warehouse that the project knows more of; asked on `session` by those that hold one. */
  readonly hintFor: (id: NodeId, error: WarehouseError, session?: Session) => Promise<string | undefined>
  readonly exports: ExportSettings
  /** One client for all exports of the run, since they share one budget of calls. */
  readonly openSheets: (live: Extract<SheetDelivery, { kind: 'live' }>) => Promise<GoogleApi>
  /** Works on one spreadsheet, one after the other. */
  readonly serially: <T>(spreadsheet: string, work: () => Promise<T>) => Promise<T>
  /** Of the nodes that have ended. */
  readonly statuses: ReadonlyMap<NodeId, NodeStatus>
  /** `schema.relation` of a node, or its name. */
  readonly labelOf: (id: NodeId) => string
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
  | 'now'
  | 'pending'
  | 'project'
  | 'publishQueue'
  | 'runId'
  | 'signal'
  | 'warehouse'
>

/** Tells each further try of a node. */
export function retrying({ emitter, signal }: Pick<RunContext, 'emitter' | 'signal'>, node: NodeId): RetryTransientOptions {
  return { signal, onRetry: (retry) => emitter.emit({ type: 'retrying', node, ...retry }) }
}
