/** How long nodes took in the last run, so that the longest path is begun first. A guess: nothing depends on it but order. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NodeId } from '../core/node.ts'

/** Expected milliseconds of a node; 1 for one that has not run. */
export function readTimings(root: string, target: string): (id: NodeId) => number {
  const known = new Map<string, number>()
  for (const { node, ms } of resultsOf(join(root, 'target', target, 'run_results.json'))) {
    if (typeof node === 'string' && typeof ms === 'number' && ms > 0) known.set(node, ms)
  }
  return (id) => known.get(id) ?? 1
}

function resultsOf(path: string): readonly { readonly node?: unknown; readonly ms?: unknown }[] {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
    const results = typeof content === 'object' && content !== null && 'results' in content ? content.results : undefined
    return Array.isArray(results) ? results.filter((one) => typeof one === 'object' && one !== null) : []
  } catch {
    return []
  }
}
