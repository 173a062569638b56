/**
 * Options of a test's use, checked without a schema library, because every load checks them: which keys of an entry are options
 * depends on the arguments that the project's own tests declare.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { JsonValue } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import type { TestUseOptions } from './schemas/tests.ts'

interface Rule {
  readonly expected: string
  readonly accepts: (value: JsonValue) => boolean
}

const text: Rule = { expected: 'text', accepts: (value) => typeof value === 'string' }
const flag: Rule = { expected: '`true` or `false`', accepts: (value) => typeof value === 'boolean' }
const comparison: Rule = {
  expected: 'a comparison with a number, such as "> 10"',
  accepts: (value) => typeof value === 'string' && /^\s*(?:=|!=|<>|<|<=|>|>=)\s*\d+\s*$/.test(value),
}
const count: Rule = { expected: 'a whole number from 1', accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 1 }
const words: Rule = {
  expected: 'text, or a list of texts',
  accepts: (value) => typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string')),
}

const rules: Readonly<Record<keyof TestUseOptions, Rule>> = {
  severity: { expected: 'one of error, warn', accepts: (value) => value === 'error' || value === 'warn' },
  warn_if: comparison,
  error_if: comparison,
  max_failures: { expected: 'a number of rows, or a share of them such as `1%`', accepts: isCountOrShare },
  where: text,
  limit: count,
  store_failures: flag,
  enabled: flag,
  name: text,
  description: text,
  owner: text,
  tags: words,
  meta: { expected: 'a mapping of keys', accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value) },
}

export const optionNames: ReadonlySet<string> = new Set(Object.keys(rules))

function isCountOrShare(value: JsonValue): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0
  return typeof value === 'string' && /^\s*\d+(?:\.\d+)?\s*%\s*$/.test(value)
}

/** What is valid of `written`; each of its keys is one of `optionNames`. */
export function checkTestOptions(
  written: Readonly<Record<string, JsonValue>>,
  placeOf: (key: string) => Span,
  diagnostics: Diagnostic[],
): TestUseOptions {
  const valid: Record<string, JsonValue> = {}
  for (const [key, value] of Object.entries(written)) {
    const rule = rules[key as keyof TestUseOptions]
    if (rule.accepts(value)) valid[key] = value
    else diagnostics.push(errorDiagnostic('invalid-value', `\`${key}\` must be ${rule.expected}.`, { at: placeOf(key) }))
  }
  return valid
}
