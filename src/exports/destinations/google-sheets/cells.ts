/**
 * Values of SQL as cells, decided by the column's type and never by what a text looks like. A cell is the JSON of a number, a truth or a text: a
 * number only while a spreadsheet keeps its digits, since it counts in double precision.
 */
import type { SheetDestination } from '../../../core/project.ts'
import type { PlannedColumn } from '../../destination.ts'
import { kindOfType } from '../../value-types.ts'
import { dateSerial, instantSerial, intervalSerial, timeSerial, timestampSerial, type WallClock } from './serial-time.ts'

/** Characters that a cell can hold. */
export const longestText = 50_000

/** JSON of the cell for a value as Postgres prints it. */
export type WriteCell = (value: string) => string

export interface CellOptions extends Pick<SheetDestination, 'bigNumbers' | 'longText'> {
  /** The clock of the time zone in which instants are shown. */
  readonly toWall: WallClock
}

/** What a cell cannot hold. Carries no value. */
export class CellLimitError extends Error {
  readonly limit: 'long-text' | 'big-number'
  readonly length: number

  constructor(limit: CellLimitError['limit'], length: number) {
    super(limit)
    this.limit = limit
    this.length = length
  }
}

export function createCellWriter({ field, format }: PlannedColumn, { bigNumbers, longText, toWall }: CellOptions): WriteCell {
  const text: WriteCell = (value) => JSON.stringify(value.length > longestText ? cut(value, longText) : value)
  if (format === 'text') return text
  const or =
    (read: (value: string) => string | undefined): WriteCell =>
    (value) =>
      read(value) ?? text(value)
  switch (sheetKind(field.type)) {
    case 'integer':
    case 'decimal':
      return (value) => writeExact(value, bigNumbers, text)
    case 'float':
      return (value) => (isJsonNumber(value) ? value : text(value))
    case 'boolean':
      return (value) => (value === 't' ? 'true' : 'false')
    case 'date':
      return or(dateSerial)
    case 'timestamp':
      return or(timestampSerial)
    case 'timestamptz':
      return or((value) => instantSerial(value, toWall))
    case 'time':
      return or(timeSerial)
    case 'interval':
      return or(intervalSerial)
    case 'json':
      return (value) => text(compactJson(value))
    case 'bytea':
    case 'text':
      return text
    default:
      return text
  }
}

export interface NumberFormat {
  readonly type: 'TEXT' | 'NUMBER' | 'DATE' | 'DATE_TIME' | 'TIME' | 'PERCENT' | 'CURRENCY'
  readonly pattern: string
}

/** Undefined where a spreadsheet's own way of showing is right. */
export function numberFormatOf({ field, format }: Pick<PlannedColumn, 'field' | 'format'>): NumberFormat | undefined {
  const kind = sheetKind(field.type)
  if (format === 'text') return { type: 'TEXT', pattern: '@' }
  if (format !== undefined) return { type: typeOfPattern(format, kind), pattern: format }
  switch (kind) {
    case 'date':
      return { type: 'DATE', pattern: 'yyyy-mm-dd' }
    case 'timestamp':
    case 'timestamptz':
      return { type: 'DATE_TIME', pattern: 'yyyy-mm-dd hh:mm:ss' }
    case 'time':
      return { type: 'TIME', pattern: 'hh:mm:ss' }
    case 'interval':
      return { type: 'TIME', pattern: '[h]:mm:ss' }
    case 'integer':
    case 'decimal':
    case 'float':
    case 'boolean':
      return undefined
    case 'json':
    case 'bytea':
    case 'text':
      return { type: 'TEXT', pattern: '@' }
    default:
      return undefined
  }
}

type SheetKind = ReturnType<typeof kindOfType> | 'time' | 'interval'

function sheetKind(type: string): SheetKind {
  if (/^time(?:\(\d\))? without time zone$/.test(type)) return 'time'
  if (type === 'interval') return 'interval'
  return kindOfType(type)
}

function typeOfPattern(pattern: string, kind: SheetKind): NumberFormat['type'] {
  if (kind === 'date') return 'DATE'
  if (kind === 'timestamp' || kind === 'timestamptz') return 'DATE_TIME'
  if (kind === 'time' || kind === 'interval') return 'TIME'
  if (pattern.includes('%')) return 'PERCENT'
  return /[$€£]/.test(pattern) ? 'CURRENCY' : 'NUMBER'
}

/** A number whose digits a double keeps; whole or decimal. */
function writeExact(value: string, bigNumbers: CellOptions['bigNumbers'], text: WriteCell): string {
  if (!isJsonNumber(value)) return text(value) // NaN, Infinity
  if (value.length <= 15 || significantDigits(value) <= 15) return value
  if (bigNumbers === 'error') throw new CellLimitError('big-number', significantDigits(value))
  return bigNumbers === 'number' ? value : text(value)
}

function isJsonNumber(value: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value)
}

function significantDigits(value: string): number {
  const [whole = '', fraction = ''] = value.replace(/^-/, '').split('.')
  return `${whole}${fraction}`.replace(/^0+/, '').replace(/0+$/, '').length
}

/** Without a lone half of a pair at the end. */
function cut(value: string, longText: CellOptions['longText']): string {
  if (longText === 'error') throw new CellLimitError('long-text', value.length)
  return value.slice(0, longestText).replace(/[\uD800-\uDBFF]$/, '')
}

/** Blanks between its parts are left out; digits and strings stay as they are. */
function compactJson(value: string): string {
  return value.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, (_, kept: string | undefined) => kept ?? '')
}
