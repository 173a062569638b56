/** The XML of one sheet, row after row: nothing is kept but the first batch, which decides the widths of the columns. */
import { SqlflowError } from '../../core/errors.ts'
import type { Row } from '../../warehouses/warehouse.ts'
import type { ExportRows, PlannedColumn } from '../destination.ts'
import { columnLetters } from '../column-letters.ts'
import { createCellWriter, longestText, type WriteCell } from './cells.ts'
import { headerStyle } from './styles.ts'
import { escapeXml } from './xml.ts'

const mostRows = 1_048_576
export const mostColumns = 16_384

interface SheetOptions {
  readonly columns: readonly PlannedColumn[]
  readonly styles: readonly number[]
  readonly header: boolean
}

export async function* encodeSheet({ columns, styles, header }: SheetOptions, rows: ExportRows): AsyncIterable<Uint8Array> {
  const parts = columns.map((column, k) => ({
    letters: columnLetters(k),
    index: column.index,
    title: column.title,
    write: createCellWriter(column, styles[k]!),
  }))
  let row = header ? 1 : 0
  let begun = false
  const begin = (batch: readonly Row[]): string => {
    begun = true
    return sheetHead(columns, batch, header) + (header ? headerRow(parts) : '')
  }
  for await (const batch of rows) {
    let text = begun ? '' : begin(batch)
    for (const values of batch) text += encodeRow(parts, values, ++row)
    yield Buffer.from(text, 'utf8')
  }
  yield Buffer.from(`${begun ? '' : begin([])}</sheetData></worksheet>`, 'utf8')
}

interface SheetColumn {
  readonly letters: string
  readonly index: number
  readonly title: string
  readonly write: WriteCell
}

function encodeRow(parts: readonly SheetColumn[], values: Row, row: number): string {
  if (row > mostRows) throw tooManyRows()
  let text = `<row r="${row}">`
  for (const { letters, index, title, write } of parts) {
    const value = values[index]
    if (value === null || value === undefined) continue
    if (value.length > longestText) throw tooLong(title, row, value.length)
    text += write(`${letters}${row}`, value)
  }
  return `${text}</row>`
}

function tooManyRows(): SqlflowError {
  return new SqlflowError('xlsx-limit', `A sheet holds ${mostRows.toLocaleString('en-US')} rows; the export has more.`, {
    exitCode: 1,
    hint: 'Export a part of the rows, or write CSV.',
  })
}

function tooLong(title: string, row: number, length: number): SqlflowError {
  return new SqlflowError(
    'xlsx-limit',
    `A cell holds ${longestText.toLocaleString('en-US')} characters; column \`${title}\` has ${length.toLocaleString('en-US')} in row ${row}.`,
    { exitCode: 1, hint: 'Shorten the text in the query, or write CSV.' },
  )
}

function headerRow(parts: readonly SheetColumn[]): string {
  const cells = parts.map(
    ({ letters, title }) =>
      `<c r="${letters}1" s="${headerStyle}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(title)}</t></is></c>`,
  )
  return `<row r="1">${cells.join('')}</row>`
}

function sheetHead(columns: readonly PlannedColumn[], sample: readonly Row[], header: boolean): string {
  const frozen = header ? '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' : ''
  const widths = columns
    .map((column, k) => `<col min="${k + 1}" max="${k + 1}" width="${widthOf(column, sample)}" customWidth="1"/>`)
    .join('')
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">${frozen}</sheetView></sheetViews>${widths === '' ? '' : `<cols>${widths}</cols>`}<sheetData>`
}

/** In characters, by the first hundred rows. */
function widthOf({ title, index }: PlannedColumn, sample: readonly Row[]): number {
  const longest = sample.slice(0, 100).reduce((width, row) => Math.max(width, row[index]?.length ?? 0), title.length)
  return Math.min(60, Math.max(8, longest + 2))
}
