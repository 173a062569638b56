/** Spreadsheets as the page shows them: cells as formatted text, with what it needs to look right. */
import { writeAsked } from '../a1-notation.ts'
import { formatCell } from '../format-cell.ts'
import { isObject, maybeObjectIn, numberIn, objectIn, textIn, truthIn, type JsonObject } from '../json.ts'
import { metadataAsJson } from '../sheet-json.ts'
import { readTyped } from '../typed-text.ts'
import { allMetadata, filledRows, type Cell, type GridRange, type Sheet, type Workbook } from '../workbook.ts'

export function listAsJson(workbooks: readonly Workbook[]): JsonObject {
  const latest = workbooks.toSorted((a, b) => b.modified.localeCompare(a.modified))
  return {
    spreadsheets: latest.map(({ id, title, sheets, sharing, modified }) => ({
      id,
      title,
      modified,
      tabs: sheets.length,
      sharedWith: sharing.size,
    })),
  }
}

export function workbookAsJson(workbook: Workbook): JsonObject {
  const { id, title, locale, timeZone, modified, version, sheets, sharing, namedRanges } = workbook
  return {
    id,
    title,
    locale,
    timeZone,
    modified,
    version,
    sharing: [...sharing],
    tabs: sheets.map(tabAsJson),
    namedRanges: namedRanges.map(({ name, range }) => `${name} (${rangeText(workbook, range)})`),
    metadata: allMetadata(workbook).map(({ metadata, sheet }) => ({
      id: metadata.metadataId,
      key: metadata.metadataKey,
      value: pretty(metadata.metadataValue),
      place: placeText(metadataAsJson(metadata, sheet), sheet),
    })),
  }
}

function tabAsJson(sheet: Sheet): JsonObject {
  const { sheetId, title, hidden, rowCount, columnCount, frozenRowCount, frozenColumnCount, widths, filter, protectedRanges } = sheet
  return {
    sheetId,
    title,
    hidden,
    rowCount,
    columnCount,
    frozenRowCount,
    frozenColumnCount,
    filledRows: filledRows(sheet),
    widths: Object.fromEntries(widths),
    ...(filter && { filter: cellsText(sheet, filter.range) }),
    protectedRanges: protectedRanges.map(({ range }) => cellsText(sheet, range)),
  }
}

function rangeText({ sheets }: Workbook, range: GridRange): string {
  const sheet = sheets.find(({ sheetId }) => sheetId === (range.sheetId ?? 0))
  return sheet ? cellsText(sheet, range) : '#REF!'
}

function cellsText(sheet: Sheet, range: GridRange): string {
  const { startRowIndex = 0, startColumnIndex = 0, endRowIndex = sheet.rowCount, endColumnIndex = sheet.columnCount } = range
  return writeAsked({ sheet, row: startRowIndex, column: startColumnIndex, endRow: endRowIndex, endColumn: endColumnIndex })
}

function placeText(metadata: JsonObject, sheet: Sheet | undefined): string {
  if (!sheet) return 'spreadsheet'
  const range = maybeObjectIn(objectIn(metadata, 'location'), 'dimensionRange')
  const place = `tab ${sheet.title}`
  if (!range) return place
  return `${place}, ${textIn(range, 'dimension') === 'ROWS' ? 'row' : 'column'} ${(numberIn(range, 'startIndex') ?? 0) + 1}`
}

/** JSON is easier to read on several lines. */
function pretty(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? JSON.stringify(value, undefined, 1) : text
  } catch {
    return text
  }
}

export function rowsAsJson(sheet: Sheet, from: number, to: number): JsonObject {
  return { rows: Array.from(sheet.rows.slice(from, to), (row) => Array.from(row ?? [], cellAsJson)) }
}

/** Plain text stands for itself. */
function cellAsJson(cell: Cell | undefined): string | JsonObject {
  if (!cell) return ''
  const text = formatCell(cell)
  const typed = typedText(cell, text)
  const looks = looksOf(cell)
  const told = { t: text, ...(typed !== text && { e: typed }), ...looks, ...(cell.note !== undefined && { n: cell.note }) }
  return Object.keys(told).length === 1 ? text : told
}

/** What a person would type to have this cell. */
function typedText({ value, formula }: Cell, shown: string): string {
  if (formula !== undefined) return formula
  if (typeof value === 'string') return value === '' || readTyped(value).value === value ? value : `'${value}`
  if (typeof value === 'number') return readTyped(shown).value === value ? shown : String(value)
  return shown
}

function looksOf({ value, format = {} }: Cell): JsonObject {
  const text = objectIn(format, 'textFormat')
  const [ground, ink] = [colourIn(format, 'backgroundColor'), colourIn(text, 'foregroundColor')]
  const alignment = textIn(format, 'horizontalAlignment')
  const usual = typeof value === 'number' ? 'right' : typeof value === 'boolean' || value === '#REF!' ? 'center' : undefined
  const a = alignment === undefined ? usual : ({ LEFT: 'left', RIGHT: 'right', CENTER: 'center' }[alignment] ?? usual)
  return {
    ...(a !== undefined && { a }),
    ...(truthIn(text, 'bold') === true && { b: 1 }),
    ...(truthIn(text, 'italic') === true && { i: 1 }),
    ...(ground && { bg: ground.css }),
    ...(ink ? { fg: ink.css } : ground && { fg: ground.isLight ? '#111' : '#fff' }),
  }
}

function colourIn(format: JsonObject, key: string): { readonly css: string; readonly isLight: boolean } | undefined {
  const colour = maybeObjectIn(objectIn(format, `${key}Style`), 'rgbColor') ?? maybeObjectIn(format, key)
  if (!colour) return undefined
  const [red, green, blue] = ['red', 'green', 'blue'].map((part) => Math.round((numberIn(colour, part) ?? 0) * 255)) as [
    number,
    number,
    number,
  ]
  return { css: `rgb(${red} ${green} ${blue})`, isLight: red * 0.3 + green * 0.6 + blue * 0.1 > 140 }
}
