/**
 * What a warehouse holds, as read in a few queries at the start of a run. Planners decide from it alone; what they relied on is
 * in a relation's fingerprint, which a swap checks again under its locks.
 */
import type { RelationName } from './relation.ts'

export type RelationKind = 'table' | 'view' | 'materialized view' | 'foreign table' | 'partitioned table' | 'sequence' | 'other'

export interface CatalogColumn {
  readonly name: string
  /** Postgres's `format_type` spelling. */
  readonly type: string
  readonly notNull: boolean
  /** Where it is another than that of the type. */
  readonly collation?: string
  readonly comment?: string
}

export interface CatalogRelation extends RelationName {
  /** Identity in the warehouse: Postgres's oid. */
  readonly id: string
  readonly kind: RelationKind
  readonly owner: string
  /** The role that reads the catalog may alter it: it is the owner, a member of it, or a superuser. */
  readonly alterable: boolean
  readonly comment?: string
  /** A view that looks what it reads up by name each time; it depends on nothing. */
  readonly lateBinding?: boolean
  readonly columns: readonly CatalogColumn[]
  /** Options as the catalog spells them: `security_barrier=true`. */
  readonly options: readonly string[]
  readonly privileges: readonly Privilege[]
  /** What the owner would have by default and has given up. */
  readonly revokedFromOwner: readonly string[]
  readonly indexes: readonly CatalogIndex[]
  /** What stands on it and would be lost with it. */
  readonly attachments: readonly Attachment[]
  readonly dependents: readonly Dependent[]
  /** A digest of everything above that a replacement relies on, of dependents too. */
  readonly fingerprint: string
  /** Differs after every publish, also one that changes nothing else. */
  readonly version: string
}

/** A privilege of a role (`public`: everybody), on the relation or one column. */
export interface Privilege {
  readonly privilege: string
  readonly grantee: string
  readonly grantable: boolean
  readonly column?: string
}

export interface CatalogIndex {
  readonly name: string
  readonly columns: readonly string[]
  readonly unique: boolean
  readonly primary: boolean
  readonly method: string
  /** A predicate, an expression, an order, included columns, options, a constraint other than a primary key. */
  readonly special: boolean
}

/** `blocksInserts`: rows cannot be written to it as they are, either. */
export interface Attachment {
  /** `trigger`, `policy`, `row-level security`. */
  readonly kind: string
  readonly name: string
  readonly blocksInserts: boolean
}

/** Something elsewhere that reads or refers to a relation, directly. */
export type Dependent = DependentView | OtherDependent

export interface DependentView extends RelationName {
  readonly kind: 'view'
  readonly id: string
  readonly owner: string
  readonly alterable: boolean
  readonly comment?: string
  readonly options: readonly string[]
  /** One SELECT, every name in it qualified, no trailing `;`. */
  readonly definition: string
  /** The columns of the relation that it uses. */
  readonly uses: readonly string[]
}

export interface OtherDependent {
  readonly kind: 'other'
  /** Identity in the warehouse, with the catalog that it is of: `pg_proc:16412`. */
  readonly id: string
  /** Of a materialized view. */
  readonly relation?: RelationName
  /** For people: `materialized view public.totals`, `foreign key pledges_supporter_fkey on table public.pledges`. */
  readonly label: string
  /** Rows may be deleted and inserted in one statement without harm to it. */
  readonly toleratesRewrite: boolean
  /** Deleting and inserting must be one statement: its check comes at the end of each. */
  readonly checksEachStatement: boolean
}

export interface Catalog {
  readonly schemas: ReadonlySet<string>
  /** By `relationKey`. */
  readonly relations: ReadonlyMap<string, CatalogRelation>
  /** The role that reads it. */
  readonly user: string
  /** Roles to which the user's new relations in a schema are granted something by default; by schema. */
  readonly defaultGrantees: ReadonlyMap<string, readonly string[]>
}
