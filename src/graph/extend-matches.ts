/** The graph operators: `+m`, `m+`, `2+m`, `m+1`, `@m`. */
import { nodeKindOf, type NodeId } from '../core/node.ts'
import type { Graph } from './graph.ts'
import type { IndirectSelection } from './indirect-selection.ts'
import { ancestors, reachable } from './order.ts'
import type { Term } from './parse-selector.ts'

/**
 * Downwards, `+` leaves tests out: they come with what they read, as indirect selection says. `@` counts them,
 * so that all that a test reads is there.
 */
export function extendMatches(
  graph: Graph,
  matched: ReadonlySet<NodeId>,
  { up, down, around }: Pick<Term, 'up' | 'down' | 'around'>,
  mode: IndirectSelection,
): ReadonlySet<NodeId> {
  if (up === 0 && down === 0 && !around) return matched
  const all = new Set(matched)
  if (up > 0) addAll(all, ancestors(graph, matched, up))
  if (down > 0) addAll(all, readersOf(graph, matched, down))
  if (around) addAll(all, surroundings(graph, matched, mode))
  return all
}

function readersOf(graph: Graph, matched: ReadonlySet<NodeId>, depth: number): ReadonlySet<NodeId> {
  return reachable(matched, (id) => (graph.children.get(id) ?? []).filter((child) => nodeKindOf(child) !== 'test'), depth)
}

function surroundings(graph: Graph, matched: ReadonlySet<NodeId>, mode: IndirectSelection): ReadonlySet<NodeId> {
  const below = new Set(matched)
  addAll(below, readersOf(graph, matched, Infinity))
  const tests = mode === 'empty' ? [] : [...below].flatMap((id) => graph.children.get(id) ?? []).filter((id) => nodeKindOf(id) === 'test')
  addAll(below, ancestors(graph, [...below, ...tests]))
  return below
}

function addAll(into: Set<NodeId>, ids: Iterable<NodeId>): void {
  for (const id of ids) into.add(id)
}
