/** Reads each template of a project once, gathers its mistakes, and keeps what was parsed on the way for the compile step. */
import type { ContentCache } from '../core/content-cache.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { SqlSource } from '../core/span.ts'
import { emptyFacts } from '../template/analysis.ts'
import { readTemplate } from '../template/read-template.ts'
import type { Template } from '../template/program.ts'
import type { TemplateFacts } from '../template/template.ts'

export interface TemplateReader {
  readonly facts: (source: SqlSource) => TemplateFacts
  /** Those that had to be parsed: the facts of the others came from the cache. */
  readonly parsed: ReadonlyMap<SqlSource, Template>
}

export function templateReader(cache: ContentCache, diagnostics: Diagnostic[]): TemplateReader {
  const read = new Map<SqlSource, TemplateFacts>()
  const parsed = new Map<SqlSource, Template>()
  const readOnce = (source: SqlSource): TemplateFacts => {
    const result = readTemplate(source, cache)
    diagnostics.push(...result.diagnostics)
    if (result.template) parsed.set(source, result.template)
    read.set(source, result.facts)
    return result.facts
  }
  return {
    parsed,
    facts: (source) => (source.text.includes('{') ? (read.get(source) ?? readOnce(source)) : plainText),
  }
}

/** Arguments of tests and `where:` mostly hold no template at all. */
const plainText: TemplateFacts = emptyFacts()
