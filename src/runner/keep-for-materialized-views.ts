/**
 * A materialized view that cannot be renamed stays with the table that it was made on, also under another name: a table that one of the project reads gets
 * its new rows in place, so that the view follows it. With `--full-refresh` both are made anew.
 */
import type { NodeId } from '../core/node.ts'
import type { Swap } from '../core/project.ts'
import { readsOf } from '../graph/reads-of.ts'
import { publishingOf } from '../materializations/publishing.ts'
import type { RunContext } from './run-context.ts'

export function swapOf({ dialect, graph }: Pick<RunContext, 'dialect' | 'graph'>, id: NodeId, swap: Swap): Swap {
  if (publishingOf(dialect).renamesMaterializedViews) return swap
  const isRead = [...graph.nodes.values()].some(
    (node) =>
      node.kind === 'model' && node.model.materialized === 'materialized_view' && readsOf(graph, node.id).some((read) => read.id === id),
  )
  return isRead ? 'in_place' : swap
}
