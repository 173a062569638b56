/** What an export to Google Sheets has, asked of the warehouse before a row is read: its columns, and its parts. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { SheetExport } from '../core/project.ts'
import type { PlannedColumn } from './destination.ts'
import { wallClockOf } from './destinations/google-sheets/serial-time.ts'
import { planColumns } from './plan-columns.ts'
import { describeFields, type ReadOptions } from './read-export.ts'
import { sheetParts, type SheetPart } from './sheet-parts.ts'

export interface DescribePartsOptions extends ReadOptions {
  readonly export: SheetExport
  /** Compiled `for_each`. */
  readonly forEach: string | undefined
  readonly now: () => Date
}

export type DescribedParts =
  | { readonly ok: true; readonly columns: readonly PlannedColumn[]; readonly parts: readonly SheetPart[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** `for_each` is asked only where the columns are right. */
export async function describeParts(options: DescribePartsOptions): Promise<DescribedParts> {
  const { export: one, session, forEach, now, onStatement } = options
  const fields = await describeFields(options)
  const columns = planColumns(one, fields)
  if (!columns.ok) return columns
  if (forEach !== undefined) onStatement?.({ sql: forEach })
  const rows = forEach === undefined ? undefined : await session.query(forEach)
  const day = dayOf(now(), one.destination.timeZone ?? 'UTC')
  const parts = sheetParts({ export: one, rows, readColumns: fields.map(({ name }) => name), day })
  return parts.ok ? { ok: true, columns: columns.columns, parts: parts.parts } : parts
}

/** `2026-11-03` on the clock of the zone. */
function dayOf(now: Date, timeZone: string): string {
  return new Date(wallClockOf(timeZone)(now.getTime())).toISOString().slice(0, 10)
}
