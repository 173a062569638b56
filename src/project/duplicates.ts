/** Names that two things share, also where only case tells them apart: every clash names both places. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { relationKey, relationLabel, type RelationName } from '../core/relation.ts'
import type { Span } from '../core/span.ts'

export interface NamedThing {
  /** `model`, `seed`, `macro`. */
  readonly kind: string
  readonly name: string
  readonly at: Span
}

/** Clashes in one namespace. */
export function findDuplicateNames(things: readonly NamedThing[], hint: string): readonly Diagnostic[] {
  return findDuplicates(
    things,
    ({ name }) => name.toLowerCase(),
    (thing, first) => duplicateName(thing, first, hint),
  )
}

function findDuplicates<T>(
  things: readonly T[],
  keyOf: (thing: T) => string,
  describe: (thing: T, first: T) => Diagnostic,
): readonly Diagnostic[] {
  const known = new Map<string, T>()
  const diagnostics: Diagnostic[] = []
  for (const thing of things) {
    const key = keyOf(thing)
    const first = known.get(key)
    if (first) diagnostics.push(describe(thing, first))
    else known.set(key, thing)
  }
  return diagnostics
}

function duplicateName(thing: NamedThing, first: NamedThing, hint: string): Diagnostic {
  const message =
    thing.name === first.name
      ? `The name \`${thing.name}\` is taken: there is ${withArticle(first.kind)} of that name.`
      : `The names \`${thing.name}\` and \`${first.name}\` differ only by case.`
  const related = [{ message: `The ${first.kind} \`${first.name}\` is here.`, at: first.at }]
  return errorDiagnostic(`duplicate-name`, message, { at: thing.at, hint, related })
}

function withArticle(kind: string): string {
  return kind === 'export' ? `an ${kind}` : `a ${kind}`
}

export interface RelatedThing extends NamedThing {
  readonly relation: RelationName
}

/** Two nodes that are one relation in the warehouse. */
export function findDuplicateRelations(things: readonly RelatedThing[]): readonly Diagnostic[] {
  return findDuplicates(things, ({ relation }) => relationKey(relation), duplicateRelation)
}

function duplicateRelation(thing: RelatedThing, first: RelatedThing): Diagnostic {
  const label = relationLabel(thing.relation)
  return errorDiagnostic(
    'duplicate-relation',
    `The ${thing.kind} \`${thing.name}\` and the ${first.kind} \`${first.name}\` are both \`${label}\`.`,
    {
      at: thing.at,
      hint: 'Give one of them another `alias` or `schema`.',
      related: [{ message: `The ${first.kind} \`${first.name}\` is here.`, at: first.at }],
    },
  )
}
