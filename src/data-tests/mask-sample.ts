/**
 * Failing rows as a terminal may show them. A value of a sensitive column never leaves here. A failing row knows its columns by
 * name alone, so a name that is made from a sensitive one (`phone_digits`, `max_phone`) counts as sensitive too; what a singular
 * test derives under another name is declared `sensitive` in its own front matter.
 */
import type { TestSample } from '../core/event.ts'

const maskedValue = '***'

export interface MaskSampleInput {
  readonly fields: readonly { readonly name: string }[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** Names of sensitive columns of every relation that the test reads, and those that the test declares. */
  readonly sensitive: Iterable<string>
}

/** NULL stays NULL: that a value is missing is often why the row fails. */
export function maskSample({ fields, rows, sensitive }: MaskSampleInput): TestSample {
  const names = [...sensitive].map((name) => name.toLowerCase())
  const masked = fields.map((field) => names.some((name) => isMadeFrom(field.name.toLowerCase(), name)))
  return {
    columns: fields.map((field) => field.name),
    rows: rows.map((row) => row.map((value, index) => (masked[index] === true && value !== null ? maskedValue : value))),
  }
}

function isMadeFrom(field: string, sensitive: string): boolean {
  return `_${field}_`.includes(`_${sensitive}_`)
}
