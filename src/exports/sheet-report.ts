/** What became of the parts of an export, for those who tell it. Holds no rows. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { TabDiff } from './destinations/google-sheets/diff-tab.ts'

export interface PartReport {
  /** The value of `for_each`; undefined where the export has no parts. */
  readonly part: string | undefined
  /** `held`: another export of the same spreadsheet could not be written. */
  readonly status: 'written' | 'unchanged' | 'planned' | 'refused' | 'held'
  /** Title of the spreadsheet, and of the tab. */
  readonly where: string
  readonly link: string
  readonly rows: number
  readonly notes: readonly string[]
  readonly problem?: Diagnostic
  readonly plan?: TabPlanReport
}

/** What a run would do to one tab. */
export interface TabPlanReport {
  readonly part: string | undefined
  readonly where: string
  readonly mode: string
  readonly change: 'none' | 'create' | 'write'
  readonly rowsBefore: number | undefined
  readonly rows: number
  readonly columns: readonly string[]
  readonly diff: TabDiff
  /** Cells by which the grid grows. */
  readonly growth: number
  readonly calls: { readonly reads: number; readonly writes: number }
  /** Of the calls that write. */
  readonly bytes: number
  readonly notes: readonly string[]
}
