/**
 * Template text → Template, or what is wrong with it. Handlebars reads tags, but for the commonest, which `simple-tags.ts`
 * reads faster; SQL comments and Jinja are seen to before.
 * Its tree lives no longer than the call.
 *
 * A tag that cannot be read hides no other mistake: it is left out, and the rest is read again, as far as that makes sense.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { toSpan, type SqlSource } from '../core/span.ts'
import { blockPart } from './block-tags.ts'
import { buildBody } from './build-program.ts'
import { describeSyntaxError } from './describe-syntax-error.ts'
import { parseHandlebars, type TreeProgram } from './handlebars-tree.ts'
import { findJinja, type JinjaTag } from './jinja.ts'
import { findDeepNesting } from './nesting.ts'
import type { Template } from './program.ts'
import { scanTags, type Tag } from './scan-tags.ts'
import { maskSimpleTags, readSimpleTags, toStatements } from './simple-tags.ts'

export type { Template } from './program.ts'

export type ParseResult =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly rest?: ReadableRest }

/** What can be read beside the mistakes: to find more of them, never to be rendered. */
export interface ReadableRest {
  readonly template: Template
  /** Blocks had to be left out, so that names in the rest may be theirs. */
  readonly lacksBlocks: boolean
}

export function parseTemplate(source: SqlSource): ParseResult {
  const { text } = source
  const nul = text.indexOf('\0')
  if (nul !== -1)
    return refuse(errorDiagnostic('bad-template', 'A NUL character stands here, and SQL has none.', { at: toSpan(source, nul, nul + 1) }))
  const { masked, tags } = scanTags(text)
  const deep = findDeepNesting(source, tags)
  if (deep) return refuse(deep)
  const { simple, others } = readSimpleTags(text, tags)
  const jinja = findJinja(source, others)
  if (jinja.length > 0) return parseRest(source, jinja)
  if (others.length === 0 && !maskSimpleTags(masked, simple).includes('{{'))
    return { ok: true, template: toStatements(0, text.length, simple) }
  const tree = parseHandlebars(maskSimpleTags(masked, simple))
  if (!tree.ok) return parseRest(source, [])
  const diagnostics: Diagnostic[] = []
  const template = buildBody({ source, diagnostics, simple }, tree.program)
  return diagnostics.length > 0 ? { ok: false, diagnostics, rest: { template, lacksBlocks: false } } : { ok: true, template }
}

function refuse(...diagnostics: readonly Diagnostic[]): ParseResult {
  return { ok: false, diagnostics }
}

const mostMistakes = 20

/** Leaves out one tag after the other, those of Jinja first, until the rest can be read. */
function parseRest(source: SqlSource, jinja: readonly JinjaTag[]): ParseResult {
  const diagnostics = jinja.map(({ diagnostic }) => diagnostic)
  let lacksBlocks = jinja.some(({ tag }) => tag.kind === 'jinja-statement')
  let text = jinja.reduce((rest, { tag }) => withoutTag(rest, tag), source.text)
  for (let round = 0; round < mostMistakes; round++) {
    const { masked, tags } = scanTags(text)
    const tree = parseHandlebars(masked)
    if (tree.ok) return withRest(source, diagnostics, tree.program, lacksBlocks)
    const { diagnostic, tag, inBlocks } = describeSyntaxError(source, tags, tree)
    diagnostics.push(diagnostic)
    const isBlock = inBlocks || (tag !== undefined && blockPart(source, tag) !== undefined)
    if (tag === undefined && !isBlock) break
    lacksBlocks ||= isBlock
    text = tags.filter((one) => one === tag || (isBlock && blockPart(source, one) !== undefined)).reduce(withoutTag, text)
  }
  return { ok: false, diagnostics }
}

function withRest(source: SqlSource, known: readonly Diagnostic[], program: TreeProgram, lacksBlocks: boolean): ParseResult {
  const diagnostics = [...known]
  const template = buildBody({ source, diagnostics, simple: [] }, program)
  return diagnostics.length === 0 ? { ok: true, template } : { ok: false, diagnostics, rest: { template, lacksBlocks } }
}

/** The same length, no tag. Of a tag that is not closed, the braces that open it: what follows may be other tags. */
function withoutTag(text: string, { start, end, closed }: Tag): string {
  const until = closed ? end : start + (/^\{+/.exec(text.slice(start, start + 4))?.[0].length ?? 2)
  return text.slice(0, start) + text.slice(start, until).replaceAll(/[^\n]/g, ' ') + text.slice(until)
}
