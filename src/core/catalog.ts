/**
 * What a warehouse holds, as read in a few queries at the start of a run. Planners decide from it alone.
 */
import type { RelationName } from './relation.ts'

export type RelationKind = 'table' | 'view' | 'materialized view' | 'foreign table' | 'partitioned table' | 'sequence' | 'other'

export interface CatalogColumn {
  readonly name: string
  /** Postgres's `format_type` spelling. */
  readonly type: string
  readonly notNull: boolean
  readonly comment?: string
}

export interface CatalogRelation extends RelationName {
  /** Identity in the warehouse: Postgres's oid. */
  readonly id: string
  readonly kind: RelationKind
  readonly owner: string
  readonly comment?: string
  readonly columns: readonly CatalogColumn[]
}

export interface Catalog {
  readonly schemas: ReadonlySet<string>
  /** By `relationKey`. */
  readonly relations: ReadonlyMap<string, CatalogRelation>
  /** The role that reads it. */
  readonly user: string
}
