/**
 * What a formula shows. References, SUM, COUNT and COUNTA are computed, which is enough to see whether the references of a tab survived; anything else is an
 * error value that says so, for a spreadsheet's functions are not what this emulator is for.
 */
import { cellAt, isFormula, isRich, valueOf } from './cell.ts'
import { boxOf } from './grid-range.ts'
import type { Cell, Formula, Reference, Scalar, Sheet, Spreadsheet } from './spreadsheet.ts'

export interface ErrorValue {
  /** As Google's ErrorType has it. */
  readonly type: 'REF' | 'N_A' | 'ERROR'
  readonly message: string
}

export type Computed = Scalar | ErrorValue | undefined

export function isError(value: Computed): value is ErrorValue {
  return typeof value === 'object'
}

export function errorText({ type }: ErrorValue): string {
  return { REF: '#REF!', N_A: '#N/A', ERROR: '#ERROR!' }[type]
}

/** The value that a cell shows. */
export function computeCell(spreadsheet: Spreadsheet, cell: Cell): Computed {
  const value = valueOf(cell)
  return isFormula(value) ? compute(spreadsheet, value, new Set()) : value
}

const missing: ErrorValue = { type: 'REF', message: 'Reference does not exist' }
const circular: ErrorValue = { type: 'REF', message: 'Circular dependency detected.' }
const uncomputed: ErrorValue = { type: 'N_A', message: 'The Google Sheets emulator computes SUM, COUNT, COUNTA and references alone.' }

function compute(spreadsheet: Spreadsheet, formula: Formula, open: Set<Formula>): Computed {
  if (open.has(formula)) return circular
  open.add(formula)
  try {
    return computeText(spreadsheet, formula, open)
  } finally {
    open.delete(formula)
  }
}

function computeText(spreadsheet: Spreadsheet, { parts }: Formula, open: Set<Formula>): Computed {
  if (parts.some((part) => (typeof part === 'string' ? /#REF!|![A-Za-z$\d]/.test(part.replaceAll(/"(?:[^"]|"")*"/g, '')) : !part.range)))
    return missing
  const text = parts.map((part, at) => (typeof part === 'string' ? part : `\u0000${at}\u0000`)).join('')
  const argument = (given: string): Argument | undefined => readArgument(parts, given.trim())
  const plain = argument(text.slice(1))
  if (plain) return first(spreadsheet, plain, open)
  const call = /^=\s*(SUM|COUNT|COUNTA)\s*\(([^()]*)\)\s*$/i.exec(text)
  const args = call?.[2]!.split(/[,;]/).map(argument)
  if (!call || !args || args.some((one) => one === undefined)) return uncomputed
  return aggregate(call[1]!.toUpperCase(), spreadsheet, args as readonly Argument[], open)
}

type Argument = { readonly reference: Reference } | { readonly scalar: Scalar }

function readArgument(parts: Formula['parts'], text: string): Argument | undefined {
  const at = /^\0(\d+)\0$/.exec(text)
  const part = at ? parts[Number(at[1])] : undefined
  if (part !== undefined && typeof part !== 'string') return { reference: part }
  if (/^[-+]?\d+(?:\.\d+)?$/.test(text)) return { scalar: Number(text) }
  if (/^"(?:[^"]|"")*"$/.test(text)) return { scalar: text.slice(1, -1).replaceAll('""', '"') }
  if (/^(?:TRUE|FALSE)$/i.test(text)) return { scalar: text.toUpperCase() === 'TRUE' }
  return undefined
}

function first(spreadsheet: Spreadsheet, argument: Argument, open: Set<Formula>): Computed {
  if ('scalar' in argument) return argument.scalar
  for (const value of valuesOf(spreadsheet, argument.reference, open)) return value
  return undefined
}

function aggregate(name: string, spreadsheet: Spreadsheet, args: readonly Argument[], open: Set<Formula>): Computed {
  let sum = 0
  let numbers = 0
  let filled = 0
  for (const argument of args) {
    for (const value of 'scalar' in argument ? [argument.scalar] : valuesOf(spreadsheet, argument.reference, open)) {
      if (isError(value) && name === 'SUM') return value
      if (value === undefined) continue
      filled += 1
      if (typeof value !== 'number') continue
      numbers += 1
      sum += value
    }
  }
  return name === 'SUM' ? sum : name === 'COUNT' ? numbers : filled
}

function* valuesOf(spreadsheet: Spreadsheet, { range }: Reference, open: Set<Formula>): Generator<Computed> {
  const sheet = spreadsheet.sheets.find(({ id }) => id === range?.sheetId)
  if (!range || !sheet) return yield missing
  const box = boxOf(range, sheet)
  const outside = box.startRow >= sheet.rowCount || box.startColumn >= sheet.columnCount
  if (outside) return yield missing
  for (let row = box.startRow; row < Math.min(box.endRow, Math.max(sheet.rows.length, box.startRow + 1)); row += 1)
    yield* valuesOfRow(spreadsheet, sheet, { row, from: box.startColumn, to: box.endColumn }, open)
}

function* valuesOfRow(
  spreadsheet: Spreadsheet,
  sheet: Sheet,
  { row, from, to }: { readonly row: number; readonly from: number; readonly to: number },
  open: Set<Formula>,
): Generator<Computed> {
  for (let column = from; column < to; column += 1) {
    const cell = cellAt(sheet, row, column)
    const value = isRich(cell) ? cell.value : cell
    yield isFormula(value) ? compute(spreadsheet, value, open) : value
  }
}
