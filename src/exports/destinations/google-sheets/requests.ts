/** Requests of a batch, as the API spells them. Values alone are written: formats, notes, validation and what people added beside stay. Pure. */
import { gridRange, type Rectangle } from './a1.ts'
import type { NumberFormat } from './cells.ts'
import type { SheetRequest } from './google-api.ts'
import type { SheetColumn } from './sheet-columns.ts'
import type { Cell } from './sheet-content.ts'

type CellData = NonNullable<NonNullable<NonNullable<SheetRequest['updateCells']>['rows']>[number]['values']>[number]

const valuesAlone = 'userEnteredValue'

export function cellData(value: Cell, isFormula = false): CellData {
  if (value === null || value === '') return {}
  if (typeof value === 'number') return { userEnteredValue: { numberValue: value } }
  if (typeof value === 'boolean') return { userEnteredValue: { boolValue: value } }
  return { userEnteredValue: isFormula && value.startsWith('=') ? { formulaValue: value } : { stringValue: value } }
}

export function rowData(columns: readonly Pick<SheetColumn, 'formula'>[], row: readonly Cell[]): { readonly values: CellData[] } {
  return { values: row.map((value, k) => cellData(value, columns[k]?.formula ?? false)) }
}

/** Cells of the rectangle for which `rows` has none are emptied. */
export function writeRectangle(sheetId: number, rectangle: Rectangle, rows: readonly { readonly values: CellData[] }[]): SheetRequest {
  return { updateCells: { range: gridRange(sheetId, rectangle), rows: [...rows], fields: valuesAlone } }
}

export function emptyRectangle(sheetId: number, rectangle: Rectangle): SheetRequest {
  return writeRectangle(sheetId, rectangle, [])
}

/** After the last row of the tab that holds anything; the grid grows by itself. */
export function appendRows(sheetId: number, firstColumn: number, rows: readonly { readonly values: CellData[] }[]): SheetRequest {
  const blank: CellData[] = Array.from({ length: firstColumn }, () => ({}))
  return { appendCells: { sheetId, rows: rows.map(({ values }) => ({ values: [...blank, ...values] })), fields: valuesAlone } }
}

/** Relative growth: whatever people add meanwhile stays. */
export function growGrid(
  sheetId: number,
  grid: { readonly rows: number; readonly columns: number },
  needed: typeof grid,
): readonly SheetRequest[] {
  const grow = (dimension: 'ROWS' | 'COLUMNS', length: number): readonly SheetRequest[] =>
    length <= 0 ? [] : [{ appendDimension: { sheetId, dimension, length } }]
  return [...grow('ROWS', needed.rows - grid.rows), ...grow('COLUMNS', needed.columns - grid.columns)]
}

export function insertColumns(sheetId: number, from: number, to: number): SheetRequest {
  return {
    insertDimension: { range: { sheetId, dimension: 'COLUMNS', startIndex: from, endIndex: to }, inheritFromBefore: false },
  }
}

export function pasteValues(from: { readonly sheetId: number; readonly at: Rectangle }, to: typeof from): SheetRequest {
  return {
    copyPaste: {
      source: gridRange(from.sheetId, from.at),
      destination: gridRange(to.sheetId, to.at),
      pasteType: 'PASTE_VALUES',
      pasteOrientation: 'NORMAL',
    },
  }
}

/** The number format of whole columns from a row down; undefined takes one away. */
export function formatColumns(
  sheetId: number,
  from: { readonly row: number; readonly column: number },
  formats: readonly ({ readonly format: NumberFormat | undefined } | undefined)[],
): readonly SheetRequest[] {
  const requests: SheetRequest[] = []
  for (let k = 0; k < formats.length;) {
    const wanted = formats[k]
    let end = k + 1
    while (end < formats.length && JSON.stringify(formats[end]) === JSON.stringify(wanted)) end++
    if (wanted) {
      requests.push({
        repeatCell: {
          range: { sheetId, startRowIndex: from.row, startColumnIndex: from.column + k, endColumnIndex: from.column + end },
          cell: { userEnteredFormat: wanted.format ? { numberFormat: { ...wanted.format } } : {} },
          fields: 'userEnteredFormat.numberFormat',
        },
      })
    }
    k = end
  }
  return requests
}

export function boldRow(sheetId: number, rectangle: Rectangle): SheetRequest {
  return {
    repeatCell: {
      range: gridRange(sheetId, rectangle),
      cell: { userEnteredFormat: { textFormat: { bold: true } } },
      fields: 'userEnteredFormat.textFormat.bold',
    },
  }
}

export function freezeRows(sheetId: number, rows: number): SheetRequest {
  return {
    updateSheetProperties: { properties: { sheetId, gridProperties: { frozenRowCount: rows } }, fields: 'gridProperties.frozenRowCount' },
  }
}

/** Widths by what stands in the columns: for new tabs, since it takes the service its time. */
export function fitColumns(sheetId: number, from: number, to: number): SheetRequest {
  return { autoResizeDimensions: { dimensions: { sheetId, dimension: 'COLUMNS', startIndex: from, endIndex: to } } }
}

export function noteOn(sheetId: number, row: number, column: number, note: string): SheetRequest {
  const range = gridRange(sheetId, { row, column, endRow: row + 1, endColumn: column + 1 })
  return { updateCells: { range, rows: [{ values: [{ note }] }], fields: 'note' } }
}

export function deleteSheet(sheetId: number): SheetRequest {
  return { deleteSheet: { sheetId } }
}

/** Bytes of a batch as it is sent. */
export function bytesOf(requests: readonly SheetRequest[]): number {
  return Buffer.byteLength(JSON.stringify({ requests }))
}
