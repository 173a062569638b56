/** What the SQL of nodes reads: their parents, and through ephemeral models, which are part of the text, what those read. */
import type { NodeId } from '../core/node.ts'
import type { Graph, GraphNode } from './graph.ts'

export function readsOf(graph: Graph, id: NodeId): readonly GraphNode[] {
  return throughEphemerals(graph, graph.nodes.get(id)?.parents ?? [])
}

/** The same nodes, each ephemeral model replaced by what it reads. */
export function throughEphemerals(graph: Graph, ids: readonly NodeId[]): readonly GraphNode[] {
  return ids.flatMap((id) => {
    const node = graph.nodes.get(id)!
    return node.kind === 'model' && node.model.materialized === 'ephemeral' ? readsOf(graph, id) : [node]
  })
}
