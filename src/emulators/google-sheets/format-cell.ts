/** Cells as people see them: numbers and dates by their pattern. */
import { objectIn, textIn } from './json.ts'
import type { Cell } from './workbook.ts'

interface NumberFormat {
  readonly type: string | undefined
  readonly pattern: string | undefined
}

function numberFormatOf(cell: Cell | undefined): NumberFormat {
  const format = objectIn(cell?.format ?? {}, 'numberFormat')
  return { type: textIn(format, 'type'), pattern: textIn(format, 'pattern') }
}

export function isDate(cell: Cell | undefined): boolean {
  return /^(?:DATE|TIME|DATE_TIME)$/.test(numberFormatOf(cell).type ?? '') && typeof cell?.value === 'number'
}

/** Text stays text, whatever is typed. */
export function isText(cell: Cell | undefined): boolean {
  return numberFormatOf(cell).type === 'TEXT'
}

export function formatCell(cell: Cell | undefined): string {
  const value = cell?.value
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'string') return value
  const { type, pattern } = numberFormatOf(cell)
  if (type === 'TEXT') return String(value)
  if (isDate(cell)) return formatDate(value, pattern ?? defaultPatterns[type ?? 'DATE'] ?? 'yyyy-mm-dd')
  return pattern === undefined || pattern === '' ? formatGeneral(value) : formatNumber(value, pattern)
}

const defaultPatterns: Readonly<Record<string, string>> = { DATE: 'm/d/yyyy', TIME: 'h:mm:ss am/pm', DATE_TIME: 'm/d/yyyy h:mm:ss' }

function formatGeneral(value: number): string {
  const rounded = Number(value.toPrecision(10))
  return Math.abs(value) >= 1e15 || (value !== 0 && Math.abs(value) < 1e-9)
    ? value.toExponential().replace('e', 'E').toUpperCase()
    : String(rounded)
}

function formatNumber(value: number, pattern: string): string {
  const found = /[#0][#0,]*(?:\.[#0]+)?/.exec(pattern)
  if (!found) return pattern.replaceAll('"', '')
  const [whole = '', fraction = ''] = found[0].split('.')
  const scaled = pattern.includes('%') ? value * 100 : value
  const least = fraction.replaceAll('#', '').length
  const digits = Math.abs(scaled).toLocaleString('en-US', {
    minimumFractionDigits: least,
    maximumFractionDigits: Math.max(least, fraction.length),
    minimumIntegerDigits: Math.max(1, whole.replaceAll(/[^0]/g, '').length),
    useGrouping: whole.includes(','),
  })
  return `${scaled < 0 ? '-' : ''}${pattern.replace(found[0], digits).replaceAll('"', '')}`
}

const dates = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'long' })
const weekdays = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', weekday: 'long' })
const token = /"([^"]*)"|\\(.)|\[(h+)\]|y+|m+|d+|h+|s+|am\/pm/gi

/** `m` is a minute behind hours and before seconds, a month elsewhere. */
function formatDate(serial: number, pattern: string): string {
  const seconds = Math.round(serial * 86_400)
  const date = new Date(Date.UTC(1899, 11, 30) + seconds * 1000)
  const isHalf = /am\/pm/i.test(pattern)
  const found = [...pattern.matchAll(token)].map((match) => match[0].toLowerCase())
  let k = -1
  return pattern.replaceAll(
    token,
    (whole: string, quoted: string | undefined, escaped: string | undefined, elapsed: string | undefined) => {
      k++
      if (quoted !== undefined || escaped !== undefined) return quoted ?? escaped ?? ''
      if (elapsed !== undefined) return padded(Math.floor(seconds / 3600), elapsed.length)
      const low = whole.toLowerCase()
      const width = low.length
      const isMinute = /^\[?h/.test(found[k - 1] ?? '') || found[k + 1]?.startsWith('s') === true
      switch (low.charAt(0)) {
        case 'y':
          return width > 2 ? String(date.getUTCFullYear()) : padded(date.getUTCFullYear() % 100, 2)
        case 'm':
          if (isMinute) return padded(date.getUTCMinutes(), width)
          return width > 2 ? shortened(dates.format(date), width) : padded(date.getUTCMonth() + 1, width)
        case 'd':
          return width > 2 ? shortened(weekdays.format(date), width) : padded(date.getUTCDate(), width)
        case 'h':
          return padded(isHalf ? date.getUTCHours() % 12 || 12 : date.getUTCHours(), width)
        case 's':
          return padded(date.getUTCSeconds(), width)
        default:
          return date.getUTCHours() < 12 ? 'AM' : 'PM'
      }
    },
  )
}

function padded(part: number, width: number): string {
  return String(part).padStart(width, '0')
}

function shortened(name: string, width: number): string {
  return width === 3 ? name.slice(0, 3) : width === 5 ? name.slice(0, 1) : name
}
