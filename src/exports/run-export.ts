/**
 * One export, from its SELECT to its receipt. Order is what keeps a reader safe: columns are checked before rows are read, rows are
 * prepared aside, guards look at what was prepared, and only then is anything replaced.
 */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { FileExport, Target } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { checkGuards } from './check-guards.ts'
import type { Destination, Receipt } from './destination.ts'
import { loadFormat } from './destinations/index.ts'
import { checkLinks, checkExportPaths, exportPlace } from './export-path.ts'
import { createFileDestination } from './file-destination.ts'
import { describeColumns, openRows } from './read-export.ts'
import { loadReceipt, saveReceipt } from './receipts.ts'
import type { ExportRead, ExportSelect } from './select-sql.ts'

export interface RunExportOptions {
  readonly export: FileExport
  readonly read: ExportRead
  readonly session: Session
  readonly dialect: Dialect
  /** The project's root, absolute. */
  readonly root: string
  readonly target: Pick<Target, 'name' | 'exports'>
  readonly runId: string
  readonly now: () => Date
  readonly signal?: AbortSignal
  /** Runs around each statement, so that an error's position can be led to the author's file. */
  readonly onStatement?: (statement: ExportSelect) => void
}

export type ExportOutcome =
  | { readonly status: 'written' | 'unchanged'; readonly receipt: Receipt }
  /** Nothing was replaced. */
  | { readonly status: 'refused'; readonly diagnostics: readonly Diagnostic[] }

/** Throws WarehouseError, SqlflowError `export-not-written` or `xlsx-limit`, and the signal's reason; what stood there before stands then. */
export async function runExport(options: RunExportOptions): Promise<ExportOutcome> {
  const { export: one, root, target, runId } = options
  const place = exportPlace(root, target, one)
  const link = checkExportPaths([one])[0] ?? (await checkLinks(root, place, one))
  if (link) return { status: 'refused', diagnostics: [link] }
  const encode = await loadFormat({ destination: one.destination, name: one.name })
  const destination = createFileDestination({ ...place, encode, runId, now: options.now })
  const kept = { root, target, name: one.name }
  const outcome = await commit(options, destination, await loadReceipt(kept))
  if ('receipt' in outcome) await saveReceipt(kept, outcome.receipt, runId)
  return outcome
}

async function commit(options: RunExportOptions, destination: Destination, previous: Receipt | undefined): Promise<ExportOutcome> {
  const { export: one, signal } = options
  const columns = await describeColumns(options)
  if (!columns.ok) return { status: 'refused', diagnostics: columns.diagnostics }
  await using read = await openRows({ ...options, columns: columns.columns })
  await using plan = await destination.plan([read])
  const refused = checkGuards(one, { rows: plan.rows, before: previous?.rows })
  if (refused) return { status: 'refused', diagnostics: [refused] }
  const receipt = await destination.apply(plan, () => signal?.throwIfAborted())
  return { status: receipt.unchanged ? 'unchanged' : 'written', receipt }
}
