/** The name of a relation in a warehouse, as spelled there; quoting is the dialect's. */
export interface RelationName {
  readonly schema: string
  readonly name: string
}

/** A key for maps; unambiguous for any spelling. */
export function relationKey(relation: RelationName): string {
  return `${relation.schema.length}:${relation.schema}.${relation.name}`
}

/** For people: `schema.name`. */
export function relationLabel(relation: RelationName): string {
  return `${relation.schema}.${relation.name}`
}
