/** A1 notation: read as Google reads it, and written as Google writes it. */
import { invalidArgument } from './google-error.ts'
import type { Box } from './grid-range.ts'
import type { GridRange, Sheet, Spreadsheet } from './spreadsheet.ts'

/** 0 → A, 25 → Z, 26 → AA. */
export function columnName(index: number): string {
  let name = ''
  for (let left = index + 1; left > 0; left = Math.floor((left - 1) / 26)) name = String.fromCharCode(65 + ((left - 1) % 26)) + name
  return name
}

/** A → 0; the case does not matter. */
function columnIndex(name: string): number {
  let index = 0
  for (const letter of name.toUpperCase()) index = index * 26 + letter.charCodeAt(0) - 64
  return index - 1
}

/** Quoted where it is no plain word, or would read as a cell. */
export function quoteTitle(title: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(title) && !/^[A-Za-z]{1,3}\d+$/.test(title) ? title : `'${title.replaceAll("'", "''")}'`
}

export function cellName(row: number, column: number): string {
  return `${columnName(column)}${row + 1}`
}

/** `Supporters!A1:C3`; one cell is written as such. */
export function printA1(title: string, { startRow, endRow, startColumn, endColumn }: Box): string {
  const start = cellName(startRow, startColumn)
  const end = cellName(endRow - 1, endColumn - 1)
  return `${quoteTitle(title)}!${start === end ? start : `${start}:${end}`}`
}

export type OpenRange = Omit<GridRange, 'sheetId'>

export interface FoundRange {
  readonly sheet: Sheet
  readonly range: OpenRange
  /** One cell, from which a written block may extend. */
  readonly single: boolean
}

/** A tab, cells of a tab, cells of the first visible tab, or a named range. Throws Google's error where it is none. */
export function findRange(spreadsheet: Spreadsheet, text: string): FoundRange {
  const { title, cells } = splitSheet(text)
  if (title !== undefined) {
    const sheet = findByTitle(spreadsheet, title)
    const range = cells === undefined ? {} : parseCells(cells)
    if (!sheet || !range) throw unparsable(text)
    return { sheet, range, single: isSingle(cells) }
  }
  const whole = findByTitle(spreadsheet, text)
  if (whole) return { sheet: whole, range: {}, single: false }
  const named = spreadsheet.namedRanges.find(({ name }) => name.toLowerCase() === text.toLowerCase())
  const namedSheet = spreadsheet.sheets.find(({ id }) => id === named?.range.sheetId)
  if (named && namedSheet) return { sheet: namedSheet, range: named.range, single: false }
  const first = spreadsheet.sheets.find(({ hidden }) => !hidden) ?? spreadsheet.sheets[0]
  const range = parseCells(text)
  if (!first || !range) throw unparsable(text)
  return { sheet: first, range, single: isSingle(text) }
}

function unparsable(text: string): Error {
  return invalidArgument(`Unable to parse range: ${text}`)
}

function findByTitle({ sheets }: Spreadsheet, title: string): Sheet | undefined {
  return sheets.find((sheet) => sheet.title === title) ?? sheets.find((sheet) => sheet.title.toLowerCase() === title.toLowerCase())
}

function splitSheet(text: string): { readonly title?: string; readonly cells?: string } {
  const quoted = /^'((?:[^']|'')*)'(?:!(.*))?$/su.exec(text)
  if (quoted) return { title: quoted[1]!.replaceAll("''", "'"), ...(quoted[2] !== undefined && { cells: quoted[2] }) }
  const at = text.lastIndexOf('!')
  return at < 0 ? {} : { title: text.slice(0, at), cells: text.slice(at + 1) }
}

function isSingle(cells: string | undefined): boolean {
  return cells !== undefined && !cells.includes(':')
}

const endPattern = /^\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,7})?$/

interface End {
  readonly column?: number
  readonly row?: number
}

function parseEnd(text: string): End | undefined {
  const match = endPattern.exec(text)
  if (!match || (match[1] === undefined && match[2] === undefined)) return undefined
  return { ...(match[1] !== undefined && { column: columnIndex(match[1]) }), ...(match[2] !== undefined && { row: Number(match[2]) - 1 }) }
}

/** `B2`, `B2:C3`, `B:C`, `2:3`, `B2:C`, `B2:3`. */
export function parseCells(text: string): OpenRange | undefined {
  const [first, second, ...rest] = text.split(':')
  const from = parseEnd(first!)
  const to = second === undefined ? from : parseEnd(second)
  if (!from || !to || rest.length > 0) return undefined
  if (second === undefined && (from.column === undefined || from.row === undefined)) return undefined
  const [startRowIndex, endRowIndex] = span(from.row, to.row)
  const [startColumnIndex, endColumnIndex] = span(from.column, to.column)
  return {
    ...(startRowIndex !== undefined && { startRowIndex }),
    ...(endRowIndex !== undefined && { endRowIndex }),
    ...(startColumnIndex !== undefined && { startColumnIndex }),
    ...(endColumnIndex !== undefined && { endColumnIndex }),
  }
}

/** Ends may stand in any order; one that is absent leaves the range open. */
function span(from: number | undefined, to: number | undefined): readonly [number | undefined, number | undefined] {
  if (from === undefined) return [to, undefined]
  if (to === undefined) return [from, undefined]
  return [Math.min(from, to), Math.max(from, to) + 1]
}
