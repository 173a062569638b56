/**
 * The rows of a tab as a table: which of them count, the type of each column, and the bytes that COPY reads. A declared type wins; a column of
 * text holds what people see, a column of any other type the value behind it. Pure.
 */
import { createHash } from 'node:crypto'
import { errorDiagnostic, type Diagnostic } from '../../core/diagnostic.ts'
import type { CopyPlace } from '../../core/errors.ts'
import type { PlacedColumn, SheetSource } from '../../core/project.ts'
import { a1Cell } from '../destinations/google-sheets/a1.ts'
import type { CellKind, SheetCell } from './sheet-cell.ts'
import type { TakenColumn } from './sheet-header.ts'

/** A row that holds something, and where it stands. */
export interface SheetRecord {
  /** In the tab, from 0. */
  readonly row: number
  /** By column of the tab. */
  readonly cells: readonly (SheetCell | undefined)[]
}

export interface SheetTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: number
  /** For `copy ... with (format csv)`. */
  readonly pieces: readonly Uint8Array[]
  /** Of all that decides what the table is. */
  readonly digest: string
  /** Where in the tab a place of the pieces comes from. */
  readonly placeOf: (place: CopyPlace) => string
}

export interface TableRequest {
  readonly records: readonly SheetRecord[]
  readonly taken: readonly TakenColumn[]
  readonly declared: readonly PlacedColumn[]
  readonly source: SheetSource
  /** Title of the tab. */
  readonly tab: string
  /** Of the spreadsheet: the zone of its clock. */
  readonly timeZone: string
}

export type TableResult =
  | { readonly ok: true; readonly table: SheetTable }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

interface TypedColumn extends TakenColumn {
  readonly type: string
}

export function buildTable(request: TableRequest): TableResult {
  const { taken, declared } = request
  const records = request.records.filter(({ cells }) => taken.some(({ index }) => says(cells[index])))
  const typeOf = new Map(declared.map(({ name, type }) => [name, type]))
  const columns = taken.map((column) => ({ ...column, type: typeOf.get(column.name) ?? inferType(records, column) }))
  const mistakes = findMistakes(request, records, columns)
  if (mistakes.length > 0) return { ok: false, diagnostics: mistakes }
  const { pieces, lines } = encode(records, columns, request.timeZone)
  const digest = createHash('sha256').update(JSON.stringify([columns.map(({ name, type }) => [name, type]), declared.map(describe)]))
  for (const piece of pieces) digest.update(piece)
  const placeOf = (place: CopyPlace): string => {
    const record = records[place.record ?? lines.findIndex((end) => place.line <= end)]
    const column = columns.find((one) => one.name === place.column)
    if (!record) return `tab \`${request.tab}\``
    return column ? `cell ${a1Cell(record.row, column.index)}` : `row ${record.row + 1}`
  }
  return { ok: true, table: { columns, rows: records.length, pieces, digest: digest.digest('hex'), placeOf } }
}

function describe({ name, description }: PlacedColumn): readonly (string | undefined)[] {
  return [name, description]
}

/** A box that nobody ticked stands in every row of a column of boxes: it says nothing of the row. */
function says(cell: SheetCell | undefined): boolean {
  return cell !== undefined && !(cell.kind === 'boolean' && cell.value === 'false')
}

/** The narrowest type first; each with the kinds of cells that it holds. */
const inferable: readonly (readonly [type: string, kinds: readonly CellKind[]])[] = [
  ['integer', ['integer']],
  ['bigint', ['integer', 'bigint']],
  ['numeric', ['integer', 'bigint', 'numeric']],
  ['boolean', ['boolean']],
  ['date', ['date']],
  ['timestamp without time zone', ['date', 'timestamp']],
  ['time without time zone', ['time']],
  ['interval', ['time', 'interval']],
]

/** Text where cells are of several kinds, and where there are none. */
function inferType(records: readonly SheetRecord[], { index }: TakenColumn): string {
  const kinds = new Set(records.flatMap(({ cells }) => cells[index]?.kind ?? []))
  if (kinds.size === 0) return 'text'
  return inferable.find(([, allowed]) => [...kinds].every((kind) => allowed.includes(kind)))?.[0] ?? 'text'
}

/** How a declared type takes the cells of a sheet. */
type Taking = 'seen' | 'day' | 'instant' | 'duration' | 'value'

function takingOf(type: string): Taking {
  const name = type
    .toLowerCase()
    .replaceAll(/\([^)]*\)/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (/^(?:text|varchar|character varying|char|character|bpchar|citext|name)$/.test(name)) return 'seen'
  if (name === 'timestamptz' || name === 'timestamp with time zone') return 'instant'
  if (/^(?:date|timestamp|time|timetz)\b/.test(name)) return 'day'
  return name === 'interval' ? 'duration' : 'value'
}

const mostMistakes = 20

/** Cells without a result, and numbers where a moment belongs: the warehouse reads `45123` as a day of 2045. */
function findMistakes(
  { source, tab }: TableRequest,
  records: readonly SheetRecord[],
  columns: readonly TypedColumn[],
): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  const takings = columns.map(({ type }) => takingOf(type))
  for (const { row, cells } of records) {
    for (const [k, { index, name, type }] of columns.entries()) {
      const told = complaint(cells[index], takings[k]!, { name, type })
      if (told === undefined) continue
      if (found.length === mostMistakes) return found
      found.push(
        errorDiagnostic('sheet-value', `Cell ${a1Cell(row, index)} of tab \`${tab}\` ${told.message}.`, { at: source.at, hint: told.hint }),
      )
    }
  }
  return found
}

function complaint(
  cell: SheetCell | undefined,
  taking: Taking,
  { name, type }: { readonly name: string; readonly type: string },
): { readonly message: string; readonly hint: string } | undefined {
  if (cell?.kind === 'error') {
    return {
      message: `holds a formula without a result (${cell.seen})`,
      hint: 'Mend the formula, or let it answer with an empty text: =IFERROR(..., "").',
    }
  }
  const isNumber = cell?.kind === 'integer' || cell?.kind === 'bigint' || cell?.kind === 'numeric'
  if (!isNumber || taking === 'seen' || taking === 'value') return undefined
  return {
    message: `holds a number, and the column \`${name}\` is declared ${type}`,
    hint: 'Format the column of the sheet as a date or a time (Format > Number), or declare another type.',
  }
}

const pieceBytes = 65_536

interface Encoded {
  readonly pieces: readonly Uint8Array[]
  /** Of each record, the line on which it ends, from 1, as the server counts: what ends a line it knows after the first record. */
  readonly lines: readonly number[]
}

function encode(records: readonly SheetRecord[], columns: readonly TypedColumn[], timeZone: string): Encoded {
  const takings = columns.map(({ type }) => takingOf(type))
  const pieces: Uint8Array[] = []
  const lines: number[] = []
  let text = ''
  let line = 0
  for (const { cells } of records) {
    const record = columns.map(({ index }, k) => field(cells[index], takings[k]!, timeZone)).join(',')
    text += `${record}\n`
    line += 1 + (record.match(lines.length === 0 ? /\r/g : /\n/g)?.length ?? 0)
    lines.push(line)
    if (text.length < pieceBytes) continue
    pieces.push(Buffer.from(text))
    text = ''
  }
  return { pieces: [...pieces, Buffer.from(text)], lines }
}

/** Always quoted: nothing is taken for NULL, or for the end of the data. */
function field(cell: SheetCell | undefined, taking: Taking, timeZone: string): string {
  if (cell === undefined) return ''
  const isMoment = cell.kind === 'date' || cell.kind === 'timestamp'
  const text = taking === 'seen' ? cell.seen : taking === 'instant' && isMoment ? `${cell.value} ${timeZone}` : cell.value
  return `"${text.replaceAll('"', '""')}"`
}
