/** Rows of `factsQuery`, by the names of what is in them. */
import type { CatalogColumn, RelationKind } from '../../core/catalog.ts'
import type { Row } from '../warehouse.ts'

/** A column of a relation, or a relation without any, or a view that reads it (`id` is another than `target`). */
export interface Fact {
  readonly target: string
  readonly id: string
  readonly schema: string
  readonly name: string
  readonly relkind: string
  readonly owner: string
  readonly acl: string | null
  readonly comment: string | null
  /** Its number in the relation. */
  readonly place: string | null
  readonly column: CatalogColumn | undefined
  readonly definition: string | null
}

export function toFact(row: Row): Fact {
  const [target, id, schema, name, relkind, owner, acl, comment, place, column, type, notNull, , columnComment, definition] = row
  return {
    target: target!,
    id: id!,
    schema: schema!,
    name: name!,
    relkind: relkind!,
    owner: owner!,
    acl: acl ?? null,
    comment: comment ?? null,
    place: place ?? null,
    column:
      column == null
        ? undefined
        : { name: column, type: type!, notNull: notNull === 't', ...(columnComment != null && { comment: columnComment }) },
    definition: definition ?? null,
  }
}

/** The definition of one that is bound is its query, of another the whole statement. */
export function isLateBinding({ definition }: Pick<Fact, 'definition'>): boolean {
  return definition !== null && /\bwith\s+no\s+schema\s+binding\s*;?\s*$/i.test(definition)
}

export function kindOf({ relkind, definition }: Pick<Fact, 'relkind' | 'definition'>): RelationKind {
  if (relkind === 'm' || (definition !== null && /^\s*create\s+materialized\s+view\b/i.test(definition))) return 'materialized view'
  return kinds[relkind] ?? 'other'
}

const kinds: Readonly<Record<string, RelationKind>> = { r: 'table', v: 'view' }
