/** All rows of an export, as they will be written: counted, digested and spooled before anything is decided. */
import { SqlflowError } from '../../../core/errors.ts'
import { countOf } from '../../../core/count-of.ts'
import type { SheetExport } from '../../../core/project.ts'
import type { Row } from '../../../warehouses/warehouse.ts'
import type { ExportRows } from '../../destination.ts'
import { callSizes } from './call-sizes.ts'
import { CellLimitError, longestText } from './cells.ts'
import { createRowDigest } from './row-digest.ts'
import type { SheetColumn } from './sheet-columns.ts'
import { createSpool, type Piece } from './spool.ts'

/** A cell as it is written: `null` leaves it empty. */
export type Cell = string | number | boolean | null

export interface SheetContent extends AsyncDisposable {
  readonly columns: readonly SheetColumn[]
  readonly rows: number
  /** Of the rows as JSON. */
  readonly bytes: number
  readonly digest: string
  readonly pieceCount: number
  pieces(): AsyncIterable<Piece>
}

/** Rows and columns that no sheet holds are refused while they are read. */
const mostCells = 10_000_000
const mostColumns = 18_278

interface ContentOptions {
  readonly export: SheetExport
  readonly columns: readonly SheetColumn[]
  readonly rows: ExportRows
  readonly pieceBytes?: number
}

/** Throws SqlflowError `sheet-limit` where a value, or all of them, do not fit into a sheet. */
export async function readContent({ export: one, columns, rows, pieceBytes = callSizes.piece }: ContentOptions): Promise<SheetContent> {
  const { destination, orderBy } = one
  if (columns.length > mostColumns) throw tooWide(columns.length)
  const digest = createRowDigest(orderBy.length > 0)
  const spool = createSpool()
  const encode = createRowEncoder(one, columns)
  let count = 0
  let pending: string[] = []
  let pendingLength = 0
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return
    await spool.add({ rows: pending.length, json: Buffer.from(pending.join(','), 'utf8') })
    pending = []
    pendingLength = 0
  }
  try {
    for await (const batch of rows) {
      for (const row of batch) {
        const json = encode(row, ++count)
        digest.add(json)
        pending.push(json)
        pendingLength += json.length + 1
      }
      if (count * columns.length > mostCells) throw tooManyCells(count, columns.length)
      if (pendingLength >= pieceBytes) await flush()
    }
    await flush()
  } catch (error) {
    await spool[Symbol.asyncDispose]()
    throw error
  }
  const about = JSON.stringify([formatVersion, columns.map(({ title, print }) => [title, print]), destination.header, destination.mode])
  return {
    columns,
    rows: count,
    bytes: spool.bytes,
    digest: digest.finish(about),
    pieceCount: spool.count,
    pieces: () => spool.pieces(),
    [Symbol.asyncDispose]: () => spool[Symbol.asyncDispose](),
  }
}

/** Of the way in which values become cells: another one makes every sheet be written again. */
const formatVersion = 1

/** The rows of a piece, parsed. */
export function cellsOf(piece: Piece): readonly (readonly Cell[])[] {
  return JSON.parse(`[${Buffer.from(piece.json).toString('utf8')}]`)
}

function createRowEncoder({ destination }: SheetExport, columns: readonly SheetColumn[]): (row: Row, number: number) => string {
  const nullCell = destination.nullText === '' ? 'null' : JSON.stringify(destination.nullText)
  const keys = destination.key
  return (row, number) => {
    let json = '['
    for (let k = 0; k < columns.length; k++) {
      const { index, write } = columns[k]!
      const value = row[index]
      if (k > 0) json += ','
      if (value === null || value === undefined) {
        json += nullCell
        continue
      }
      try {
        json += write(value)
      } catch (error) {
        if (!(error instanceof CellLimitError)) throw error
        throw tooBig(
          error,
          columns[k]!.title,
          keys.length === 0 ? `row ${number.toLocaleString('en-US')}` : `row ${number.toLocaleString('en-US')} of the query`,
        )
      }
    }
    return `${json}]`
  }
}

function tooBig({ limit, length }: CellLimitError, title: string, where: string): SqlflowError {
  return limit === 'long-text'
    ? new SqlflowError(
        'sheet-limit',
        `A cell holds ${longestText.toLocaleString('en-US')} characters; column \`${title}\` has ${length.toLocaleString('en-US')} in ${where}.`,
        { exitCode: 1, hint: 'Shorten the text in the query, or write `long_text: truncate`.' },
      )
    : new SqlflowError('sheet-limit', `A sheet keeps 15 digits of a number; column \`${title}\` has ${length} in ${where}.`, {
        exitCode: 1,
        hint: 'Write `big_numbers: text` to keep every digit, or `big_numbers: number` to let them be rounded.',
      })
}

function tooWide(count: number): SqlflowError {
  return new SqlflowError(
    'sheet-limit',
    `A sheet holds ${mostColumns.toLocaleString('en-US')} columns; the export has ${count.toLocaleString('en-US')}.`,
    { exitCode: 1, hint: 'List fewer columns.' },
  )
}

function tooManyCells(rows: number, columns: number): SqlflowError {
  return new SqlflowError(
    'sheet-limit',
    `A spreadsheet holds ${mostCells.toLocaleString('en-US')} cells; the export has more than ${countOf(rows, 'row')} of ${countOf(columns, 'column')}.`,
    { exitCode: 1, hint: 'Export fewer rows or columns, or write CSV.' },
  )
}
