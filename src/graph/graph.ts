/**
 * The graph: nodes that a selector can name, and who reads whom. Acyclic by construction: `linkProject` refuses cycles.
 */
import type { NodeId } from '../core/node.ts'
import type { ResolvedUses } from './resolved-uses.ts'
import type { Export, Model, Seed, SingularTest, SourceTable, TestUse } from '../core/project.ts'

export type GraphNode = SourceNode | SeedNode | ModelNode | TestNode | ExportNode

interface NodeBase {
  readonly id: NodeId
  readonly name: string
  /** Direct parents, in the order of their first use. */
  readonly parents: readonly NodeId[]
}

export interface SourceNode extends NodeBase {
  readonly kind: 'source'
  readonly source: SourceTable
}

export interface SeedNode extends NodeBase {
  readonly kind: 'seed'
  readonly seed: Seed
}

export interface ModelNode extends NodeBase {
  readonly kind: 'model'
  readonly model: Model
}

/** A data test: a generic one used on a node, or a singular one. */
export type TestNode = NodeBase & { readonly kind: 'test' } & (
    | { readonly test: 'generic'; readonly use: TestUse; readonly on: NodeId }
    | { readonly test: 'singular'; readonly definition: SingularTest }
  )

export interface ExportNode extends NodeBase {
  readonly kind: 'export'
  readonly export: Export
  /** What its `for_each` uses. */
  readonly forEachUses?: ResolvedUses
  /** Tests that must have passed in the same run. */
  readonly requiredTests: readonly NodeId[]
}

export interface Graph {
  readonly nodes: ReadonlyMap<NodeId, GraphNode>
  readonly children: ReadonlyMap<NodeId, readonly NodeId[]>
  /** Parents before children; ties in the order of names. */
  readonly order: readonly NodeId[]
}
