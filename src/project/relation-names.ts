/** From what a node names to its schema and relation in the target. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { TargetSchemas } from '../core/project.ts'
import type { RelationName } from '../core/relation.ts'
import type { Span } from '../core/span.ts'
import { dialectOf } from '../dialects/dialect-of.ts'
import type { Dialect } from '../dialects/dialect.ts'

export interface WrittenRelation {
  readonly schema: string | undefined
  readonly name: string
}

/** As the catalog of the target keeps the names. */
export function resolveRelation(target: TargetSchemas, written: WrittenRelation): RelationName {
  const schema = written.schema === undefined ? target.schema : target.schemaPattern.replaceAll('{schema}', written.schema)
  return storedRelation({ schema, name: written.name }, dialectOf(target))
}

export function storedRelation({ database, schema, name }: RelationName, { storedName }: Dialect): RelationName {
  return { ...(database !== undefined && { database: storedName(database) }), schema: storedName(schema), name: storedName(name) }
}

/** Names that the warehouse would cut. */
export function checkRelation(relation: RelationName, at: Span, dialect: Dialect): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  if (isLonger(relation.name, dialect)) diagnostics.push(tooLong('relation', relation.name, at, dialect))
  if (isLonger(relation.schema, dialect)) diagnostics.push(tooLong('schema', relation.schema, at, dialect))
  if (relation.name === '') {
    diagnostics.push(
      errorDiagnostic('empty-name', 'The name of the relation is empty.', { at, hint: 'Remove `alias`, or give it a name.' }),
    )
  }
  return diagnostics
}

/** A character has three bytes at most. */
function isLonger(name: string, { identifierBytes }: Dialect): boolean {
  return name.length * 3 > identifierBytes && Buffer.byteLength(name) > identifierBytes
}

function tooLong(what: 'relation' | 'schema', name: string, at: Span, { title, identifierBytes }: Dialect): Diagnostic {
  const bytes = Buffer.byteLength(name)
  return errorDiagnostic('name-too-long', `The name of the ${what} \`${name}\` has ${bytes} bytes; ${title} keeps ${identifierBytes}.`, {
    at,
    hint: what === 'relation' ? 'Give it a shorter name: `alias: ...`.' : 'Shorten `schema`, or the `schema_pattern` of the target.',
  })
}
