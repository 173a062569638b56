/** How cells are written: a mask says which fields, and fields of the mask that are not given are cleared. */
import { makeCell, formatOf, isRich, valueOf, withValue } from '../model/cell.ts'
import type { Draft, SheetDraft } from '../model/draft.ts'
import { FieldMaskError, maskOf, parseFieldMask, replaceFields, type FieldMask } from '../model/field-mask.ts'
import { parseFormula } from '../model/formula.ts'
import { invalidArgument, tooLongText } from '../model/google-error.ts'
import type { Box } from '../model/grid-range.ts'
import { limits, type Cell, type Formula, type JsonObject, type Row, type Scalar, type Spreadsheet } from '../model/spreadsheet.ts'
import type { CellDataInput, ExtendedValueInput } from './schema.ts'

/** What a cell becomes; `given` is undefined where the request covers it with nothing. */
export type CellPatch = (before: Cell, given: CellDataInput | null | undefined) => Cell

/** Fields that are kept and given back. */
const extraFields = ['dataValidation', 'textFormatRuns', 'pivotTable', 'dataSourceTable', 'chipRuns'] as const
const knownFields: ReadonlySet<string> = new Set(['userEnteredValue', 'userEnteredFormat', 'note', 'hyperlink', ...extraFields])

function requestMask(fields: string | null | undefined): FieldMask {
  if ((fields ?? '').trim() === '')
    throw invalidArgument("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
  try {
    return parseFieldMask(fields!)
  } catch (error) {
    if (error instanceof FieldMaskError) throw invalidArgument(`Invalid field: ${fields}`)
    throw error
  }
}

/** `known`: the fields that the mask may name. */
export function checkedMask(fields: string | null | undefined, known: ReadonlySet<string>): FieldMask {
  const mask = requestMask(fields)
  const unknown = mask === 'all' ? undefined : [...mask.keys()].find((name) => !known.has(name))
  if (unknown !== undefined) throw invalidArgument(`Invalid field: ${unknown}`)
  return mask
}

/** For the cells of one tab. */
export function cellPatch(fields: string | null | undefined, sheetId: number, draft: Draft): CellPatch {
  const mask = checkedMask(fields, knownFields)
  const value = maskOf(mask, 'userEnteredValue') !== undefined
  const format = maskOf(mask, 'userEnteredFormat')
  const note = maskOf(mask, 'note') !== undefined
  const extras = extraFields.filter((name) => maskOf(mask, name) !== undefined)
  if (value && format === undefined && !note && extras.length === 0)
    return (before, given) => withValue(before, readValue(given?.userEnteredValue, sheetId, draft))
  const formats = new Map<JsonObject | undefined, Map<unknown, JsonObject | undefined>>()
  return (before, given) =>
    makeCell({
      value: value ? readValue(given?.userEnteredValue, sheetId, draft) : valueOf(before),
      format: format === undefined ? formatOf(before) : sharedFormat(formats, formatOf(before), given?.userEnteredFormat, format),
      note: note ? (given?.note ?? undefined) : isRich(before) ? before.note : undefined,
      extras: readExtras(isRich(before) ? before.extras : undefined, given, extras),
    })
}

/** Cells that were formatted alike and become alike share one format. */
function sharedFormat(
  known: Map<JsonObject | undefined, Map<unknown, JsonObject | undefined>>,
  before: JsonObject | undefined,
  given: CellDataInput['userEnteredFormat'],
  mask: FieldMask,
): JsonObject | undefined {
  const byGiven = known.get(before) ?? new Map<unknown, JsonObject | undefined>()
  known.set(before, byGiven)
  if (!byGiven.has(given)) byGiven.set(given, replaceFields(before, given ?? undefined, mask))
  return byGiven.get(given)
}

function readExtras(
  before: JsonObject | undefined,
  given: CellDataInput | null | undefined,
  names: readonly string[],
): JsonObject | undefined {
  if (names.length === 0) return before
  const mask: FieldMask = new Map(names.map((name) => [name, 'all'] as const))
  return replaceFields(before, given ?? undefined, mask)
}

function readValue(
  given: ExtendedValueInput | null | undefined,
  sheetId: number,
  draft: Pick<Draft, 'sheets'>,
): Scalar | Formula | undefined {
  if (!given) return undefined
  if (given.formulaValue !== null && given.formulaValue !== undefined) return readFormula(given.formulaValue, sheetId, draft)
  if (given.errorValue) throw invalidArgument('Cannot write an errorValue.')
  const value = given.numberValue ?? given.stringValue ?? given.boolValue ?? undefined
  return checkText(value)
}

/** Text that a cell may hold; empty text is an empty cell. */
export function checkText(value: Scalar | undefined): Scalar | undefined {
  if (typeof value === 'string' && value.length > limits.cellCharacters) throw invalidArgument(tooLongText)
  return value === '' ? undefined : value
}

export function readFormula(text: string, sheetId: number, spreadsheet: Pick<Spreadsheet, 'sheets'>): Scalar | Formula | undefined {
  checkText(text)
  return text.startsWith('=') && text.length > 1 ? parseFormula(text, sheetId, spreadsheet) : checkText(text)
}

/** How many cells of a row the request gives, and which. */
export interface GivenRow {
  readonly length: number
  readonly at: (column: number) => CellDataInput | null | undefined
}

/** Writes a box: `givenRow` by offset into it; rows and cells past what is given are patched with nothing. */
export function writeBox(
  draft: Draft,
  sheet: SheetDraft,
  box: Box,
  patch: CellPatch,
  givenRow: (offset: number) => GivenRow | undefined,
): void {
  const clearsOnly = patch(undefined, undefined) === undefined
  for (let row = box.startRow; row < box.endRow; row += 1) {
    const given = givenRow(row - box.startRow)
    const before = sheet.rows[row]
    if (!given && clearsOnly && before === undefined) continue
    const covered = given ? Math.min(box.endColumn, box.startColumn + given.length) : box.startColumn
    const end = clearsOnly ? Math.max(covered, Math.min(box.endColumn, before?.length ?? 0)) : box.endColumn
    const cells: Cell[] = before === undefined ? [] : [...before]
    while (cells.length < Math.min(end, box.startColumn)) cells.push(undefined)
    for (let column = box.startColumn; column < end; column += 1)
      cells[column] = patch(cells[column], column < covered ? given?.at(column - box.startColumn) : undefined)
    draft.written += Math.max(0, end - box.startColumn)
    setRow(sheet, row, cells)
  }
}

/** Trailing cells that hold nothing at all are dropped, and so are trailing rows. */
export function setRow(sheet: SheetDraft, row: number, cells: Cell[]): void {
  let end = cells.length
  while (end > 0 && cells[end - 1] === undefined) end -= 1
  cells.length = end
  while (sheet.rows.length < row) sheet.rows.push(undefined)
  sheet.rows[row] = end === 0 ? undefined : cells
  noteFormulas(sheet, cells)
}

function noteFormulas(sheet: SheetDraft, cells: Row): void {
  if (sheet.hasFormulas) return
  for (const cell of cells) {
    if (typeof cell !== 'object' || typeof cell.value !== 'object') continue
    sheet.hasFormulas = true
    return
  }
}
