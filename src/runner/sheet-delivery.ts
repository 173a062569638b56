/** Whether exports to Google Sheets reach it in this run, and how. */
import type { SheetDestination, Target } from '../core/project.ts'
import type { ExportNode } from '../graph/graph.ts'
import { parseSpreadsheet } from '../project/spreadsheet-id.ts'
import type { OpenGoogle } from './load-sheets.ts'

export type SheetDelivery =
  | {
      readonly kind: 'live'
      readonly open: OpenGoogle
      /** Of links that people open. */
      readonly linkBase: string
    }
  /** A workbook stands in, for the reason that is told. */
  | { readonly kind: 'workbook'; readonly why: string }

export interface ExportSettings {
  readonly sheets: SheetDelivery
  /** Names of exports that take over cells of others, once. */
  readonly adoptExports: ReadonlySet<string>
  /** Write also what is there already. */
  readonly force: boolean
  /** Say what would be written, and write nothing. */
  readonly planOnly: boolean
}

/** Exports to one spreadsheet are one commit; one whose spreadsheet `for_each` decides is a unit by itself. */
export function sheetCommitKey(
  { sheets }: Pick<ExportSettings, 'sheets'>,
  target: Pick<Target, 'exports'>,
  planOnly: boolean,
): (node: ExportNode) => string | undefined {
  return ({ id, export: one }) => {
    if (one.destination.type !== 'google_sheets' || !reachesSheets(sheets, target, planOnly)) return undefined
    return `exports:${spreadsheetOf(one.destination) ?? id}`
  }
}

/** A plan is made also where nothing would be written. */
function reachesSheets(sheets: SheetDelivery, { exports }: Pick<Target, 'exports'>, planOnly: boolean): boolean {
  return sheets.kind === 'live' && (exports === 'live' || (planOnly && exports === 'preview'))
}

function spreadsheetOf({ spreadsheet }: SheetDestination): string | undefined {
  return parseSpreadsheet(spreadsheet)?.id
}
