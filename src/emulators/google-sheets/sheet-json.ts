/** Tabs and developer metadata as the API tells them. */
import type { JsonObject } from './json.ts'
import type { GridRange, Metadata, Sheet, Workbook } from './workbook.ts'

export function propertiesOf({ sheets }: Workbook, sheet: Sheet): JsonObject {
  return {
    sheetId: sheet.sheetId,
    title: sheet.title,
    index: sheets.indexOf(sheet),
    sheetType: 'GRID',
    ...(sheet.hidden && { hidden: true }),
    gridProperties: {
      rowCount: sheet.rowCount,
      columnCount: sheet.columnCount,
      ...(sheet.frozenRowCount > 0 && { frozenRowCount: sheet.frozenRowCount }),
      ...(sheet.frozenColumnCount > 0 && { frozenColumnCount: sheet.frozenColumnCount }),
    },
  }
}

/** A sheetId of 0 is left out, as JSON of protocol buffers leaves out zeros. */
function gridRangeAsJson({ sheetId, ...bounds }: GridRange): JsonObject {
  return { ...(sheetId !== undefined && sheetId !== 0 && { sheetId }), ...bounds }
}

/** The same with its range as the API tells it. */
export function rangedAsJson(one: { readonly range: GridRange }): JsonObject {
  return { ...one, range: gridRangeAsJson(one.range) }
}

/** `sheet`: that which it is attached to, or to whose rows or columns; undefined for those of the spreadsheet. */
export function metadataAsJson({ range, ...metadata }: Metadata, sheet: Sheet | undefined): JsonObject {
  const location = !sheet
    ? { locationType: 'SPREADSHEET', spreadsheet: true }
    : range
      ? { locationType: range.dimension === 'ROWS' ? 'ROW' : 'COLUMN', dimensionRange: range }
      : { locationType: 'SHEET', sheetId: sheet.sheetId }
  return { ...metadata, location }
}
