/**
 * One export, from its SELECT to its receipt. Order is what keeps a reader safe: columns are checked before rows are read, rows are
 * prepared aside, guards look at what was prepared, and only then is anything replaced.
 */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Export, Target } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Row, Session } from '../warehouses/warehouse.ts'
import { checkGuards } from './check-guards.ts'
import type { Destination, ExportRows, PlannedColumn, Receipt } from './destination.ts'
import { loadFormat } from './destinations/index.ts'
import { checkLinks, checkExportPaths, exportPlace } from './export-path.ts'
import { createFileDestination } from './file-destination.ts'
import { planColumns } from './plan-columns.ts'
import { loadReceipt, saveReceipt } from './receipts.ts'
import { exportFieldsSql, exportSelectSql, type ExportRead, type ExportSelect } from './select-sql.ts'

/** Rows at a time: 1,000 of seven columns took the process past 150 MB. */
const batchSize = 400

export interface RunExportOptions {
  readonly export: Export
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
  /** The target says `exports: off`. */
  | { readonly status: 'off'; readonly reason: string }
  /** Nothing was replaced. */
  | { readonly status: 'refused'; readonly diagnostics: readonly Diagnostic[] }

/** Throws WarehouseError, SqlflowError `export-not-written` or `xlsx-limit`, and the signal's reason; what stood there before stands then. */
export async function runExport(options: RunExportOptions): Promise<ExportOutcome> {
  const { export: one, root, target, runId } = options
  const place = exportPlace(root, target, one)
  if (!place) return { status: 'off', reason: `target \`${target.name}\` says \`exports: off\`` }
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
  const read = await openRows(options, columns.columns)
  await using stream = read.stream
  await using plan = await destination.plan({ columns: read.columns }, untilAborted(stream.batches(), signal))
  const refused = checkGuards(one, plan.rows, previous)
  if (refused) return { status: 'refused', diagnostics: [refused] }
  const receipt = await destination.apply(plan, () => signal?.throwIfAborted())
  return { status: receipt.unchanged ? 'unchanged' : 'written', receipt }
}

async function describeColumns({
  export: one,
  read,
  session,
  dialect,
  onStatement,
}: RunExportOptions): Promise<ReturnType<typeof planColumns>> {
  const statement = exportFieldsSql(dialect, read)
  onStatement?.(statement)
  const { fields } = await session.query(statement.sql)
  return planColumns(one, fields)
}

async function openRows(
  { export: one, read, session, dialect, onStatement }: RunExportOptions,
  columns: readonly PlannedColumn[],
): Promise<{ readonly stream: Awaited<ReturnType<Session['stream']>>; readonly columns: readonly PlannedColumn[] }> {
  const statement = exportSelectSql(dialect, read, { columns: columns.map(({ field }) => field.name), orderBy: one.orderBy })
  onStatement?.(statement)
  const stream = await session.stream(statement.sql, { batchSize })
  const inOrder = stream.fields.length === columns.length && columns.every(({ field }, k) => stream.fields[k]?.name === field.name)
  return { stream, columns: inOrder ? columns.map((column, index) => ({ ...column, index })) : columns }
}

/** Cancelling between batches is enough: the runner cancels the statement that makes one. */
async function* untilAborted(batches: AsyncIterable<readonly Row[]>, signal: AbortSignal | undefined): ExportRows {
  for await (const batch of batches) {
    signal?.throwIfAborted()
    yield batch
  }
}
