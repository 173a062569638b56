/**
 * Orders and reachability over an acyclic graph. Every function here is linear in nodes and edges: a project may have ten
 * thousand models and several tests on each.
 */
import type { NodeId } from '../core/node.ts'
import type { Graph, GraphNode } from './graph.ts'

type OrderedNode = Pick<GraphNode, 'id' | 'name' | 'parents'>
type Nodes = ReadonlyMap<NodeId, OrderedNode>

const none: readonly NodeId[] = []

/** Who reads each node; every node has an entry. */
export function childrenOf(nodes: Nodes): ReadonlyMap<NodeId, readonly NodeId[]> {
  const children = new Map<NodeId, NodeId[]>()
  for (const node of nodes.values()) {
    for (const parent of node.parents) {
      const known = children.get(parent)
      if (known) known.push(node.id)
      else children.set(parent, [node.id])
    }
  }
  return fillWithNone(children, nodes)
}

/** Most nodes are tests, which nothing reads: they share one empty list. */
function fillWithNone(children: Map<NodeId, readonly NodeId[]>, nodes: Nodes): ReadonlyMap<NodeId, readonly NodeId[]> {
  for (const id of nodes.keys()) if (!children.has(id)) children.set(id, none)
  return children
}

/** Parents before children: by distance from the furthest root, then by name. */
export function topologicalOrder(nodes: Nodes, children: ReadonlyMap<NodeId, readonly NodeId[]>): readonly NodeId[] {
  const order: NodeId[] = []
  const met = new Map<NodeId, number>()
  let level = [...nodes.values()].filter(({ parents }) => parents.length === 0)
  while (level.length > 0) {
    const next: OrderedNode[] = []
    for (const { id } of level.sort(compareNames)) {
      order.push(id)
      for (const child of children.get(id) ?? none) {
        const node = nodes.get(child)!
        const parentsMet = node.parents.length === 1 ? 1 : (met.get(child) ?? 0) + 1
        if (parentsMet === node.parents.length) next.push(node)
        else met.set(child, parentsMet)
      }
    }
    level = next
  }
  return order
}

function compareNames(a: OrderedNode, b: OrderedNode): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/** What `from` reads, directly or not, up to `depth` steps away; without `from` itself unless it is reached. */
export function ancestors(graph: Graph, from: Iterable<NodeId>, depth = Infinity): Set<NodeId> {
  return reachable(from, (id) => graph.nodes.get(id)?.parents ?? none, depth)
}

/** What reads `from`, directly or not, up to `depth` steps away; without `from` itself unless it is reached. */
export function descendants(graph: Graph, from: Iterable<NodeId>, depth = Infinity): Set<NodeId> {
  return reachable(from, (id) => graph.children.get(id) ?? none, depth)
}

/** Breadth first from all of `from` at once, so that each node is met at its least distance. */
export function reachable(from: Iterable<NodeId>, next: (id: NodeId) => readonly NodeId[], depth = Infinity): Set<NodeId> {
  const reached = new Set<NodeId>()
  let frontier: Iterable<NodeId> = from
  for (let step = 0; step < depth; step++) {
    const met: NodeId[] = []
    for (const id of frontier) {
      for (const neighbour of next(id)) {
        if (reached.has(neighbour)) continue
        reached.add(neighbour)
        met.push(neighbour)
      }
    }
    if (met.length === 0) break
    frontier = met
  }
  return reached
}

/**
 * The weight of the heaviest path that begins at each selected node, its own weight included. A path may pass through nodes
 * that are not selected: they weigh nothing and still impose order. A scheduler that starts the greatest first follows
 * the critical path.
 */
export function longestPaths(graph: Graph, selected: ReadonlySet<NodeId>, weight: (id: NodeId) => number): ReadonlyMap<NodeId, number> {
  const all = new Map<NodeId, number>()
  const paths = new Map<NodeId, number>()
  for (let at = graph.order.length - 1; at >= 0; at--) {
    const id = graph.order[at]!
    let below = 0
    for (const child of graph.children.get(id) ?? none) below = Math.max(below, all.get(child)!)
    const chosen = selected.has(id)
    const total = below + (chosen ? weight(id) : 0)
    all.set(id, total)
    if (chosen) paths.set(id, total)
  }
  return paths
}
