/**
 * The workbook that stands in for Google Sheets where a run does not reach it: the tables that would have been pushed, a sheet for each part.
 * Nothing of what is in a spreadsheet is known here, so that every mode shows the rows of this run.
 */
import { join, posix } from 'node:path'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { SheetExport } from '../core/project.ts'
import { checkGuards } from './check-guards.ts'
import type { ExportTable, PlannedColumn } from './destination.ts'
import { describeParts } from './describe-parts.ts'
import { encodeXlsx } from './destinations/xlsx.ts'
import { createFileDestination } from './file-destination.ts'
import { openRows, type ReadOptions } from './read-export.ts'
import { loadReceipt, saveReceipt } from './receipts.ts'
import type { ExportOutcome, RunExportOptions } from './run-export.ts'
import type { SheetPart } from './sheet-parts.ts'

export interface RunWorkbookOptions extends Omit<RunExportOptions, 'export'> {
  readonly export: SheetExport
  /** Compiled `for_each`. */
  readonly forEach: string | undefined
}

/** As `runExport` does and throws. */
export async function runWorkbook(options: RunWorkbookOptions): Promise<ExportOutcome> {
  const { export: one, root, target, runId, now, signal } = options
  const described = await describeParts(options)
  if (!described.ok) return { status: 'refused', diagnostics: described.diagnostics }
  const where = posix.join('target', target.name, 'exports', `${one.name}.xlsx`)
  const kept = { root, target: { ...target, exports: 'preview' as const }, name: one.name }
  const destination = createFileDestination({
    where,
    path: join(root, where),
    encode: encodeXlsx({ sheet: one.name, header: one.destination.header }),
    runId,
    now,
  })
  const counts = described.parts.map(({ part }) => ({ part: part && (part.value ?? 'NULL'), rows: 0 }))
  const tables = described.parts.map((part, k) => tableOf(options, part, { columns: described.columns, count: counts[k]! }))
  await using plan = await destination.plan(tables)
  const previous = await loadReceipt(kept)
  const refused = checkParts(one, counts, previous?.rows)
  if (refused.length > 0) return { status: 'refused', diagnostics: refused }
  const receipt = await destination.apply(plan, () => signal?.throwIfAborted())
  await saveReceipt(kept, receipt, runId)
  return { status: receipt.unchanged ? 'unchanged' : 'written', receipt }
}

interface PartCount {
  readonly part: string | undefined
  rows: number
}

/** As the sheet would be guarded, but that one number alone is known of the last time: that of all parts. */
function checkParts(one: SheetExport, counts: readonly PartCount[], before: number | undefined): readonly Diagnostic[] {
  const { minRows, ...guards } = one.guards
  const rows = counts.reduce((sum, count) => sum + count.rows, 0)
  const small = counts.map((count) =>
    checkGuards({ ...one, guards: minRows === undefined ? {} : { minRows } }, { ...count, before: undefined }),
  )
  return [...small, checkGuards({ ...one, guards }, { rows, before })].filter((problem) => problem !== undefined)
}

interface TableDetails {
  readonly columns: readonly PlannedColumn[]
  /** Counts the rows as they are read. */
  readonly count: PartCount
}

/** Its rows are asked for when it is its turn: a session has one cursor at a time. */
function tableOf(options: ReadOptions, { tab, part }: SheetPart, { columns, count }: TableDetails): ExportTable {
  async function* rows(): ExportTable['rows'] {
    await using opened = await openRows({ ...options, columns, part })
    const place = opened.columns.map(({ index }) => index)
    for await (const batch of opened.rows) {
      count.rows += batch.length
      yield batch.map((row) => place.map((index) => row[index] ?? null))
    }
  }
  return { columns: columns.map((column, index) => ({ ...column, index })), rows: rows(), ...(typeof tab === 'string' && { title: tab }) }
}
