/** What the page shows, as its script asks for it: little, and only of the rows that are in view. */
import { formatOf, isFormula, isRich, usedColumns, usedRows, valueOf } from '../model/cell.ts'
import { isObject } from '../model/field-mask.ts'
import { printFormula } from '../model/formula.ts'
import { printA1 } from '../model/a1.ts'
import { boxOf } from '../model/grid-range.ts'
import { shownText } from '../model/shown.ts'
import { cellsOf, type Cell, type DeveloperMetadata, type JsonObject, type Sheet, type Spreadsheet } from '../model/spreadsheet.ts'
import { nameOf, type DriveFile } from '../world/world.ts'

export interface ListedFile {
  readonly id: string
  readonly title: string
  readonly modifiedTime: string
  readonly tabs: readonly string[]
  readonly cells: number
  readonly shared: readonly string[]
}

export function listFiles(files: Iterable<DriveFile>): readonly ListedFile[] {
  return [...files]
    .map((file) => ({
      id: file.id,
      title: nameOf(file),
      modifiedTime: file.modifiedTime,
      tabs: file.spreadsheet?.sheets.map(({ title }) => title) ?? [],
      cells: file.spreadsheet ? cellsOf(file.spreadsheet) : 0,
      shared: file.permissions.flatMap(({ email, role }) => (role === 'owner' ? [] : [email ?? 'anyone'])),
    }))
    .sort((one, other) => other.modifiedTime.localeCompare(one.modifiedTime))
}

export function describeFile(file: DriveFile, spreadsheet: Spreadsheet): JsonObject {
  return {
    id: file.id,
    title: spreadsheet.title,
    locale: spreadsheet.locale,
    timeZone: spreadsheet.timeZone,
    modifiedTime: file.modifiedTime,
    version: file.version,
    cells: cellsOf(spreadsheet),
    tabs: spreadsheet.sheets.map((sheet) => describeTab(sheet)),
    sharing: file.permissions.map(({ email, role }) => ({ email: email ?? 'anyone with the link', role })),
    metadata: spreadsheet.metadata.map((one) => describeMetadata(spreadsheet, one)),
    namedRanges: spreadsheet.namedRanges.flatMap(({ name, range }) => {
      const sheet = spreadsheet.sheets.find(({ id }) => id === range.sheetId)
      return sheet ? [{ name, range: printA1(sheet.title, boxOf(range, sheet)) }] : []
    }),
  }
}

function describeTab(sheet: Sheet): JsonObject {
  const { id, title, hidden, rowCount, columnCount, frozenRowCount, basicFilter, protectedRanges, columnProperties } = sheet
  return {
    id,
    title,
    hidden,
    rowCount,
    columnCount,
    frozenRowCount,
    rows: usedRows(sheet),
    columns: sheet.rows.reduce((most, row) => Math.max(most, usedColumns(row)), 0),
    widths: Object.fromEntries(
      [...columnProperties].flatMap(([column, { pixelSize }]) => (pixelSize === undefined ? [] : [[column, pixelSize]])),
    ),
    ...(basicFilter && { filter: printA1(title, boxOf(basicFilter.range, sheet)) }),
    protected: protectedRanges.map(({ range }) => printA1(title, boxOf(range, sheet))),
  }
}

function describeMetadata({ sheets }: Spreadsheet, { id, key, value, visibility, place }: DeveloperMetadata): JsonObject {
  const sheet = place.type === 'SPREADSHEET' ? undefined : sheets.find((one) => one.id === place.sheetId)
  const line = place.type === 'ROW' || place.type === 'COLUMN' ? `, ${place.type.toLowerCase()} ${place.index + 1}` : ''
  return { id, key, value, visibility, place: sheet ? `${sheet.title}${line}` : 'spreadsheet' }
}

/** `t` what it shows, `v` what was typed where that is another text, `k` n(umber), b(oolean) or e(rror), `n` its note, `s` its looks. */
export interface ShownCell {
  readonly t?: string
  readonly v?: string
  readonly k?: 'n' | 'b'
  readonly n?: string
  readonly s?: JsonObject
}

/** Rows `from` up to `to`; 0 stands for an empty cell, and trailing ones are left out. */
export function showRows(spreadsheet: Spreadsheet, sheet: Sheet, from: number, to: number): readonly (readonly (ShownCell | 0)[])[] {
  return sheet.rows.slice(from, to).map((row) => Array.from(row ?? [], (cell) => showCell(spreadsheet, cell)))
}

function showCell(spreadsheet: Spreadsheet, cell: Cell): ShownCell | 0 {
  if (cell === undefined) return 0
  const value = valueOf(cell)
  const shown = shownText(spreadsheet, cell)
  const typed = isFormula(value) ? printFormula(value, spreadsheet) : String(value ?? '')
  const looks = looksOf(cell)
  const kind = typeof value === 'number' ? 'n' : typeof value === 'boolean' ? 'b' : undefined
  return {
    ...(shown !== '' && { t: shown }),
    ...(typed !== shown && { v: typed }),
    ...(kind && { k: kind }),
    ...(isFormula(value) && /^-?[\d,.$%]+$/.test(shown) && { k: 'n' as const }),
    ...(isRich(cell) && cell.note !== undefined && { n: cell.note }),
    ...(looks && { s: looks }),
  }
}

function looksOf(cell: Cell): JsonObject | undefined {
  const format = formatOf(cell)
  if (!format) return undefined
  const text = isObject(format['textFormat']) ? format['textFormat'] : {}
  const looks = {
    ...(text['bold'] === true && { bold: true }),
    ...(text['italic'] === true && { italic: true }),
    ...(text['strikethrough'] === true && { strike: true }),
    ...colorOf('color', text['foregroundColorStyle'], text['foregroundColor']),
    ...colorOf('background', format['backgroundColorStyle'], format['backgroundColor']),
    ...(typeof format['horizontalAlignment'] === 'string' && { align: format['horizontalAlignment'].toLowerCase() }),
    ...(format['wrapStrategy'] === 'WRAP' && { wrap: true }),
  }
  return Object.keys(looks).length === 0 ? undefined : looks
}

/** CSS of a color, whose parts are from 0 to 1, and absent where they are 0. */
function colorOf(name: string, style: unknown, color: unknown): JsonObject {
  const given = isObject(style) && isObject(style['rgbColor']) ? style['rgbColor'] : color
  if (!isObject(given)) return {}
  const part = (of: string): number => Math.round(Math.min(1, Math.max(0, Number(given[of] ?? 0))) * 255)
  return { [name]: `rgb(${part('red')}, ${part('green')}, ${part('blue')})` }
}
