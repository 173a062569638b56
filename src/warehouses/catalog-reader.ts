/** What can be looked up in a warehouse's own catalog. Each warehouse answers by queries of its own; what decides by the answers knows none of them. */
import type { Catalog, CatalogColumn, CatalogRelation } from '../core/catalog.ts'
import type { RelationName } from '../core/relation.ts'

/** Reads on one session, outside a transaction. Each throws WarehouseError. */
export interface CatalogReader {
  /** What planners decide from: all relations of the schemas at once, in one round trip. */
  readonly read: (schemas: readonly string[]) => Promise<Catalog>
  /** One relation as it is at this moment; nothing when there is none of that name. */
  readonly relation: (relation: RelationName) => Promise<CatalogRelation | undefined>
  /** The columns of one relation, spelled as in the catalog; nothing when there is none of that name. Far less work than all of it. */
  readonly columns: (relation: RelationName) => Promise<readonly CatalogColumn[] | undefined>
  /** The columns of one relation, and how their values can be compared; nothing when there is none of that name. */
  readonly comparable: (relation: RelationName) => Promise<readonly ComparableColumn[] | undefined>
  /** Of the relations of sources: whether each is there, whether this role may read it, and its columns. */
  readonly sources: (relations: readonly RelationName[]) => Promise<SourceCatalog>
  /** Everything in one schema that rows can be read from. */
  readonly schema: (schema: string) => Promise<SchemaContents>
  /** Keys (`relationKey`) of the relations that exist, whoever may read them. */
  readonly standing: (relations: readonly RelationName[]) => Promise<ReadonlySet<string>>
  /** Whether each of the schemas is there, and this role may build in it; by name. */
  readonly buildSchemas: (schemas: readonly string[]) => Promise<readonly BuildSchema[]>
  /** All schemas of people, by name. `stamp`: how the last line of a comment begins on what is looked for. */
  readonly stampedSchemas: (stamp: string) => Promise<readonly StampedSchema[]>
  /** Labels of all that stands in a schema: `table field.turf`. */
  readonly inSchema: (schema: string) => Promise<readonly string[]>
  /** What a role may read. `names`: unqualified ones, looked up in every schema. What does not exist is not in the answer. */
  readonly access: (relations: readonly RelationName[], names: readonly string[]) => Promise<readonly Access[]>
  /** Every object of one of the names: `schema.name`, with or without quotes, and the arguments of a function where it has several versions. */
  readonly named: (names: readonly string[]) => Promise<readonly NamedObject[]>
  /** `process 4711 (psql, role ana, idle in transaction) on analytics.supporters`: one for each other session and relation that it has locked. */
  readonly blockers: (relations: readonly RelationName[]) => Promise<readonly string[]>
  /** Names of what `named` finds and can be dropped: for a hint. */
  readonly droppableNames: () => Promise<readonly string[]>
}

export interface ComparableColumn {
  readonly name: string
  /** As `format_type` spells it. */
  readonly type: string
  /** Identity of the type, whatever its length or precision. */
  readonly typeId: string
  /** Values of it can be compared by `=`. */
  readonly hasEquality: boolean
  readonly isNumber: boolean
  readonly isCollatable: boolean
}

export interface SourceCatalog {
  /** The role that asks. */
  readonly user: string
  /** By `relationKey`; an entry for each relation that was asked for. */
  readonly found: ReadonlyMap<string, FoundSource>
}

export interface FoundSource {
  readonly schemaExists: boolean
  readonly mayUseSchema: boolean
  /** Undefined: there is none. */
  readonly relation: FoundRelation | undefined
  /** Where there is none: what else the schema holds. */
  readonly others: readonly string[]
}

export interface FoundRelation {
  /** All of it, or at least one of its columns. */
  readonly mayRead: boolean
  readonly comment: string | undefined
  readonly columns: readonly FoundColumn[]
}

export interface FoundColumn {
  readonly name: string
  /** `format_type` under an empty search path: types of other schemas are qualified. */
  readonly type: string
}

/** A relation that exists, or one that a view below it reads in the name of the view's owner. */
export interface Access {
  readonly relation: RelationName
  /** Of the relation. */
  readonly owner: string
  readonly schemaOwner: string
  /** Who reads it: the role of the session, or the owner of a view. */
  readonly reader: string
  /** The view through which it is read; absent where it is read directly. */
  readonly through?: RelationName
  readonly mayUseSchema: boolean
  readonly maySelect: boolean
  /** Found by an unqualified name. */
  readonly visible: boolean
}

export interface SchemaContents {
  /** The role that asks. */
  readonly user: string
  readonly exists: boolean
  readonly mayUse: boolean
  /** By name; without partitions, and without what extensions brought. */
  readonly tables: readonly SchemaTable[]
  /** Where it does not exist: the schemas that there are. */
  readonly schemas: readonly string[]
}

export interface SchemaTable {
  readonly name: string
  readonly comment: string | undefined
  readonly mayRead: boolean
  readonly columns: readonly SchemaColumn[]
}

export interface SchemaColumn {
  readonly name: string
  /** `format_type` under an empty search path. */
  readonly type: string
  readonly comment: string | undefined
}

export interface BuildSchema {
  readonly name: string
  /** Undefined: there is none. */
  readonly standing: { readonly mayBuild: boolean; readonly owner: string } | undefined
}

export interface StampedSchema {
  readonly name: string
  readonly comment: string | undefined
  readonly holdsStamps: boolean
}

export interface NamedObject {
  /** As it was named. */
  readonly name: string
  /** `pg_class:16412` */
  readonly id: string
  /** `view`, `materialized view`, `routine`; anything else cannot be dropped by name. */
  readonly kind: string
  /** `materialized view public.totals` */
  readonly label: string
  /** Quoted, as a statement names it; a function with its arguments. */
  readonly spelled: string
  readonly owner: string
  /** What reads it directly; triggers, indexes and rules of its own go with it. */
  readonly readers: readonly { readonly id: string; readonly label: string }[]
}
