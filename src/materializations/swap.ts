/**
 * The publish: everything that makes the new relation the one of that name, in one transaction of catalog statements.
 * Invariants: dependent views are locked before the relation, in one order everywhere; what the plan relied on is checked under those
 * locks; dependent views are re-pointed and so keep identity, owner, grants and comments; nothing is dropped with cascade.
 */
import type { CatalogRelation, DependentView } from '../core/catalog.ts'
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Droppable } from '../core/droppable.ts'
import { asideName, asideOf } from './aside-names.ts'
import { carriedComments, carriedPrivileges } from './carry-over.ts'
import { dropStatement } from './droppable.ts'
import { configuredGrants, indexesOf } from './finish.ts'
import type { Statement } from './plan.ts'
import { publishingOf } from './publishing.ts'
import type { Build, RelationInput } from './relation-input.ts'

export interface SwapParts {
  readonly input: RelationInput
  readonly build: Build
  readonly existing: CatalogRelation
  readonly columns: ReadonlySet<string>
  readonly repointed: readonly DependentView[]
  /** Dependents that the user named to be lost. */
  readonly drops: readonly Droppable[]
  /** Children stay on the old relation until their own turn. */
  readonly keepOld: boolean
}

export function swapStatements(parts: SwapParts): readonly Statement[] {
  const { input, build, existing, repointed, drops, keepOld } = parts
  const { dialect, relation } = input
  const { rename, setOwner, repoint, tellColumns, dropsAfterwards } = publishingOf(dialect)
  const [aside, old] = [asideOf(input, 'new'), asideOf(input, 'old')]
  return [
    ...openPublish(parts),
    ...drops.map((one) => ({ sql: dropStatement(one) })),
    ...(tellColumns ? [tellColumns(existing, aside)] : []),
    moveAway(existing, old, dialect),
    ...oldIndexesAway(parts),
    rename(build.kind, aside, relation.name),
    ...newIndexesIn(parts),
    ...(existing.owner === input.catalog.user ? [] : [setOwner(build.kind, relation, existing.owner)]),
    ...carriedPrivileges(input, relation, existing, parts.columns),
    ...carriedComments(input, existing, parts.columns),
    ...configuredGrants(input, relation, existing.privileges),
    ...repointed.map(repoint),
    ...(keepOld || dropsAfterwards ? [] : [{ sql: `drop ${existing.kind} ${dialect.relation(old)}` }]),
  ]
}

/** What has the name now leaves it. */
export function moveAway(existing: CatalogRelation, old: RelationName, dialect: Dialect): Statement {
  const { rename, renamesMaterializedViews } = publishingOf(dialect)
  if (existing.kind !== 'materialized view' || renamesMaterializedViews) return rename(existing.kind, existing, old.name)
  return { sql: `drop materialized view ${dialect.relation(existing)}`, waits: true }
}

/** Brief waits, locks in order, and the check that the catalog is as planned. */
function openPublish({ input: { dialect }, existing, repointed, drops }: SwapParts): readonly Statement[] {
  const { waitBriefly, namesAsRead, lockDroppable, lock, locked, check } = publishingOf(dialect)
  return [
    ...waitBriefly,
    ...namesAsRead,
    ...drops.flatMap(lockDroppable),
    ...repointed.flatMap(lock),
    ...lock(existing),
    ...locked,
    check(existing),
  ]
}

function oldIndexesAway({ input, existing, build }: SwapParts): readonly Statement[] {
  const wanted = new Set(indexesOf(input, build).map((index) => index.name))
  return existing.indexes
    .filter((index) => wanted.has(index.name))
    .map((index) => ({ sql: renameIndex(input, index.name, asideName(index.name, 'old', input.runId)) }))
}

function newIndexesIn({ input, build }: SwapParts): readonly Statement[] {
  return indexesOf(input, build).map((index) => ({ sql: renameIndex(input, index.builtAs, index.name) }))
}

function renameIndex({ dialect, relation }: RelationInput, from: string, to: string): string {
  return `alter index ${dialect.relation({ schema: relation.schema, name: from })} rename to ${dialect.quoteIdentifier(to)}`
}
