/** Macros whose text may end up inside a string of SQL, where white space counts: called there, or by one that is, or kept as a value. Pure. */
import type { SqlSource } from '../core/span.ts'
import { emptyFacts } from './analysis.ts'
import { analyzeTemplate } from './analyze-template.ts'
import { parseTemplate } from './parse-template.ts'
import { scanTags } from './scan-tags.ts'
import type { Use } from './template.ts'

export interface CallingTemplate {
  readonly source: SqlSource
  /** The macro whose body it is. */
  readonly macro?: string
}

export function findMacrosInStrings(templates: readonly CallingTemplate[]): ReadonlySet<string> {
  const found = new Set<string>()
  const calls = new Map<string, Set<string>>()
  for (const { source, macro } of templates) {
    if (!source.text.includes('{{')) continue
    const names = namesIn(source)
    if (macro !== undefined) calls.set(macro, new Set([...(calls.get(macro) ?? []), ...names.map(({ name }) => name)]))
    for (const name of riskyNames(source, names)) found.add(name)
  }
  for (let before = -1; before !== found.size;) {
    before = found.size
    for (const name of found) for (const called of calls.get(name) ?? []) found.add(called)
  }
  return found
}

function namesIn(source: SqlSource): readonly Use[] {
  const parsed = parseTemplate(source)
  const template = parsed.ok ? parsed.template : parsed.rest?.template
  return (template ? analyzeTemplate(template, source).facts : emptyFacts()).names
}

function riskyNames(source: SqlSource, names: readonly Use[]): readonly string[] {
  const risky = scanTags(source.text).tags.filter((tag) => tag.inString || source.text.startsWith('{{#', tag.start))
  return names.filter(({ start }) => risky.some((tag) => tag.start <= start && start < tag.end)).map(({ name }) => name)
}
