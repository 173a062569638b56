/**
 * A seed: its file inspected, then loaded by COPY into a table that the kernel swaps in. Loaded again, from an empty table, where the rest of a
 * large file shows that the types inferred from its beginning are not those of the whole.
 */
import type { Diagnostic } from '../core/diagnostic.ts'
import { DiagnosticsError, WarehouseError } from '../core/errors.ts'
import { relationLabel } from '../core/relation.ts'
import type { SeedNode } from '../graph/graph.ts'
import { OtherTypesError, seedBytes } from '../materializations/seed-bytes.ts'
import { locateCopyError } from '../materializations/seed-copy-error.ts'
import { inspectSeed, type InspectedSeed } from '../materializations/seed-inspect.ts'
import { seedCopyOptions } from '../materializations/seed-statements.ts'
import type { Session } from '../warehouses/warehouse.ts'
import type { Applied } from './apply-plan.ts'
import { buildRelation } from './build-relation.ts'
import { diagnosticFailure } from './diagnostic-failure.ts'
import type { NodeWork } from './node-work.ts'
import type { RunContext } from './run-context.ts'

export async function executeSeed(context: RunContext, { id, seed }: SeedNode): Promise<NodeWork> {
  const base = { what: 'seed', where: relationLabel(seed.relation) }
  const inspected = await inspectSeed(seed, { root: context.root, identifierBytes: context.dialect.identifierBytes })
  if (!inspected.ok) return { ...base, status: 'error', failure: diagnosticFailure(inspected.diagnostics, context.readText) }
  let file = inspected.seed
  const load = (session: Session): Promise<Applied> =>
    buildRelation(context, session, {
      ...seed,
      node: id,
      contents: { seedColumns: file.columns, copyOptions: seedCopyOptions(context.dialect, file), copyRows: () => seedBytes(file) },
    })
  try {
    const applied = await context.withSession(async (session) => {
      try {
        return await load(session)
      } catch (error) {
        if (!(error instanceof OtherTypesError)) throw error
        file = { ...file, columns: error.columns }
        return await load(session)
      }
    })
    return { ...base, status: 'success', notes: applied.notes, ...(applied.rows !== undefined && { rows: applied.rows }) }
  } catch (error) {
    const diagnostics = await diagnosticsOf(file, error)
    if (diagnostics.length === 0) throw error
    return { ...base, status: 'error', failure: diagnosticFailure(diagnostics, context.readText) }
  }
}

/** Mistakes of the file, found while it was sent, or by the server that read it. */
async function diagnosticsOf(file: InspectedSeed, error: unknown): Promise<readonly Diagnostic[]> {
  if (error instanceof DiagnosticsError) return error.diagnostics
  const located = error instanceof WarehouseError ? await locateCopyError(file, error) : undefined
  return located ? [located] : []
}
