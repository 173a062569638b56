/**
 * The door to templates for those that link and compile: facts and programs, from the cache where the text is known. Only
 * texts without a mistake are kept there, and positions are offsets in the text, so that a key needs no path.
 */
import { hash } from 'node:crypto'
import type { ContentCache } from '../core/content-cache.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { SqlSource } from '../core/span.ts'
import { emptyFacts } from './analysis.ts'
import { analyzeTemplate } from './analyze-template.ts'
import { packFacts, unpackFacts, type PackedFacts } from './packed-facts.ts'
import { parseTemplate, type ReadableRest, type Template } from './parse-template.ts'
import type { TemplateFacts } from './template.ts'

export interface ReadTemplate {
  /** Present where it had to be parsed; `loadTemplate` brings it where the facts came from the cache. */
  readonly template?: Template
  /** Of a template that cannot be parsed: of what can be read beside the mistakes. */
  readonly facts: TemplateFacts
  readonly diagnostics: readonly Diagnostic[]
}

const factsKind = 'template-facts'
const programKind = 'template-program'

export function readTemplate(source: SqlSource, cache: ContentCache): ReadTemplate {
  const key = templateDigest(source)
  const packed = cache.get<PackedFacts>(factsKind, key)
  if (packed !== undefined) return { facts: unpackFacts(packed), diagnostics: [] }
  const parsed = parseTemplate(source)
  if (!parsed.ok) return readRest(source, parsed.diagnostics, parsed.rest)
  const analysis = analyzeTemplate(parsed.template, source)
  if (analysis.diagnostics.length === 0) {
    cache.set(factsKind, key, packFacts(analysis.facts))
    cache.set(programKind, key, parsed.template)
  }
  return { template: parsed.template, ...analysis }
}

/** Mistakes beside those that stopped the parser. Where blocks are lacking, a name or `this` may be theirs, and is left alone. */
function readRest(source: SqlSource, known: readonly Diagnostic[], rest: ReadableRest | undefined): ReadTemplate {
  if (!rest) return { facts: emptyFacts(), diagnostics: known }
  const { facts, diagnostics } = analyzeTemplate(rest.template, source)
  if (!rest.lacksBlocks) return { facts, diagnostics: [...known, ...diagnostics] }
  const sure = diagnostics.filter(({ code }) => code === 'computed-name' || code === 'bad-arguments')
  return { facts: { ...facts, names: [], stateUses: [] }, diagnostics: [...known, ...sure] }
}

/** The program of a template that `readTemplate` found no mistake in (others are a bug of the caller). */
export function loadTemplate(source: SqlSource, cache: ContentCache): Template {
  const stored = cache.get<Template>(programKind, templateDigest(source))
  if (stored !== undefined) return stored
  const parsed = parseTemplate(source)
  if (!parsed.ok) throw new Error(`${source.file} is rendered although its template has mistakes.`)
  return parsed.template
}

/** A hash of the text, computed once for each source. */
export function templateDigest(source: SqlSource): string {
  let digest = digests.get(source)
  if (digest === undefined) {
    digest = hash('sha1', source.text, 'base64url')
    digests.set(source, digest)
  }
  return digest
}

const digests = new WeakMap<SqlSource, string>()
