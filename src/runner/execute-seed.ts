/** A seed: its file as a table. */
import { relationLabel } from '../core/relation.ts'
import type { SeedNode } from '../graph/graph.ts'
import { diagnosticFailure } from './diagnostic-failure.ts'
import { swapOf } from './keep-for-materialized-views.ts'
import { loadCsv } from './load-csv.ts'
import type { NodeWork } from './node-work.ts'
import type { RunContext } from './run-context.ts'

export async function executeSeed(context: RunContext, { id, seed }: SeedNode): Promise<NodeWork> {
  const base = { what: 'seed', where: relationLabel(seed.relation) }
  const loaded = await loadCsv(context, seed, { ...seed, node: id, swap: swapOf(context, id, seed.swap) })
  if (!loaded.ok) return { ...base, status: 'error', failure: diagnosticFailure(loaded.diagnostics, context.readText) }
  const { notes, rows } = loaded.applied
  return { ...base, status: 'success', notes, ...(rows !== undefined && { rows }) }
}
