/**
 * The part of a graph that a drawing shows. Where nodes between two selected ones are left out, an edge stands for the way
 * through them, so that a drawing never hides a dependency.
 */
import type { NodeId } from '../core/node.ts'
import type { Graph, GraphNode } from './graph.ts'

interface DrawnEdge {
  readonly from: NodeId
  readonly to: NodeId
  /** Passes through nodes that are not drawn. */
  readonly indirect: boolean
}

export interface DrawnGraph {
  /** Parents before children. */
  readonly nodes: readonly GraphNode[]
  /** By child, in the order of `nodes`. */
  readonly edges: readonly DrawnEdge[]
}

export function toDrawnGraph(graph: Graph, selected: ReadonlySet<NodeId>): DrawnGraph {
  const nodes = graph.order.filter((id) => selected.has(id)).map((id) => graph.nodes.get(id)!)
  const above = nearestSelected(graph, selected)
  const edges = nodes.flatMap((node) => edgesInto(node, selected, above))
  return { nodes, edges }
}

/** For each node that is not drawn: the drawn ones that it reads, directly or through others that are not. */
function nearestSelected(graph: Graph, selected: ReadonlySet<NodeId>): ReadonlyMap<NodeId, ReadonlySet<NodeId>> {
  const above = new Map<NodeId, ReadonlySet<NodeId>>()
  for (const id of graph.order) {
    if (selected.has(id)) continue
    const nearest = new Set<NodeId>()
    for (const parent of graph.nodes.get(id)!.parents) {
      if (selected.has(parent)) nearest.add(parent)
      else for (const one of above.get(parent) ?? []) nearest.add(one)
    }
    if (nearest.size > 0) above.set(id, nearest)
  }
  return above
}

function edgesInto(node: GraphNode, selected: ReadonlySet<NodeId>, above: ReadonlyMap<NodeId, ReadonlySet<NodeId>>): readonly DrawnEdge[] {
  const direct = new Set(node.parents.filter((id) => selected.has(id)))
  const indirect = new Set(node.parents.flatMap((id) => [...(above.get(id) ?? [])]).filter((id) => !direct.has(id)))
  return [
    ...[...direct].map((from) => ({ from, to: node.id, indirect: false })),
    ...[...indirect].map((from) => ({ from, to: node.id, indirect: true })),
  ]
}

/** What it is, in a word: its materialization, the generic test it uses, the destination it writes, or its kind. */
export function whatIs(node: GraphNode): string {
  if (node.kind === 'model') return node.model.materialized
  if (node.kind === 'export') return node.export.destination.type
  if (node.kind === 'test') return node.test === 'generic' ? `${node.use.test} test` : 'test'
  return node.kind
}
