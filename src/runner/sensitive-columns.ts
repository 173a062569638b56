/** Names of columns that must not be shown: those that a node, or anything above it, declares sensitive. */
import type { NodeId } from '../core/node.ts'
import type { Column } from '../core/project.ts'
import type { Graph, GraphNode } from '../graph/graph.ts'

/** Names count through the whole graph above: a column keeps its name on its way down more often than not. */
export function sensitiveColumnsOf(graph: Graph, id: NodeId): ReadonlySet<string> {
  const names = new Set<string>()
  const seen = new Set<NodeId>([id])
  const stack = [id]
  while (stack.length > 0) {
    const node = graph.nodes.get(stack.pop()!)
    if (!node) continue
    for (const column of columnsOf(node)) if (column.sensitive) names.add(column.name)
    for (const parent of node.parents) {
      if (seen.has(parent)) continue
      seen.add(parent)
      stack.push(parent)
    }
  }
  return names
}

function columnsOf(node: GraphNode): readonly Column[] {
  switch (node.kind) {
    case 'model':
      return node.model.columns
    case 'seed':
      return node.seed.columns
    case 'source':
      return node.source.columns
    case 'test':
      return node.test === 'singular' ? node.definition.columns : []
    case 'export':
      return []
  }
}
