/** The selectors that sqlflow.yml names: their shape is checked when the project is linked, used or not. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { NamedSelector, Project, SelectorDefinition } from '../core/project.ts'
import { findCycles } from './find-cycles.ts'
import { checkValue } from './match-term.ts'
import { parseSelector, type Term } from './parse-selector.ts'
import { describeCycle } from './report-cycles.ts'

/** Bad grammar, unknown selectors, selectors that reuse themselves. */
export function checkNamedSelectors({ selectors }: Pick<Project, 'selectors'>): readonly Diagnostic[] {
  if (selectors.length === 0) return []
  const diagnostics: Diagnostic[] = []
  const byName = new Map(selectors.map((one) => [one.name, one]))
  const reused = new Map<string, string[]>()
  for (const selector of selectors) {
    const terms = checkDefinition(selector, selector.definition, diagnostics)
    for (const term of terms) diagnostics.push(...locate(checkTerm(term, byName), selector))
    reused.set(
      selector.name,
      reusedBy(terms).filter((name) => byName.has(name)),
    )
  }
  for (const cycle of findCycles(reused.keys(), (name) => reused.get(name) ?? [])) {
    diagnostics.push(describeCycle(cycle, wording, (from) => ({ at: byName.get(from)!.at })))
  }
  return diagnostics
}

const wording = {
  code: 'selector-cycle',
  noun: 'selector',
  verb: 'reuses',
  hint: () => 'A selector cannot reuse itself, directly or through others.',
}

/** A method that takes a few values alone has another, or `selector:` names none. */
export function checkTerm(term: Term, selectors: ReadonlyMap<string, NamedSelector>): Diagnostic | undefined {
  if (term.method !== 'selector' || selectors.has(term.value)) return checkValue(term)
  const hint = didYouMean(term.value, selectors.keys()) ?? 'Selectors are named under `selectors:` in sqlflow.yml.'
  return errorDiagnostic('unknown-selector', `There is no selector named \`${term.value}\`.`, { hint })
}

function checkDefinition(selector: NamedSelector, definition: SelectorDefinition, diagnostics: Diagnostic[]): readonly Term[] {
  if (typeof definition === 'string') return parseSelector(definition, { diagnostics, at: selector.at }).flat()
  const { union, intersection, exclude } = definition
  if (union && intersection) {
    const message = `The selector \`${selector.name}\` has both \`union\` and \`intersection\` in one place.`
    diagnostics.push(errorDiagnostic('bad-selector', message, { at: selector.at, hint: 'Put one of them inside the other.' }))
  }
  return [...(union ?? []), ...(intersection ?? []), ...(exclude ?? [])].flatMap((one) => checkDefinition(selector, one, diagnostics))
}

function reusedBy(terms: readonly Term[]): readonly string[] {
  return terms.filter(({ method }) => method === 'selector').map(({ value }) => value)
}

function locate(diagnostic: Diagnostic | undefined, { at }: NamedSelector): readonly Diagnostic[] {
  return diagnostic ? [{ ...diagnostic, at }] : []
}
