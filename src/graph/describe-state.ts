/** `self` and `incremental` speak of the relation that a node builds: where none is built, they are mistakes. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Macro } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import type { ResolvedUses } from './resolved-uses.ts'

/** What a template belongs to. */
export interface TemplateOwner {
  readonly kind: 'model' | 'ephemeral' | 'macro' | 'generic-test' | 'test' | 'export'
  readonly name: string
}

/** `word` is `self` or `incremental`. Nothing where it has a meaning: in a model, and in a macro, whose callers are checked. */
export function describeState(word: string, owner: TemplateOwner, at: Span): Diagnostic | undefined {
  const reason = whyNot(owner)
  if (reason === undefined) return undefined
  const message = `${spelled(word)} has no meaning here: ${reason}.`
  return errorDiagnostic('misplaced-state', message, { at, hint: word === 'self' ? hintFor(owner) : undefined })
}

/** The same for a call of a macro that uses one of them. */
export function describeMacroState(macro: Macro, uses: ResolvedUses, owner: TemplateOwner, at: Span): Diagnostic | undefined {
  const reason = whyNot(owner)
  if (reason === undefined) return undefined
  const word = spelled(uses.usesSelf ? 'self' : 'incremental')
  const message = `The macro \`${macro.name}\` uses ${word}, which has no meaning here: ${reason}.`
  return errorDiagnostic('misplaced-state', message, { at, related: [{ message: `\`${macro.name}\` is defined here.`, at: macro.at }] })
}

function whyNot(owner: TemplateOwner): string | undefined {
  switch (owner.kind) {
    case 'model':
    case 'macro':
      return undefined
    case 'ephemeral':
      return `\`${owner.name}\` is ephemeral and builds no relation`
    case 'test':
    case 'generic-test':
      return 'a data test builds no relation'
    case 'export':
      return 'an export builds no relation'
    default:
      return owner.kind satisfies never
  }
}

function hintFor(owner: TemplateOwner): string | undefined {
  if (owner.kind === 'generic-test') return 'The relation under test is {{relation}}.'
  if (owner.kind === 'ephemeral') return 'Materialize it as a view or a table.'
  return "Name the relation: {{ref 'name'}}."
}

function spelled(word: string): string {
  return word === 'incremental' ? '{{#incremental}}' : `{{${word}}}`
}
