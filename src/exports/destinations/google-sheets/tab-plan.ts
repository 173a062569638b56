/** What a commit will do to one tab: decided before the first write, so that it can be shown, guarded and refused. */
import type { CallSizes } from './call-sizes.ts'
import type { FoundTab } from './find-tab.ts'
import type { GoogleApi, SheetRequest, SheetValues } from './google-api.ts'
import type { Piece } from './spool.ts'
import type { TabRequest } from './tab-request.ts'
import type { TabState } from './tab-state.ts'

/** Reads cells of the spreadsheet: each call is one read of the account's budget. */
export type ReadCells = (ranges: readonly string[]) => ReturnType<GoogleApi['getValues']>

/** What is too much for one call is first written to a hidden tab, and pasted from there by the commit. */
export interface Staging {
  readonly rows: number
  readonly columns: number
  readonly bytes: number
  /** Calls that fill it. */
  readonly calls: number
  pieces(): AsyncIterable<Piece> | Iterable<Piece>
  paste(sheetId: number): readonly SheetRequest[]
}

export interface TabPlan {
  readonly request: TabRequest
  readonly tab: FoundTab
  /** `none`: what is there is what would be written. */
  readonly change: 'none' | 'create' | 'write'
  /** Of the commit, in their order; what is staged is pasted between the two. */
  readonly before: readonly SheetRequest[]
  readonly staging: Staging | undefined
  readonly after: readonly SheetRequest[]
  /** Cells by which the grid grows. */
  readonly growth: number
  /** Rows of data that stood there before; undefined where it is the first time. */
  readonly rowsBefore: number | undefined
  /** Undefined where nothing changes. */
  readonly next: TabState | undefined
  /** Cells that must not have changed when the commit is sent, as they were read; people sort and insert rows meanwhile. */
  readonly recheck?: { readonly ranges: readonly string[]; readonly values: readonly SheetValues[] }
  /** For people: `adopted`, `already appended by this run`. */
  readonly notes: readonly string[]
}

export interface PlanContext {
  readonly read: ReadCells
  /** JSON that the commit may still take; more is staged. */
  readonly inlineBytes: number
  readonly sizes: CallSizes
}

/** Nothing to write. */
export function unchangedPlan(request: TabRequest, tab: FoundTab, notes: readonly string[] = []): TabPlan {
  const rowsBefore = tab.found?.state.rows
  return { request, tab, change: 'none', before: [], staging: undefined, after: [], growth: 0, rowsBefore, next: undefined, notes }
}
