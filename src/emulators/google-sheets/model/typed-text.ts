/**
 * What becomes of text that is typed (USER_ENTERED): numbers, percents, money, dates, times and booleans are parsed in the locale of the spreadsheet, which is why
 * a zip code or `11E1` must never be written this way. Numbers that look like `1,234.5` are read with the separators of the locale.
 */
import type { NumberFormat } from './number-format.ts'
import type { Scalar } from './spreadsheet.ts'

export interface TypedValue {
  readonly value: Scalar
  /** What the cell is formatted with from then on, where the text says what it is. */
  readonly format?: NumberFormat
}

/** Undefined for `''`. Text that begins with `=` is a formula, and not for here. */
export function readTyped(text: string, locale: string): TypedValue | undefined {
  if (text === '') return undefined
  if (text.startsWith("'")) return { value: text.slice(1) }
  const trimmed = text.trim()
  if (/^(?:true|false)$/i.test(trimmed)) return { value: trimmed.toLowerCase() === 'true' }
  return readNumber(trimmed, locale) ?? readMoment(trimmed, locale) ?? { value: text }
}

const decimalCommas = /^(?:de|fr|es|it|pt|nl|pl|ru|sv|da|fi|nb|no|tr|cs|uk|id|el|hu|ro)(?:_|$)/

function readNumber(text: string, locale: string): TypedValue | undefined {
  const comma = decimalCommas.test(locale)
  const plain = comma ? text.replaceAll('.', '\u0001').replaceAll(',', '.').replaceAll('\u0001', ',') : text
  const match =
    /^(?<sign>[-+]?)(?<money>[$€£]?)(?<sign2>[-+]?)(?<digits>\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?<power>[eE][-+]?\d+)?(?<percent>%?)$/.exec(
      plain,
    )
  const { sign, sign2, money, digits, power = '', percent } = match?.groups ?? {}
  if (digits === undefined) return undefined
  const size = Number(`${digits.replaceAll(',', '')}${power}`)
  const value = sign === '-' || sign2 === '-' ? -size : size
  const decimals = digits.includes('.') ? '0.00' : '0'
  if (percent === '%') return { value: value / 100, format: { type: 'PERCENT', pattern: `${decimals}%` } }
  if (money !== undefined && money !== '') return { value, format: { type: 'CURRENCY', pattern: `"${money}"#,##${decimals}` } }
  if (power !== '') return { value, format: { type: 'SCIENTIFIC', pattern: '0.00E+00' } }
  if (digits.includes(',')) return { value, format: { type: 'NUMBER', pattern: `#,##${decimals}` } }
  return { value }
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

function readMoment(text: string, locale: string): TypedValue | undefined {
  const match =
    /^(?<date>\S*?[-/.]\S+?|[A-Za-z]{3,9} \d{1,2},? \d{4}|\d{1,2} [A-Za-z]{3,9} \d{4})?(?:(?:[ T]|^)(?<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?))?$/.exec(
      text,
    )
  const { date, time } = match?.groups ?? {}
  if (date === undefined && time === undefined) return undefined
  const day = date === undefined ? { serial: 0, pattern: '' } : readDate(date, locale)
  const clock = time === undefined ? 0 : readTime(time)
  if (!day || clock === undefined) return undefined
  if (time === undefined) return { value: day.serial, format: { type: 'DATE', pattern: day.pattern } }
  if (date === undefined) return { value: clock, format: { type: 'TIME', pattern: 'h:mm:ss' } }
  return { value: day.serial + clock, format: { type: 'DATE_TIME', pattern: `${day.pattern} h:mm:ss` } }
}

function readDate(text: string, locale: string): { readonly serial: number; readonly pattern: string } | undefined {
  const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(text)
  if (iso) return dated(Number(iso[1]), Number(iso[3]), Number(iso[4]), 'yyyy-mm-dd')
  const short = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text)
  if (short) {
    const year = short[4]!.length === 4 ? Number(short[4]) : Number(short[4]) + (Number(short[4]) < 30 ? 2000 : 1900)
    const monthFirst = locale === '' || /^en_US$|^fil_PH$/.test(locale)
    const [month, day] = monthFirst ? [short[1], short[3]] : [short[3], short[1]]
    return dated(year, Number(month), Number(day), monthFirst ? 'm/d/yyyy' : 'dd/mm/yyyy')
  }
  const named = /^([A-Za-z]{3,9}) (\d{1,2}),? (\d{4})$/.exec(text) ?? undefined
  const other = /^(\d{1,2}) ([A-Za-z]{3,9}) (\d{4})$/.exec(text) ?? undefined
  const name = (named?.[1] ?? other?.[2] ?? '').toLowerCase()
  const month = monthNames.indexOf(name.slice(0, 3)) + 1
  if (month === 0) return undefined
  return dated(Number(named?.[3] ?? other?.[3]), month, Number(named?.[2] ?? other?.[1]), 'mmm d, yyyy')
}

function dated(
  year: number,
  month: number,
  day: number,
  pattern: string,
): { readonly serial: number; readonly pattern: string } | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  if (year < 1900 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  return { serial: date.getTime() / 86_400_000 + 25_569, pattern }
}

function readTime(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(?: ?([AaPp])[Mm])?$/.exec(text)
  if (!match) return undefined
  const hours = (Number(match[1]) % (match[4] === undefined ? 24 : 12)) + (match[4]?.toLowerCase() === 'p' ? 12 : 0)
  if (Number(match[2]) > 59 || Number(match[3] ?? 0) >= 60) return undefined
  return (hours * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0)) / 86_400
}
