/** What a publish says in the words of a warehouse: locks, checks, what is repointed. The order of it all is decided by the planners. */
import type { CatalogRelation, DependentView } from '../core/catalog.ts'
import type { Droppable } from '../core/droppable.ts'
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { PlacedRelation, Statement } from './plan.ts'
import { postgresPublishing } from './postgres-publishing.ts'
import { redshiftPublishing } from './redshift-publishing.ts'

export interface Publishing {
  /** First in a transaction that takes locks of readers: it gives up soon, so that nobody queues behind it. */
  readonly waitBriefly: readonly Statement[]
  /** Definitions that were read from the catalog mean the same here. */
  readonly namesAsRead: readonly Statement[]
  /** Ends the brief waits: from here on statements may take their time. */
  readonly locked: readonly Statement[]
  /** So that nobody reads or writes it until the transaction ends; nothing where there is no such lock. */
  readonly lock: (relation: Pick<CatalogRelation, 'schema' | 'name' | 'owner' | 'kind'>) => readonly Statement[]
  /** The same for what the user named to be dropped. */
  readonly lockDroppable: (one: Droppable) => readonly Statement[]
  /** So that nobody else writes it until the transaction ends. */
  readonly lockWrites: (table: RelationName) => readonly Statement[]
  /** That a relation, and all that a replacement relies on, is as it was read. */
  readonly check: (existing: CatalogRelation) => Statement
  /** Only that it is still the relation of that name, of that kind, with that comment. */
  readonly checkIdentity: (existing: Pick<CatalogRelation, 'id' | 'schema' | 'name' | 'kind' | 'comment'>) => Statement
  /** A row for each column that a swap takes away or retypes; undefined where the columns of what is built aside are read before it. */
  readonly tellColumns: ((existing: CatalogRelation, aside: RelationName) => Statement) | undefined
  readonly rename: (kind: CatalogRelation['kind'], from: RelationName, to: string) => Statement
  readonly setOwner: (kind: CatalogRelation['kind'], relation: RelationName, owner: string) => Statement
  /** One that cannot be renamed is refreshed while its definition stays, and else made again in place of the old. */
  readonly renamesMaterializedViews: boolean
  /** A view that reads what has that name now; options left out would be reset. */
  readonly repoint: (view: DependentView) => Statement
  /** What planners of joins go by; it stays with a table through the swap. */
  readonly analyze: (table: RelationName) => readonly Statement[]
  /** What COMMENT calls it. */
  readonly commentsOn: (kind: PlacedRelation['kind']) => string
  readonly commentsOnViewColumns: boolean
  readonly commentsOnSchemas: boolean
  /** Catalog statements of two sessions at once end in errors. */
  readonly oneAtATime: boolean
  /** What a publish leaves over is dropped once it is done, by a transaction of its own. */
  readonly dropsAfterwards: boolean
}

const publishings: Readonly<Record<Dialect['name'], Publishing>> = { postgres: postgresPublishing, redshift: redshiftPublishing }

export function publishingOf({ name }: Pick<Dialect, 'name'>): Publishing {
  return publishings[name]
}
