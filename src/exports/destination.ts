/**
 * What an end of the graph must be able to do. A destination first plans: it prepares everything aside and says what would change; then
 * it applies, in one step that no reader sees half done. Between the two, guards may refuse.
 */
import type { Field, Row } from '../warehouses/warehouse.ts'

export interface ExportSchema {
  readonly columns: readonly PlannedColumn[]
}

/** A column of the destination, in its order. */
export interface PlannedColumn {
  /** Position in the rows that are read. */
  readonly index: number
  readonly field: Field
  readonly title: string
  /** `text`, or a number or date format as spreadsheets write them. */
  readonly format: string | undefined
}

/** Asked for once, and only as fast as they are taken. */
export type ExportRows = AsyncIterable<readonly Row[]>

/** One table of an export: a file has one, a workbook one for each part. */
export interface ExportTable extends ExportSchema {
  /** What a sheet is called that holds it. */
  readonly title?: string
  readonly rows: ExportRows
}

export interface DestinationPlan extends AsyncDisposable {
  readonly change: 'create' | 'replace' | 'none'
  readonly rows: number
  /** sha256 of the content, hex. */
  readonly hash: string
}

/** What must still hold at the moment of the commit: throws where the run was cancelled or lost its right to write. */
export type Fence = () => void | Promise<void>

/** Kept from one run to the next; never rows. */
export interface Receipt {
  /** For people: the file, relative to the project's root. */
  readonly where: string
  readonly rows: number
  readonly columns: readonly string[]
  readonly hash: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** The content was there already, so nothing was written. */
  readonly unchanged: boolean
}

export interface Destination<Plan extends DestinationPlan = DestinationPlan> {
  /** Reads all rows and prepares them aside. Disposing the plan removes what was prepared. */
  plan(tables: readonly ExportTable[]): Promise<Plan>
  apply(plan: Plan, fence: Fence): Promise<Receipt>
}
