/** Formulas: text in, ranges kept, text out. What they refer to follows what people do to the tabs, as in Google Sheets. */
import { columnName, parseCells, quoteTitle } from './a1.ts'
import { moveRange, type DimensionChange } from './grid-range.ts'
import type { Anchors, Formula, GridRange, Reference, Spreadsheet } from './spreadsheet.ts'

const literal = /"(?:[^"]|"")*"/.source
const sheetName = /(?:'(?:[^']|'')+'|[\p{L}_][\p{L}\p{N}_.]*)!/u.source
const cells =
  /\$?[A-Za-z]{1,3}\$?[1-9]\d*(?::\$?[A-Za-z]{1,3}\$?[1-9]\d*|:\$?[A-Za-z]{1,3}(?![\p{L}\p{N}_])|:\$?[1-9]\d*)?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?[1-9]\d*:\$?[1-9]\d*/u
    .source
const tokens = new RegExp(`${literal}|(?<![\\p{L}\\p{N}_.$])(?<sheet>${sheetName})?(?<cells>${cells})(?![\\p{L}\\p{N}_.(!])`, 'gu')

/** `text` begins with `=`. References to tabs that do not exist stay text, and are errors when computed. */
export function parseFormula(text: string, sheetId: number, { sheets }: Pick<Spreadsheet, 'sheets'>): Formula {
  const parts: (string | Reference)[] = []
  let at = 0
  for (const match of text.matchAll(tokens)) {
    const reference = readReference(match.groups ?? {}, sheetId, sheets)
    if (!reference) continue
    if (match.index > at) parts.push(text.slice(at, match.index))
    parts.push(reference)
    at = match.index + match[0].length
  }
  if (at < text.length) parts.push(text.slice(at))
  return { parts }
}

function readReference(
  { sheet, cells }: Readonly<Record<string, string | undefined>>,
  sheetId: number,
  sheets: Spreadsheet['sheets'],
): Reference | undefined {
  const open = cells === undefined ? undefined : parseCells(cells)
  if (cells === undefined || !open) return undefined
  const target = sheet === undefined ? sheetId : findSheet(sheet, sheets)
  if (target === undefined) return undefined
  return { range: { sheetId: target, ...open }, anchors: readAnchors(cells), single: !cells.includes(':'), named: sheet !== undefined }
}

function findSheet(prefix: string, sheets: Spreadsheet['sheets']): number | undefined {
  const name = prefix.slice(0, -1)
  const title = (name.startsWith("'") ? name.slice(1, -1).replaceAll("''", "'") : name).toLowerCase()
  return sheets.find((sheet) => sheet.title.toLowerCase() === title)?.id
}

function readAnchors(cells: string): Anchors {
  const [start, end = start] = cells.split(':')
  return {
    startColumn: /^\$[A-Za-z]/.test(start!),
    startRow: /\$\d/.test(start!),
    endColumn: /^\$[A-Za-z]/.test(end!),
    endRow: /\$\d/.test(end!),
  }
}

export function printFormula({ parts }: Formula, { sheets }: Pick<Spreadsheet, 'sheets'>): string {
  return parts.map((part) => (typeof part === 'string' ? part : printReference(part, sheets))).join('')
}

function printReference({ range, anchors, single, named }: Reference, sheets: Spreadsheet['sheets']): string {
  const sheet = sheets.find(({ id }) => id === range?.sheetId)
  if (!range || !sheet) return '#REF!'
  const start = printEnd(range.startColumnIndex, range.startRowIndex, anchors.startColumn, anchors.startRow)
  const last = (end: number | undefined): number | undefined => (end === undefined ? undefined : end - 1)
  const end = printEnd(last(range.endColumnIndex), last(range.endRowIndex), anchors.endColumn, anchors.endRow)
  return `${named ? `${quoteTitle(sheet.title)}!` : ''}${single ? start : `${start}:${end}`}`
}

function printEnd(column: number | undefined, row: number | undefined, columnAnchored: boolean, rowAnchored: boolean): string {
  const letters = column === undefined ? '' : `${columnAnchored ? '$' : ''}${columnName(column)}`
  return row === undefined ? letters : `${letters}${rowAnchored ? '$' : ''}${row + 1}`
}

/** The same formula with each reference's range replaced; the formula itself where none changes. */
function mapReferences(formula: Formula, map: (reference: Reference, range: GridRange) => GridRange | undefined): Formula {
  let changed = false
  const parts = formula.parts.map((part) => {
    if (typeof part === 'string' || !part.range) return part
    const range = map(part, part.range)
    if (range === part.range) return part
    changed = true
    return { ...part, range }
  })
  return changed ? { parts } : formula
}

/** After rows or columns were inserted or deleted. */
export function moveReferences(formula: Formula, change: DimensionChange): Formula {
  return mapReferences(formula, (_, range) => moveRange(range, change))
}

/** After a tab was deleted. */
export function dropReferences(formula: Formula, sheetId: number): Formula {
  return mapReferences(formula, (_, range) => (range.sheetId === sheetId ? undefined : range))
}

export interface CopyMove {
  readonly fromSheet: number
  readonly toSheet: number
  readonly rows: number
  readonly columns: number
}

/** As a copy of a cell has it: what has no `$` moves along, and what names no tab is of the new cell's tab. */
export function copyReferences(formula: Formula, { fromSheet, toSheet, rows, columns }: CopyMove): Formula {
  return mapReferences(formula, ({ named, anchors }, range) => {
    const sheetId = !named && range.sheetId === fromSheet ? toSheet : range.sheetId
    const moved = {
      ...range,
      sheetId,
      ...shifted('startRowIndex', range.startRowIndex, anchors.startRow ? 0 : rows),
      ...shifted('endRowIndex', range.endRowIndex, anchors.endRow ? 0 : rows),
      ...shifted('startColumnIndex', range.startColumnIndex, anchors.startColumn ? 0 : columns),
      ...shifted('endColumnIndex', range.endColumnIndex, anchors.endColumn ? 0 : columns),
    }
    return (moved.startRowIndex ?? 0) < 0 || (moved.startColumnIndex ?? 0) < 0 ? undefined : moved
  })
}

function shifted(key: string, value: number | undefined, by: number): Readonly<Record<string, number>> {
  return value === undefined ? {} : { [key]: value + by }
}

/** A tab that was duplicated refers to itself where the original did. */
export function retargetReferences(formula: Formula, from: number, to: number): Formula {
  return mapReferences(formula, ({ named }, range) => (!named && range.sheetId === from ? { ...range, sheetId: to } : range))
}
