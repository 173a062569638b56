/**
 * Cells of a sheet. A number is one only while a spreadsheet keeps its digits: integers of more than 15 are text, as are dates that its
 * calendar does not have (before March 1900, BC, infinity). What the database calls text is text, whatever it looks like.
 */
import { kindOfType } from '../value-types.ts'
import type { PlannedColumn } from '../destination.ts'
import { escapeXml } from './xml.ts'

/** Characters that a cell can hold. */
export const longestText = 32_767

/** The inside of `<row>` for a value: `ref` is `A2`. Throws nothing: `value` fits. */
export type WriteCell = (ref: string, value: string) => string

/** `style` is the index of the column's format. */
export function createCellWriter({ field, format }: PlannedColumn, style: number): WriteCell {
  const text: WriteCell = (ref, value) =>
    `<c r="${ref}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`
  const number = (ref: string, digits: string): string => `<c r="${ref}" s="${style}"><v>${digits}</v></c>`
  if (format === 'text') return text
  switch (kindOfType(field.type)) {
    case 'integer':
    case 'decimal':
    case 'float':
      return (ref, value) => (isNumber(value) ? number(ref, value) : text(ref, value))
    case 'boolean':
      return (ref, value) => `<c r="${ref}" s="${style}" t="b"><v>${value === 't' ? 1 : 0}</v></c>`
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return (ref, value) => {
        const serial = serialOf(value)
        return serial === undefined ? text(ref, value) : number(ref, serial)
      }
    case 'json':
    case 'bytea':
    case 'text':
      return text
    default:
      return text
  }
}

function isNumber(value: string): boolean {
  return /^-?\d{1,15}(\.\d+)?(e[+-]?\d+)?$/.test(value)
}

const dayMs = 86_400_000
/** Day 0 of the calendar of spreadsheets, which has a 29 February 1900: it is right from March of that year on. */
const epoch = Date.UTC(1899, 11, 30)
const firstDay = 61

/** Days since the epoch, of the date and time as printed; a time zone is left out. */
function serialOf(value: string): string | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d(?:\.\d+)?))?(?:[+-]\d\d(?::\d\d){0,2})?$/.exec(value)
  if (!found) return undefined
  const [, year, month, day, hours = '0', minutes = '0', seconds = '0'] = found
  const days = (Date.UTC(Number(year), Number(month) - 1, Number(day)) - epoch) / dayMs
  if (days < firstDay || Number(year) < 1900) return undefined
  const fraction = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) / 86_400
  return fraction === 0 ? String(days) : String(Number((days + fraction).toFixed(11)))
}
