/** Where the columns of an export stand in a sheet that people rearrange: by their titles, new ones to the right. */
import type { SheetDestination } from '../../../core/project.ts'
import type { FoundTab } from './find-tab.ts'
import type { SheetRequest } from './google-api.ts'
import { cellData, formatColumns, writeRectangle } from './requests.ts'
import type { SheetContent } from './sheet-content.ts'
import type { SheetTable } from './sheet-table.ts'
import type { TabRequest } from './tab-request.ts'

export interface Placed {
  /** Column of the sheet of each column of the export. */
  readonly columns: readonly number[]
  /** Positions, in the export, of those that the sheet does not have yet. */
  readonly added: readonly number[]
  /** Column of the sheet that marks removed rows. */
  readonly mark: number | undefined
  readonly endColumn: number
  readonly header: (sheetId: number, row: number) => readonly SheetRequest[]
}

/** Columns that are not there yet go to the right of the header. */
export function placeColumns(
  content: SheetContent,
  table: SheetTable,
  { onRemoved, isMissed }: Pick<SheetDestination, 'onRemoved'> & { readonly isMissed: boolean },
): Placed {
  let end = table.endColumn
  const titles: { readonly column: number; readonly title: string }[] = []
  const place = (text: string): number => {
    titles.push({ column: end, title: text })
    return end++
  }
  const added: number[] = []
  const columns = table.columnOf.map((column, k) => {
    if (column !== undefined) return column
    added.push(k)
    return place(content.columns[k]!.title)
  })
  const title = typeof onRemoved === 'string' ? undefined : onRemoved.mark
  const mark = title === undefined ? undefined : (findTitle(table, title) ?? (isMissed ? place(title) : undefined))
  return {
    columns,
    added,
    mark,
    endColumn: end,
    header: (sheetId, row) =>
      titles.map(({ column, title: text }) =>
        writeRectangle(sheetId, { row, column, endRow: row + 1, endColumn: column + 1 }, [{ values: [cellData(text)] }]),
      ),
  }
}

function findTitle(table: SheetTable, title: string): number | undefined {
  for (let column = 0; column < table.endColumn; column++) if (table.cell(table.headerRow, column) === title) return column
  return undefined
}

/** Formats of columns that are new in the sheet; the others keep what people made of them. */
export function newFormats(
  { content, export: one }: TabRequest,
  { sheetId }: FoundTab,
  { columns, added, mark }: Placed,
): readonly SheetRequest[] {
  const row = one.destination.start.row + 1
  const dated =
    mark === undefined ? [] : formatColumns(sheetId, { row, column: mark }, [{ format: { type: 'DATE', pattern: 'yyyy-mm-dd' } }])
  return [
    ...added.flatMap((k) => {
      const { format } = content.columns[k]!
      return format ? formatColumns(sheetId, { row, column: columns[k]! }, [{ format }]) : []
    }),
    ...dated,
  ]
}
