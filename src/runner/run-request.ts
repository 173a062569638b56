/** What a run is asked for, and what it answers. */
import type { NodeStatus } from '../core/event.ts'
import type { ReadText } from '../core/errors.ts'
import type { NodeId, NodeKind } from '../core/node.ts'
import type { Project } from '../core/project.ts'
import type { RelationName } from '../core/relation.ts'
import type { Compiler } from '../compile/compiler.ts'
import type { CompiledFiles } from '../compile/compiled-files.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Graph } from '../graph/graph.ts'
import type { Reporter } from './emitter.ts'
import type { FindGoogle } from './load-sheets.ts'
import type { ExportSettings } from './sheet-delivery.ts'

export interface RunRequest {
  readonly command: string
  readonly version: string
  readonly runId: string
  /** What exports know the run by: the same for every attempt at the same work. */
  readonly deliveryId: string
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
  readonly exports: ExportSettings
  /** Wait for another run that works on a relation, or refuse. */
  readonly wait: boolean
  /** Who reads sources that are Google Sheets. */
  readonly findGoogle: FindGoogle
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
