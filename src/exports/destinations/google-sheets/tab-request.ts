/** One table to be brought to one tab. */
import type { SheetExport } from '../../../core/project.ts'
import type { Rectangle } from './a1.ts'
import type { SheetContent } from './sheet-content.ts'

export interface TabRequest {
  readonly export: SheetExport
  /** The value of `for_each` that this part is about. */
  readonly part: string | undefined
  readonly project: string
  /** Id of the spreadsheet. */
  readonly spreadsheet: string
  /** Title or number of the tab, placeholders filled. */
  readonly tab: string | number
  /** snapshot: `2026-11-03`. */
  readonly day: string | undefined
  readonly content: SheetContent
  /** What a delivery is called: with one name, rows are appended once. */
  readonly run: string
  /** Take over cells of others. */
  readonly adopt: boolean
  /** Write also what is there already. */
  readonly force: boolean
  readonly now: Date
  /** Of the times that are shown in the sheet. */
  readonly timeZone: string
}

/** Name of the export, with its part: how people and the tab's metadata call it. */
export function nameOf({ export: one, part, day }: Pick<TabRequest, 'export' | 'part' | 'day'>): string {
  const name = part === undefined ? one.name : `${one.name}[${part}]`
  return day === undefined ? name : `${name}@${day}`
}

export function headerHeight({ export: one }: Pick<TabRequest, 'export'>): 0 | 1 {
  return one.destination.header ? 1 : 0
}

/** Rows of the table, its header included. */
export function heightOf(request: TabRequest): number {
  return request.content.rows + headerHeight(request)
}

/** Where the table stands that is this high. */
export function tableOf(request: Pick<TabRequest, 'export' | 'content'>, height: number): Rectangle {
  const { row, column } = request.export.destination.start
  return { row, column, endRow: row + height, endColumn: column + request.content.columns.length }
}
