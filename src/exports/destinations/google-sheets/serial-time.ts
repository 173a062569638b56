/**
 * Dates and times as a spreadsheet counts them: days since 30 December 1899, the time of day as a fraction. It knows no time zone, so that an
 * instant is first led to the clock on the wall of one. What the calendar does not have stays text.
 */

const dayMs = 86_400_000
const epoch = Date.UTC(1899, 11, 30)
const lastDay = (Date.UTC(9999, 11, 31) - epoch) / dayMs

/** `2026-11-03`, as JSON writes the number; undefined outside 1899-12-30 to 9999-12-31, and for `infinity`. */
export function dateSerial(value: string): string | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value)
  if (!found) return undefined
  const days = (utcOf(Number(found[1]), Number(found[2]), Number(found[3])) - epoch) / dayMs
  return days < 0 || days > lastDay ? undefined : String(days)
}

/** `2026-11-03 18:30:00.25`: as it is printed, without a zone. */
export function timestampSerial(value: string): string | undefined {
  const found = /^(\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d(?:\.\d+)?)$/.exec(value)
  if (!found) return undefined
  const days = dateSerial(found[1]!)
  return days === undefined ? undefined : withFraction(Number(days), secondsOf(found[2]!, found[3]!, found[4]!))
}

/** `2026-11-03 18:30:00+00`, on the clock of `toWall`'s zone. */
export function instantSerial(value: string, toWall: WallClock): string | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(\.\d+)?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/.exec(value)
  if (!found) return undefined
  const [, year, month, day, hours, minutes, seconds, fraction = '', sign, zoneHours, zoneMinutes = '0', zoneSeconds = '0'] = found
  const offset = (Number(zoneHours) * 3600 + Number(zoneMinutes) * 60 + Number(zoneSeconds)) * (sign === '-' ? -1 : 1)
  const clock = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return serialOfInstant(utcOf(Number(year), Number(month), Number(day)) + (clock - offset) * 1000, toWall, Number(`0${fraction}`))
}

/** `ms` since 1970, UTC, whole seconds; `fraction` of a second beside it. */
export function serialOfInstant(ms: number, toWall: WallClock, fraction = 0): string | undefined {
  const wall = toWall(ms)
  const days = Math.floor((wall - epoch) / dayMs)
  if (days < 0 || days > lastDay) return undefined
  return withFraction(days, (wall - epoch - days * dayMs) / 1000 + fraction)
}

/** `18:30:00` as a fraction of a day. */
export function timeSerial(value: string): string | undefined {
  const found = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?)$/.exec(value)
  return found ? withFraction(0, secondsOf(found[1]!, found[2]!, found[3]!)) : undefined
}

/** `3 days 04:05:06`; undefined where months or years stand in it, which have no fixed length. */
export function intervalSerial(value: string): string | undefined {
  const found = /^(?:(-?\d+) days? ?)?(?:(-)?(\d+):(\d\d):(\d\d(?:\.\d+)?))?$/.exec(value)
  if (!found || value === '') return undefined
  const [, days = '0', minus, hours = '0', minutes = '0', seconds = '0'] = found
  const clock = secondsOf(hours, minutes, seconds) * (minus === undefined ? 1 : -1)
  return rounded(Number(days) + clock / 86_400)
}

/** As people read it: `2026-11-03`, `2026-11-03 18:30:00`, or hours, minutes and seconds. */
export function showSerial(serial: number, type: 'DATE' | 'DATE_TIME' | 'TIME'): string {
  const seconds = Math.round(serial * 86_400)
  if (type === 'TIME') {
    const [hours, rest] = [Math.floor(Math.abs(seconds) / 3600), Math.abs(seconds) % 3600]
    return `${seconds < 0 ? '-' : ''}${hours}:${two(Math.floor(rest / 60))}:${two(rest % 60)}`
  }
  const text = new Date(epoch + seconds * 1000).toISOString()
  return type === 'DATE' ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 19)}`
}

function two(part: number): string {
  return String(part).padStart(2, '0')
}

/** Milliseconds since 1970, UTC, to those that the clock on the wall shows. */
export type WallClock = (ms: number) => number

/** Offsets of a zone change at whole quarters of an hour (since 1972, and in the data of earlier years at most to the second). */
export function wallClockOf(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  const offsets = new Map<number, number>()
  return (ms) => {
    const quarter = Math.floor(ms / 900_000)
    let offset = offsets.get(quarter)
    if (offset === undefined) {
      offset = offsetOf(format, ms)
      offsets.set(quarter, offset)
    }
    return ms + offset
  }
}

function offsetOf(format: Intl.DateTimeFormat, ms: number): number {
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'
  const found = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name)
  if (!found) return 0
  const seconds = Number(found[2]) * 3600 + Number(found[3]) * 60 + Number(found[4] ?? 0)
  return (found[1] === '-' ? -seconds : seconds) * 1000
}

/** Unlike Date.UTC, years under 100 are themselves. */
function utcOf(year: number, month: number, day: number): number {
  return year < 100 ? new Date(0).setUTCFullYear(year, month - 1, day) : Date.UTC(year, month - 1, day)
}

function secondsOf(hours: string, minutes: string, seconds: string): number {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

function withFraction(days: number, seconds: number): string {
  return seconds === 0 ? String(days) : rounded(days + seconds / 86_400)
}

/** Eleven digits keep a microsecond of a day, and leave room for the days within 15. */
function rounded(value: number): string {
  return String(Number(value.toFixed(11)))
}
