/**
 * Which tests come with the nodes that were selected, by dbt's rules. A test that was named itself is among the selected
 * ones already, and stays.
 */
import { nodeKindOf, type NodeId } from '../core/node.ts'
import type { Graph } from './graph.ts'
import { ancestors } from './order.ts'

/**
 * `eager`: tests that read any selected node; `cautious`: all that they read is selected; `buildable`: all that they read is selected
 * or above it, or a source; `empty`: none.
 */
export const indirectSelections = ['eager', 'cautious', 'buildable', 'empty'] as const
export type IndirectSelection = (typeof indirectSelections)[number]

export interface Picked {
  readonly direct: ReadonlySet<NodeId>
  /** Tests of `direct` that also read what is not there. */
  readonly heldBack: ReadonlySet<NodeId>
}

/** The selected nodes with their tests. */
export function attachTests(graph: Graph, selected: ReadonlySet<NodeId>, mode: IndirectSelection): Picked {
  if (mode === 'empty') return { direct: selected, heldBack: new Set() }
  const direct = new Set(selected)
  const heldBack = new Set<NodeId>()
  const admits = admission(graph, selected, mode)
  for (const id of selected) {
    for (const child of graph.children.get(id) ?? []) {
      if (nodeKindOf(child) !== 'test' || selected.has(child)) continue
      if (admits(child)) direct.add(child)
      else heldBack.add(child)
    }
  }
  return { direct, heldBack }
}

/** `direct`, with the tests held back from its parts that it now holds all parents of. */
export function admitHeldBack(
  graph: Graph,
  direct: ReadonlySet<NodeId>,
  heldBack: ReadonlySet<NodeId>,
  mode: IndirectSelection,
): ReadonlySet<NodeId> {
  if (heldBack.size === 0) return direct
  const admits = admission(graph, direct, mode)
  return new Set([...direct, ...[...heldBack].filter(admits)])
}

function admission(graph: Graph, selected: ReadonlySet<NodeId>, mode: IndirectSelection): (test: NodeId) => boolean {
  if (mode === 'eager') return () => true
  const above = mode === 'buildable' ? ancestors(graph, selected) : new Set<NodeId>()
  const isThere = (parent: NodeId): boolean =>
    selected.has(parent) || above.has(parent) || (mode === 'buildable' && nodeKindOf(parent) === 'source')
  return (test) => graph.nodes.get(test)!.parents.every(isThere)
}
