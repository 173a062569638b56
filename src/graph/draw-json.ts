/** The graph as JSON, for other programs. The shape is versioned, and described in docs/selectors.md. */
import { nodeKindOf, type NodeId } from '../core/node.ts'
import { relationLabel } from '../core/relation.ts'
import { toDrawnGraph, whatIs } from './drawn-graph.ts'
import type { Graph, GraphNode } from './graph.ts'
import { definitionOf } from './node-facts.ts'

export const graphJsonVersion = 1

/** `parents` of a node are all that it reads, drawn or not; edges join drawn nodes alone. */
export interface GraphJson {
  readonly version: typeof graphJsonVersion
  readonly nodes: readonly GraphJsonNode[]
  readonly edges: readonly { readonly from: NodeId; readonly to: NodeId; readonly indirect: boolean }[]
}

export interface GraphJsonNode {
  readonly id: NodeId
  readonly kind: GraphNode['kind']
  readonly name: string
  /** `view`, `unique test`, `csv`: its materialization, test or destination. */
  readonly what: string
  readonly file: string
  readonly tags: readonly string[]
  readonly parents: readonly NodeId[]
  /** `schema.name`, of what has a relation of its own. */
  readonly relation?: string
}

export function toGraphJson(graph: Graph, selected: ReadonlySet<NodeId>): GraphJson {
  const { nodes, edges } = toDrawnGraph(graph, selected)
  return { version: graphJsonVersion, nodes: nodes.map(toJsonNode), edges }
}

/** One JSON document, indented, that ends in a newline. */
export function drawJson(graph: Graph, selected: ReadonlySet<NodeId>): string {
  return `${JSON.stringify(toGraphJson(graph, selected), null, 2)}\n`
}

function toJsonNode(node: GraphNode): GraphJsonNode {
  const { file, tags } = definitionOf(node)
  const relation = relationOf(node)
  const common = { id: node.id, kind: nodeKindOf(node.id), name: node.name, what: whatIs(node), file, tags, parents: node.parents }
  return relation === undefined ? common : { ...common, relation }
}

function relationOf(node: GraphNode): string | undefined {
  if (node.kind === 'source') return relationLabel(node.source.relation)
  if (node.kind === 'seed') return relationLabel(node.seed.relation)
  if (node.kind === 'model' && node.model.materialized !== 'ephemeral') return relationLabel(node.model.relation)
  return undefined
}
