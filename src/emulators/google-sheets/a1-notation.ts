/** `'Turf list'!A1:C9`, `A:C`, `2:5`, `Turf` to a range of a grid, and columns to letters. */
import { invalid } from './api-error.ts'
import type { Sheet, Workbook } from './workbook.ts'

export interface Area {
  readonly sheet: Sheet
  readonly row: number
  readonly column: number
  /** Exclusive; Infinity where the notation leaves it open. */
  readonly endRow: number
  readonly endColumn: number
}

export function lettersOf(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : lettersOf(Math.floor(column / 26) - 1) + last
}

export function columnOf(letters: string): number {
  let column = 0
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

const cell = /^\$?([A-Za-z]{0,3})\$?(\d*)$/

/** Throws ApiError `Unable to parse range`. */
export function parseRange(workbook: Workbook, text: string): Area {
  const found = /^(?:'((?:[^']|'')+)'|([^!']+))!(.+)$/.exec(text)
  const title = (found?.[1] ?? found?.[2])?.replaceAll("''", "'")
  const quoted = /^'((?:[^']|'')+)'$/.exec(text)?.[1]?.replaceAll("''", "'")
  const whole = workbook.sheets.find((sheet) => sameTitle(sheet.title, quoted ?? text))
  if (!found && whole && (quoted !== undefined || !isCells(text)))
    return { sheet: whole, row: 0, column: 0, endRow: Infinity, endColumn: Infinity }
  const sheet = title === undefined ? workbook.sheets[0] : workbook.sheets.find((one) => sameTitle(one.title, title))
  const area = sheet && parseCells(found?.[3] ?? text)
  if (!sheet || !area) throw invalid(`Unable to parse range: ${text}`)
  return { sheet, ...area }
}

export function sameTitle(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function isCells(text: string): boolean {
  return parseCells(text) !== undefined
}

type Cells = Omit<Area, 'sheet'>

export function parseCells(text: string): Cells | undefined {
  const [from = '', to, more] = text.split(':')
  const a = cell.exec(from)
  const b = to === undefined ? a : cell.exec(to)
  if (!a || !b || more !== undefined || from === '' || to === '') return undefined
  const column = a[1] ? columnOf(a[1]) : 0
  const row = a[2] ? Number(a[2]) - 1 : 0
  if (to === undefined && (!a[1] || !a[2])) return undefined
  const endColumn = b[1] ? columnOf(b[1]) + 1 : Infinity
  const endRow = b[2] ? Number(b[2]) : Infinity
  return row < 0 || endRow <= row || endColumn <= column ? undefined : { row, column, endRow, endColumn }
}

export function writeRange({ sheet, row, column, endRow, endColumn }: Area): string {
  return writeAsked({ sheet, row, column, endRow: Math.min(endRow, sheet.rowCount), endColumn: Math.min(endColumn, sheet.columnCount) })
}

/** Also of what lies beyond the grid; of an open end only where it begins. */
export function writeAsked({ sheet, row, column, endRow, endColumn }: Area): string {
  const title = /^[A-Za-z_]\w*$/.test(sheet.title) && !isCells(sheet.title) ? sheet.title : `'${sheet.title.replaceAll("'", "''")}'`
  const from = `${lettersOf(column)}${row + 1}`
  const to = endRow === Infinity || endColumn === Infinity ? from : `${lettersOf(endColumn - 1)}${endRow}`
  return `${title}!${from === to ? from : `${from}:${to}`}`
}
