/** Numbers as a cell shows them: the patterns of Google Sheets (`#,##0.00`, `yyyy-mm-dd`, `[h]:mm`, `0.0%`), and what it does without one. */
import type { Scalar } from './spreadsheet.ts'

export interface NumberFormat {
  readonly type?: string
  readonly pattern?: string
}

/** What `TEXT`, `NUMBER` and the others show where no pattern is given. */
const defaultPatterns: Readonly<Record<string, string>> = {
  NUMBER: '#,##0.00',
  PERCENT: '0.00%',
  CURRENCY: '"$"#,##0.00',
  DATE: 'm/d/yyyy',
  TIME: 'h:mm:ss am/pm',
  DATE_TIME: 'm/d/yyyy h:mm:ss',
  SCIENTIFIC: '0.00E+00',
}

export function showValue(value: Scalar, format: NumberFormat | undefined): string {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'string') return value
  const pattern = format?.pattern ?? defaultPatterns[format?.type ?? '']
  if (pattern === undefined || pattern === '' || format?.type === 'TEXT' || pattern === '@') return showPlain(value)
  return showPattern(value, pattern)
}

/** Ten significant digits, fifteen of a whole number, and powers of ten past that. */
function showPlain(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e15 || (size > 0 && size < 1e-9))
    return value
      .toExponential(5)
      .replace(/\.?0+e/, 'e')
      .replace(/e([+-])(\d)$/, 'E$10$2')
      .replace('e', 'E')
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(Math.max(10, Math.trunc(Math.log10(size)) + 1))))
}

/** A pattern that is understood once, for a column of a hundred thousand numbers. */
type Show = (value: number) => string

const compiled = new Map<string, Show>()

function showPattern(value: number, pattern: string): string {
  const known = compiled.get(pattern)
  if (known) return known(value)
  const show = compilePattern(pattern)
  compiled.set(pattern, show)
  return show(value)
}

/** Sections are for positive numbers, negative ones, and zero. */
function compilePattern(pattern: string): Show {
  const sections = splitSections(pattern).map(compileSection)
  return (value) => {
    const negative = value < 0 && sections.length > 1
    const section = sections[negative ? 1 : value === 0 && sections.length > 2 ? 2 : 0]!
    return section(negative ? -value : value)
  }
}

function compileSection(section: string): Show {
  const bare = section.replaceAll(/\[(?:[A-Za-z]+\d*|[<>=]+[\d.]+)\]/g, (word) => (/^\[(?:h+|m+|s+)\]$/i.test(word) ? word : ''))
  return isDatePattern(bare) ? compileDate(bare) : compileNumber(bare)
}

/** At semicolons outside of quotes. */
function splitSections(pattern: string): readonly string[] {
  return (pattern.match(/(?:"[^"]*"|\\.|[^;"\\])+|(?<=;|^)(?=;|$)/g) ?? [pattern]).slice(0, 4)
}

function withoutLiterals(pattern: string): string {
  return pattern.replaceAll(/"[^"]*"|\\./g, '')
}

function isDatePattern(pattern: string): boolean {
  const text = withoutLiterals(pattern)
  return /[ymdhs]/i.test(text) && !/[0#?]/.test(text.replaceAll(/(?<=s{1,2})\.0+/gi, ''))
}

function compileNumber(pattern: string): Show {
  const digits = /[#0?][#0?,.]*(?:E[+-]?0+)?/i.exec(pattern.replaceAll(/"[^"]*"|\\./g, (text) => '\u0001'.repeat(text.length)))
  if (!digits) return (value) => `${value < 0 ? '-' : ''}${literalOf(pattern, value)}`
  const scale = withoutLiterals(pattern).includes('%') ? 100 : 1
  const before = pattern.slice(0, digits.index)
  const after = pattern.slice(digits.index + digits[0].length)
  const show = compileDigits(digits[0])
  return (value) => {
    const body = show(Math.abs(value * scale))
    const negative = value < 0 && /[1-9]/.test(body)
    return `${negative ? '-' : ''}${literalOf(before, value)}${body}${literalOf(after, value)}`
  }
}

/** What stands around the digits: quoted or escaped text, and the value itself where there is an `@`. */
function literalOf(text: string, value: number): string {
  if (text === '') return ''
  return text
    .replaceAll(/"([^"]*)"|\\(.)|_.|\*./g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? '')
    .replaceAll('@', () => showPlain(value))
}

/** Of a size, which is never negative. */
function compileDigits(pattern: string): Show {
  const exponent = /E([+-]?)(0+)$/i.exec(pattern)
  if (exponent) {
    const mantissa = pattern.slice(0, exponent.index)
    return (size) => showScientific(size, mantissa, exponent[1] === '+', exponent[2]!.length)
  }
  const divisor = 1000 ** (/,+$/.exec(pattern)?.[0].length ?? 0)
  const [whole = '', fraction = ''] = pattern.replace(/,+$/, '').split('.')
  const most = fraction.replaceAll(/[^0#?]/g, '').length
  const least = fraction.replaceAll(/[^0]/g, '').length
  const minimum = whole.replaceAll(/[^0]/g, '').length
  const grouping = whole.includes(',')
  const pointed = pattern.includes('.')
  return (size) => {
    const [integer = '0', decimals = ''] = roundTo(size / divisor, most).split('.')
    const padded = integer === '0' && minimum === 0 ? '' : integer.padStart(minimum, '0')
    const grouped = grouping ? padded.replaceAll(/\B(?=(?:\d{3})+$)/g, ',') : padded
    const kept = least === most ? decimals : decimals.slice(0, least) + decimals.slice(least).replace(/0+$/, '')
    return pointed && (kept !== '' || least > 0) ? `${grouped}.${kept}` : grouped
  }
}

/** Halves away from zero, as people expect of 1.005: by the digits that are shown, not the bits behind them. */
function roundTo(size: number, decimals: number): string {
  if (size >= 1e21) return BigInt(Math.round(size)).toString()
  const shifted = Number(`${Number(size.toPrecision(15))}e${decimals}`)
  return Number.isFinite(shifted) && shifted < 1e15 ? (Math.round(shifted) / 10 ** decimals).toFixed(decimals) : size.toFixed(decimals)
}

function showScientific(size: number, mantissa: string, plus: boolean, width: number): string {
  const decimals = (mantissa.split('.')[1] ?? '').length
  const [digits = '0', power = '0'] = size.toExponential(decimals).split('e')
  const exponent = Number(power)
  return `${digits}E${exponent < 0 ? '-' : plus ? '+' : ''}${String(Math.abs(exponent)).padStart(width, '0')}`
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const daysBefore1970 = 25_569

const dateTokens = /"[^"]*"|\\.|\[h+\]|\[m+\]|\[s+\]|y+|m+|d+|h+|s+(?:\.0+)?|am\/pm|a\/p|./gi

/** Of days since 1899-12-30. */
function compileDate(pattern: string): Show {
  const bare = withoutLiterals(pattern)
  const fractions = /s\.0+/i.test(bare)
  const halves = /am\/pm|a\/p/i.test(bare)
  const words = pattern.match(dateTokens) ?? []
  const tokens = words.map((word, at) => ({ word, minutes: isMinutes(words, at) }))
  return (serial) => {
    const milliseconds = fractions ? Math.round(serial * 86_400_000) : Math.round(serial * 86_400) * 1000
    const date = new Date(milliseconds - daysBefore1970 * 86_400_000)
    return tokens.map(({ word, minutes }) => showDateToken(word, { date, milliseconds, halves, minutes })).join('')
  }
}

/** `m` is minutes behind hours or before seconds, months elsewhere. */
function isMinutes(words: readonly string[], at: number): boolean {
  const isLetters = (word: string): boolean => /^(?:\[?[hms]|[yd])/i.test(word) && !/^am/i.test(word)
  const before = words.slice(0, at).findLast(isLetters)
  const after = words.slice(at + 1).find(isLetters)
  return /^\[?h/i.test(before ?? '') || /^\[?s/i.test(after ?? '')
}

interface DateParts {
  readonly date: Date
  readonly milliseconds: number
  readonly halves: boolean
  readonly minutes: boolean
}

function showDateToken(word: string, { date, milliseconds, halves, minutes }: DateParts): string {
  const pad = (value: number, width = word.length): string => String(value).padStart(Math.min(width, 2), '0')
  const lower = word.toLowerCase()
  if (word.startsWith('"')) return word.slice(1, -1)
  if (word.startsWith('\\')) return word.slice(1)
  if (lower.startsWith('[')) {
    const size = { h: 3_600_000, m: 60_000, s: 1000 }[lower[1]!] ?? 1000
    return String(Math.trunc(milliseconds / size)).padStart(word.length - 2, '0')
  }
  if (lower === 'am/pm') return date.getUTCHours() < 12 ? 'AM' : 'PM'
  if (lower === 'a/p') return date.getUTCHours() < 12 ? 'A' : 'P'
  const hours = date.getUTCHours()
  switch (lower.charAt(0)) {
    case 'y':
      return word.length > 2 ? String(date.getUTCFullYear()).padStart(4, '0') : pad(date.getUTCFullYear() % 100, 2)
    case 'm':
      if (minutes && word.length < 3) return pad(date.getUTCMinutes())
      return word.length === 3
        ? months[date.getUTCMonth()]!.slice(0, 3)
        : word.length > 3
          ? months[date.getUTCMonth()]!
          : pad(date.getUTCMonth() + 1)
    case 'd':
      return word.length === 3
        ? weekdays[date.getUTCDay()]!.slice(0, 3)
        : word.length > 3
          ? weekdays[date.getUTCDay()]!
          : pad(date.getUTCDate())
    case 'h':
      return pad(halves ? hours % 12 || 12 : hours)
    case 's':
      return showSeconds(word, date)
    default:
      return word
  }
}

function showSeconds(word: string, date: Date): string {
  const [whole = '', fraction = ''] = word.split('.')
  const seconds = String(date.getUTCSeconds()).padStart(Math.min(whole.length, 2), '0')
  return fraction === ''
    ? seconds
    : `${seconds}.${String(date.getUTCMilliseconds()).padStart(3, '0').padEnd(fraction.length, '0').slice(0, fraction.length)}`
}
