/** Dates of the sample, as text. Days count from the start of the campaign year, so nothing depends on the clock. */

const dayZero = Date.UTC(2026, 0, 1)
const msPerDay = 86_400_000

/** `2026-01-01` is day 0; days before it are negative. */
export function dateOfDay(day: number): string {
  return new Date(dayZero + day * msPerDay).toISOString().slice(0, 10)
}

/** `2026-01-01 18:30:00`. */
export function timeOfDay(day: number, minutes: number): string {
  return new Date(dayZero + day * msPerDay + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ')
}

/** The last day that the data knows of: 2026-10-15. */
export const lastDay = 287
