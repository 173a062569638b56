/**
 * A CSV inspected, then loaded by COPY into a table that the kernel makes or swaps in: a seed, or the sample of a source. Loaded again, from an
 * empty table, where the rest of a large file shows that the types inferred from its beginning are not those of the whole.
 */
import type { Diagnostic } from '../core/diagnostic.ts'
import { DiagnosticsError, WarehouseError } from '../core/errors.ts'
import { OtherTypesError, seedBytes } from '../materializations/seed-bytes.ts'
import { locateCopyError } from '../materializations/seed-copy-error.ts'
import { inspectSeed, type InspectedSeed, type SeedFile } from '../materializations/seed-inspect.ts'
import type { Session } from '../warehouses/warehouse.ts'
import type { Applied } from './apply-plan.ts'
import { buildRelation, type RelationRequest } from './build-relation.ts'
import { fitColumns } from './fit-columns.ts'
import type { BuildContext, RunContext } from './run-context.ts'

export type CsvLoad =
  | { readonly ok: true; readonly applied: Applied }
  /** Mistakes of the file, found before it was sent, while it was, or by the server that read it. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export async function loadCsv(
  context: BuildContext & Pick<RunContext, 'root' | 'withSession'>,
  csv: SeedFile,
  request: Omit<RelationRequest, 'contents'>,
): Promise<CsvLoad> {
  const inspected = await inspectSeed(csv, { root: context.root, identifierBytes: context.dialect.identifierBytes })
  if (!inspected.ok) return inspected
  let file = inspected.seed
  const load = async (session: Session): Promise<Applied> => {
    const { columns, delimiter } = file
    const copyRows = (): AsyncIterable<Uint8Array> => seedBytes(file)
    const contents = { seedColumns: await fitColumns({ columns, delimiter, copyRows }, context.dialect), delimiter, copyRows }
    return await buildRelation(context, session, { ...request, contents })
  }
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
    return { ok: true, applied }
  } catch (error) {
    const diagnostics = await diagnosticsOf(file, error)
    if (diagnostics.length === 0) throw error
    return { ok: false, diagnostics }
  }
}

/** Mistakes of the file, found while it was sent, or by the server that read it. */
async function diagnosticsOf(file: InspectedSeed, error: unknown): Promise<readonly Diagnostic[]> {
  if (error instanceof DiagnosticsError) return error.diagnostics
  const located = error instanceof WarehouseError ? await locateCopyError(file, error) : undefined
  return located ? [located] : []
}
