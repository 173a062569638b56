/**
 * Which SQL types a field of a CSV file could have, from its bytes alone. The rule for numbers is the way back: a field is a number
 * only when the database would print it with the very same characters. So `01`, `1E5`, `+1`, `1,000`, `.5` and `-0` are text, and an
 * identifier of 20 digits is `numeric`, which keeps each of them.
 */

/** Sets of types, as bits; a column's set is the intersection over its fields, and 0 is text. */
export const anyType = 0b1111111
const integer = 1
const bigint = 2
const numeric = 4
const boolean = 8
const date = 16
const timestamp = 32
const timestamptz = 64

/** The narrowest type first. */
const names: readonly (readonly [bit: number, name: string])[] = [
  [integer, 'integer'],
  [bigint, 'bigint'],
  [numeric, 'numeric'],
  [boolean, 'boolean'],
  [date, 'date'],
  [timestamp, 'timestamp without time zone'],
  [timestamptz, 'timestamp with time zone'],
]

/** The type of a column; text where no field said anything. */
export function typeOfSet(set: number): string {
  if (set === anyType) return 'text'
  return names.find(([bit]) => (set & bit) !== 0)?.[1] ?? 'text'
}

const zero = 48
const dash = 45
const longestNumber = 1000

/** The types that `bytes[start, end)` could have; an empty field could have none. */
export function typesOfField(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start]
  if (first === undefined || start >= end) return 0
  if (isDigit(first) || first === dash) return typesOfDigits(bytes, start, end)
  return isBoolean(bytes, start, end) ? boolean : 0
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 57
}

function typesOfDigits(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === dash
  const first = negative ? start + 1 : start
  let at = first
  while (at < end && isDigit(bytes[at])) at++
  if (at === first) return 0
  if (at < end && bytes[at] === dash) return negative || at - first !== 4 ? 0 : typesOfDate(bytes, start, end)
  if (end - start > longestNumber || (bytes[first] === zero && at - first > 1)) return 0
  if (at === end) return negative && bytes[first] === zero ? 0 : typesOfInteger(bytes, first, end, negative)
  return isFraction(bytes, at, end) && !(negative && isZero(bytes, first, end)) ? numeric : 0
}

function typesOfInteger(bytes: Uint8Array, first: number, end: number, negative: boolean): number {
  const digits = end - first
  if (digits < 10) return integer | bigint | numeric
  if (digits === 10) return fits(bytes, first, negative ? '2147483648' : '2147483647') ? integer | bigint | numeric : bigint | numeric
  if (digits < 19) return bigint | numeric
  if (digits > 19) return numeric
  return fits(bytes, first, negative ? '9223372036854775808' : '9223372036854775807') ? bigint | numeric : numeric
}

/** As many digits as `largest` has are at most it. */
function fits(bytes: Uint8Array, first: number, largest: string): boolean {
  for (let k = 0; k < largest.length; k++) {
    const difference = bytes[first + k]! - largest.charCodeAt(k)
    if (difference !== 0) return difference < 0
  }
  return true
}

/** `.` and digits to the end. */
function isFraction(bytes: Uint8Array, point: number, end: number): boolean {
  if (bytes[point] !== 46 || point + 1 === end) return false
  for (let at = point + 1; at < end; at++) if (!isDigit(bytes[at])) return false
  return true
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== zero && bytes[at] !== 46) return false
  return true
}

/** `true` and `false` in any case. `t` and `f` are text: a column that happens to hold `F` alone is rarely a truth. */
function isBoolean(bytes: Uint8Array, start: number, end: number): boolean {
  return isWord(bytes, start, end, 'true') || isWord(bytes, start, end, 'false')
}

function isWord(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false
  for (let k = 0; k < word.length; k++) if ((bytes[start + k]! | 0x20) !== word.charCodeAt(k)) return false
  return true
}

/** `2026-11-03`, then nothing or `T10:30`, `10:30:00.123456`, and nothing or `Z`, `+02`, `-05:30`. */
function typesOfDate(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 10 || bytes[start + 7] !== dash) return 0
  if (!isRealDay(numberAt(bytes, start, 4), numberAt(bytes, start + 5, 2), numberAt(bytes, start + 8, 2))) return 0
  if (end - start === 10) return date | timestamp
  const separator = bytes[start + 10]
  if (separator !== 32 && separator !== 84) return 0
  return typesOfTime(bytes, start + 11, end)
}

/** Two or four digits as a number; NaN where they are none. */
function numberAt(bytes: Uint8Array, start: number, count: number): number {
  let value = 0
  for (let at = start; at < start + count; at++) {
    if (!isDigit(bytes[at])) return Number.NaN
    value = value * 10 + bytes[at]! - zero
  }
  return value
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isRealDay(year: number, month: number, day: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return false
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day <= daysOfMonth[month - 1]! + (leap ? 1 : 0)
}

function typesOfTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 5 || bytes[start + 2] !== 58) return 0
  if (!(numberAt(bytes, start, 2) <= 23 && numberAt(bytes, start + 3, 2) <= 59)) return 0
  let at = start + 5
  if (at < end && bytes[at] === 58) {
    if (at + 3 > end || !(numberAt(bytes, at + 1, 2) <= 59)) return 0
    at = endOfFraction(bytes, at + 3, end)
    if (at === -1) return 0
  }
  if (at === end) return timestamp
  return isZone(bytes, at, end) ? timestamptz : 0
}

/** Past `.123456`: the database keeps six digits and would round more. -1 where it is no fraction. */
function endOfFraction(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || bytes[start] !== 46) return start
  let at = start + 1
  while (at < end && isDigit(bytes[at])) at++
  const digits = at - start - 1
  return digits >= 1 && digits <= 6 ? at : -1
}

/** `Z`, `+02`, `+0200`, `-05:30`. */
function isZone(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (bytes[start] === 90) return length === 1
  if (bytes[start] !== 43 && bytes[start] !== dash) return false
  if (length < 3 || !(numberAt(bytes, start + 1, 2) <= 15)) return false
  if (length === 3) return true
  const minutes = bytes[start + 3] === 58 ? start + 4 : start + 3
  return minutes + 2 === end && numberAt(bytes, minutes, 2) <= 59
}
