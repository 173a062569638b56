/** Whether a type that somebody wrote is the one that a catalog shows. Pure. */
import type { Dialect } from './dialect.ts'

/** A type without a modifier stands for any: `varchar` is `character varying(20)` too. So does one without a schema. */
export function isSameType(written: string, found: string, dialect: Pick<Dialect, 'typeName'>): boolean {
  const declared = dialect.typeName(written).toLowerCase()
  const actual = dialect.typeName(found).toLowerCase()
  const candidates = [actual, withoutModifier(actual), withoutSchema(actual), withoutSchema(withoutModifier(actual))]
  return candidates.includes(declared)
}

function withoutModifier(type: string): string {
  return type.replace(/\s*\([\d,\s]*\)/, '')
}

function withoutSchema(type: string): string {
  return type.replace(/^(?:"(?:[^"]|"")*"|[^".\s]+)\./, '')
}
