/** What is shared by the steps of one run of exports to Google Sheets. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { SheetExport } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Session } from '../warehouses/warehouse.ts'
import type { GoogleApi, Spreadsheet } from './destinations/google-sheets/google-api.ts'
import type { TabRequest } from './destinations/google-sheets/tab-request.ts'
import type { PlannedColumn } from './destination.ts'
import type { ExportRead, ExportSelect } from './select-sql.ts'
import type { SheetPart } from './sheet-parts.ts'

export interface SheetMember {
  readonly export: SheetExport
  readonly read: ExportRead
  /** Compiled `for_each`. */
  readonly forEach: string | undefined
  /** Names of columns whose values are not shown. */
  readonly masked: ReadonlySet<string>
  readonly adopt: boolean
  readonly onStatement: (statement: ExportSelect) => void
}

export interface SheetRunOptions {
  readonly members: readonly SheetMember[]
  readonly api: GoogleApi
  /** Of links that people open: `https://docs.google.com/`. */
  readonly linkBase: string
  /** Runs the reading of one part in a session, again where the warehouse's error passes. */
  readonly reading: <T>(member: SheetMember, work: (session: Session) => Promise<T>) => Promise<T>
  /** One after the other for one spreadsheet. */
  readonly serially: <T>(spreadsheet: string, work: () => Promise<T>) => Promise<T>
  readonly dialect: Dialect
  readonly project: string
  /** What the delivery is called. */
  readonly run: string
  readonly force: boolean
  /** Plans, and writes nothing. */
  readonly planOnly: boolean
  readonly signal: AbortSignal
  readonly now: () => Date
  readonly onProgress: (export_: SheetExport, text: string) => void
  readonly onReplan: (export_: SheetExport, reason: string) => void
}

export interface PlacedPart extends SheetPart {
  readonly member: SheetMember
  readonly columns: readonly PlannedColumn[]
}

export interface Pushing {
  readonly spreadsheet: Spreadsheet
  readonly id: string
  readonly group: readonly PlacedPart[]
  readonly requests: ReadonlyMap<PlacedPart, TabRequest>
  /** Parts whose rows do not fit into a sheet. */
  readonly unread: ReadonlyMap<PlacedPart, Diagnostic>
  readonly before: GoogleApi['calls']
}
