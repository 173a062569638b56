/**
 * Template text → Template, or what is wrong with it. Handlebars reads tags, but for the commonest, which `simple-tags.ts`
 * reads faster; SQL comments and Jinja are seen to before.
 * Its tree lives no longer than the call.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { toSpan, type SqlSource } from '../core/span.ts'
import { buildBody } from './build-program.ts'
import { describeSyntaxError } from './describe-syntax-error.ts'
import { parseHandlebars } from './handlebars-tree.ts'
import { findJinja } from './jinja.ts'
import type { Template } from './program.ts'
import { scanTags, type Tag } from './scan-tags.ts'
import { maskSimpleTags, readSimpleTags, toStatements, type PrintStatement } from './simple-tags.ts'

export type { Template } from './program.ts'

export type ParseResult =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export function parseTemplate(source: SqlSource): ParseResult {
  const { text } = source
  const nul = text.indexOf('\0')
  if (nul !== -1)
    return refuse(errorDiagnostic('bad-template', 'A NUL character stands here, and SQL has none.', { at: toSpan(source, nul, nul + 1) }))
  const { masked, tags } = scanTags(text)
  const { simple, others } = readSimpleTags(text, tags)
  const jinja = findJinja(source, others)
  if (jinja.length > 0) return refuse(...jinja)
  if (others.length === 0 && !maskSimpleTags(masked, simple).includes('{{'))
    return { ok: true, template: toStatements(0, text.length, simple) }
  return readTree(source, masked, tags, simple)
}

function readTree(source: SqlSource, masked: string, tags: readonly Tag[], simple: readonly PrintStatement[]): ParseResult {
  const tree = parseHandlebars(maskSimpleTags(masked, simple))
  if (!tree.ok) {
    const whole = parseHandlebars(masked)
    return refuse(describeSyntaxError(source, tags, whole.ok ? tree : whole))
  }
  const diagnostics: Diagnostic[] = []
  const template = buildBody({ source, diagnostics, simple }, tree.program)
  return diagnostics.length > 0 ? refuse(...diagnostics) : { ok: true, template }
}

function refuse(...diagnostics: readonly Diagnostic[]): ParseResult {
  return { ok: false, diagnostics }
}
