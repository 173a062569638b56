/**
 * One cell of a sheet that is read: what people see in it, and the value behind that as the warehouse takes it. A cell of a sheet has a type of its
 * own, unlike a field of a CSV, so nothing is guessed from its text: `00501` typed as text is text, a date is one by its format. Pure.
 */
import type { SheetCellData } from '../destinations/google-sheets/google-api.ts'

/** `error`: a formula that has no result. Numbers are told apart by the narrowest type that holds them. */
export type CellKind = 'text' | 'integer' | 'bigint' | 'numeric' | 'boolean' | 'date' | 'timestamp' | 'time' | 'interval' | 'error'

export interface SheetCell {
  readonly kind: CellKind
  /** As people see it. */
  readonly seen: string
  /** As the warehouse reads a value of its type: `true`, `2026-11-03`, `0.25` behind a 25%. */
  readonly value: string
}

/** Undefined for an empty cell; `#N/A` is one too, since that is what it says. */
export function readCell({ effectiveValue, formattedValue, effectiveFormat }: SheetCellData): SheetCell | undefined {
  const { stringValue, boolValue, numberValue, errorValue } = effectiveValue ?? {}
  const seen = formattedValue ?? ''
  if (typeof stringValue === 'string') return stringValue === '' ? undefined : { kind: 'text', seen: stringValue, value: stringValue }
  if (typeof boolValue === 'boolean') return { kind: 'boolean', seen, value: String(boolValue) }
  if (typeof numberValue === 'number') return { ...readNumber(numberValue, effectiveFormat?.numberFormat ?? {}), seen }
  return !errorValue || errorValue.type === 'N_A' ? undefined : { kind: 'error', seen, value: '' }
}

type NumberFormat = NonNullable<NonNullable<SheetCellData['effectiveFormat']>['numberFormat']>

function readNumber(serial: number, format: NumberFormat): Pick<SheetCell, 'kind' | 'value'> {
  const kind = kindOfFormat(format)
  switch (kind) {
    case undefined:
      return { kind: kindOfNumber(serial), value: String(serial) }
    case 'date':
      return { kind, value: dateTimeOf(Math.floor(serial)).slice(0, 10) }
    case 'timestamp':
      return { kind, value: dateTimeOf(serial) }
    case 'time':
      return { kind, value: dateTimeOf(serial).slice(11) }
    case 'interval':
      return { kind, value: intervalOf(serial) }
  }
}

function kindOfNumber(value: number): CellKind {
  if (!Number.isSafeInteger(value)) return 'numeric'
  return Math.abs(value) <= 2_147_483_647 ? 'integer' : 'bigint'
}

/** What a format shows of a number; undefined where it shows a number. People's own formats are told by their letters. */
function kindOfFormat({ type, pattern }: NumberFormat): 'date' | 'timestamp' | 'time' | 'interval' | undefined {
  if (type !== 'DATE' && type !== 'TIME' && type !== 'DATE_TIME') return undefined
  const letters = (pattern ?? '').replaceAll(/"[^"]*"|\\./g, '').toLowerCase()
  if (/\[[hms]+\]/.test(letters)) return 'interval'
  const [showsDay, showsTime] = [/[yd]/.test(letters), /[hs]/.test(letters)]
  if (showsDay || showsTime) return showsDay && showsTime ? 'timestamp' : showsDay ? 'date' : 'time'
  return type === 'DATE' ? 'date' : type === 'TIME' ? 'time' : 'timestamp'
}

const epoch = Date.UTC(1899, 11, 30)
const dayMs = 86_400_000

/** Days since 30 December 1899, to milliseconds: `2026-11-03 18:30:00`. */
function dateTimeOf(serial: number): string {
  const [day = '', time = ''] = new Date(epoch + Math.round(serial * dayMs)).toISOString().split('T')
  return `${day} ${time.replace(/(?:\.000)?Z$/, '')}`
}

/** Days as hours: `26:30:00`. */
function intervalOf(days: number): string {
  const ms = Math.round(Math.abs(days) * dayMs)
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms % 60_000) / 1000]
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${days < 0 ? '-' : ''}${two(hours)}:${two(minutes)}:${seconds < 10 ? '0' : ''}${seconds}`
}
