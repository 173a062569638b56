/** Which sources a set of nodes reads: directly, through ephemeral models, or as the relation that a test stands on. */
import type { Graph, GraphNode, SourceNode } from '../graph/graph.ts'
import { readsOf } from '../graph/reads-of.ts'

/** In the order of the graph's names, each once. */
export function sourcesReadBy(graph: Graph, nodes: readonly GraphNode[]): readonly SourceNode[] {
  const found = new Map<string, SourceNode>()
  for (const node of nodes) {
    for (const read of [node, ...readsOf(graph, node.id)]) if (read.kind === 'source') found.set(read.id, read)
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}
