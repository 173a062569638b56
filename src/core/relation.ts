/** The name of a relation in a warehouse, as spelled there; quoting is the dialect's. */
export interface RelationName {
  /** Where it is another than that of the connection: of a source alone. */
  readonly database?: string
  readonly schema: string
  readonly name: string
}

/** A key for maps; unambiguous for any spelling. */
export function relationKey(relation: RelationName): string {
  const { database, schema, name } = relation
  return `${database === undefined ? '' : `${database.length}:${database}.`}${schema.length}:${schema}.${name}`
}

/** For people: `schema.name`, or `database.schema.name`. */
export function relationLabel({ database, schema, name }: RelationName): string {
  return `${database === undefined ? '' : `${database}.`}${schema}.${name}`
}
