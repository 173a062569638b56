/**
 * Template text → Template, or what is wrong with it. Handlebars reads tags; SQL comments and Jinja are seen to before.
 * Its tree lives no longer than the call.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { toSpan, type SqlSource } from '../core/span.ts'
import { buildBody } from './build-program.ts'
import { describeSyntaxError } from './describe-syntax-error.ts'
import { parseHandlebars } from './handlebars-tree.ts'
import { findJinja } from './jinja.ts'
import type { Template } from './program.ts'
import { scanTags } from './scan-tags.ts'

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
  const jinja = findJinja(source, tags)
  if (jinja.length > 0) return refuse(...jinja)
  if (!masked.includes('{{')) return { ok: true, template: text === '' ? [] : [['text', 0, text.length]] }
  const tree = parseHandlebars(masked)
  if (!tree.ok) return refuse(describeSyntaxError(source, tags, tree))
  const diagnostics: Diagnostic[] = []
  const template = buildBody({ source, diagnostics }, tree.program)
  return diagnostics.length > 0 ? refuse(...diagnostics) : { ok: true, template }
}

function refuse(...diagnostics: readonly Diagnostic[]): ParseResult {
  return { ok: false, diagnostics }
}
