/** What the kernel is told about a relation to build, whatever it is made of. */
import type { Catalog, CatalogColumn, CatalogRelation } from '../core/catalog.ts'
import type { Droppable } from '../core/droppable.ts'
import type { Design, Index, Swap } from '../core/project.ts'
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Capabilities } from '../warehouses/warehouse.ts'
import type { Stamp } from './aside-names.ts'
import type { PlacedRelation, Plan, Statement } from './plan.ts'

export interface RelationInput {
  readonly relation: RelationName
  readonly description?: string | undefined
  readonly columns: readonly { readonly name: string; readonly description?: string | undefined; readonly encode?: string | undefined }[]
  readonly design?: Design | undefined
  readonly indexes: readonly Index[]
  readonly primaryKey: readonly string[]
  /** Privilege (lower case) to roles. */
  readonly grants: Readonly<Record<string, readonly string[]>>
  /** `in_place`: refused where the rows cannot be written into the table that stands. `rename` when absent. */
  readonly swap?: Swap | undefined
  readonly stamp: Stamp
  readonly runId: string
  readonly catalog: Catalog
  readonly capabilities: Pick<Capabilities, 'indexes' | 'copy'>
  readonly dialect: Dialect
  /** `relationKey` of the relations that this run rebuilds after this one: a column that only they use may vanish. */
  readonly rebuiltLater?: ReadonlySet<string> | undefined
  /** What the user named to be dropped where it stands in the way; what reads another comes first. */
  readonly droppable?: readonly Droppable[] | undefined
  /** The user named this relation to be taken over, whoever built it. */
  readonly adopt?: boolean | undefined
  /** Nothing of what stands is kept for its own sake. */
  readonly fullRefresh?: boolean | undefined
  /** What was learned since the catalog was read; it wins over the catalog. */
  readonly known?: Known | undefined
}

export interface Known {
  /** The relation as it is at this moment; undefined: there is none. */
  readonly existing: CatalogRelation | undefined
  /** What was built aside. */
  readonly built?: BuiltAside | undefined
  /** The server would not replace the view: its columns changed. */
  readonly columnsChanged?: boolean | undefined
  /** Readers kept the locks of a swap from being had: writing in place needs none that they hold. */
  readonly contended?: boolean | undefined
}

export type BuiltAside = Pick<CatalogRelation, 'columns'>

/** What a column has to keep for those who use it: `text collate "C"`. */
export function spellType({ type, collation }: CatalogColumn): string {
  return collation === undefined ? type : `${type} collate ${collation}`
}

/** How the contents come about. */
export interface Build {
  readonly kind: PlacedRelation['kind']
  /** Of a view: what it reads is looked up by name each time. */
  readonly lateBinding?: boolean
  /** Creates it under a name that is free; `options` are those of the view that it stands in for. */
  readonly create: (target: RelationName, options: readonly string[]) => readonly Statement[]
  /** Replaces a view in place, keeping its options. */
  readonly replace?: (target: RelationName, options: readonly string[]) => readonly Statement[]
  /** What no transaction may hold; each by itself, once it is created. */
  readonly complete?: (target: RelationName) => readonly Statement[]
}

export type PlanResult = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly reasons: readonly Refusal[] }

/** Why nothing was replaced; a full sentence, and what to do. */
export interface Refusal {
  /** Permanent, documented in docs/errors.md: `not-ours`. */
  readonly code: 'not-ours' | 'not-owner' | 'swap-refused'
  readonly message: string
  readonly hint: string
}
