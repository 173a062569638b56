/**
 * The publish: everything that makes the new relation the one of that name, in one transaction of catalog statements.
 * Invariants: dependent views are locked before the relation, in one order everywhere; what the plan relied on is checked under those
 * locks; dependent views are re-pointed and so keep identity, owner, grants and comments; nothing is dropped with cascade.
 */
import type { CatalogRelation, DependentView } from '../core/catalog.ts'
import type { Droppable } from '../core/droppable.ts'
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { checkDigest, fingerprintExpression } from '../dialects/postgres-fingerprint.ts'
import { asideName, asideOf } from './aside-names.ts'
import { carriedComments, carriedPrivileges } from './carry-over.ts'
import { dropStatement, lockDroppable } from './droppable.ts'
import { configuredGrants, indexesOf } from './finish.ts'
import { staleCatalog, type Statement } from './plan.ts'
import type { Build, RelationInput } from './relation-input.ts'

export const lockTimeout = `set local lock_timeout = '300ms'`

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
  const { dialect, relation, runId } = input
  const [aside, old] = [asideOf(relation, 'new', runId), asideOf(relation, 'old', runId)]
  const renameTo = (kind: string, from: RelationName, to: string): string =>
    `alter ${kind} ${dialect.relation(from)} rename to ${dialect.quoteIdentifier(to)}`
  return [
    ...openPublish(parts),
    ...drops.map((one) => ({ sql: dropStatement(one) })),
    { sql: tellColumns(existing, aside, dialect), tells: true },
    { sql: renameTo(existing.kind, relation, old.name) },
    ...oldIndexesAway(parts),
    { sql: renameTo(build.kind, aside, relation.name) },
    ...newIndexesIn(parts),
    ...(existing.owner === input.catalog.user
      ? []
      : [{ sql: `alter ${build.kind} ${dialect.relation(relation)} owner to ${dialect.quoteIdentifier(existing.owner)}` }]),
    ...carriedPrivileges(input, relation, existing, parts.columns),
    ...carriedComments(input, existing, parts.columns),
    ...configuredGrants(input, relation, existing.privileges),
    ...repointed.map((view) => ({ sql: repoint(view, dialect) })),
    ...(keepOld ? [] : [{ sql: `drop ${existing.kind} ${dialect.relation(old)}` }]),
  ]
}

/** So that nobody reads or writes it until the transaction ends. */
export function lockRelation(existing: CatalogRelation, dialect: Dialect): string {
  return existing.kind === 'view' ? lockView(existing, existing.owner, dialect) : lockTable(existing, dialect)
}

/** Timeouts, locks in order, and the check that the catalog is as planned. */
function openPublish({ input: { dialect }, existing, repointed, drops }: SwapParts): readonly Statement[] {
  return [
    { sql: lockTimeout },
    { sql: `set local search_path = ''` },
    ...drops.flatMap((one) => lockDroppable(one, dialect)).map((sql) => ({ sql })),
    ...repointed.map((view) => ({ sql: lockView(view, view.owner, dialect) })),
    { sql: lockRelation(existing, dialect) },
    { sql: checkDigest({ expression: fingerprintExpression, id: existing.id, digest: existing.fingerprint, sqlState: staleCatalog }) },
  ]
}

/** A row for each column that the swap takes away or retypes: by a change of the model, or because somebody made it by hand. */
function tellColumns(existing: CatalogRelation, aside: RelationName, dialect: Dialect): string {
  return `select case when b.attname is null then format('The column %s is gone.', a.attname)
    else format('The column %s was %s and is %s.', a.attname, ${spelled('a')}, ${spelled('b')}) end
from pg_attribute a left join pg_attribute b
  on b.attrelid = ${dialect.quoteLiteral(dialect.relation(aside))}::regclass and b.attname = a.attname and b.attnum > 0
where a.attrelid = ${existing.id} and a.attnum > 0 and not a.attisdropped
  and (b.atttypid, b.atttypmod, b.attcollation) is distinct from (a.atttypid, a.atttypmod, a.attcollation)
order by a.attnum`
}

/** `text`, `text collate "C"`. */
function spelled(column: string): string {
  return `concat_ws(' collate ', format_type(${column}.atttypid, ${column}.atttypmod),
      (select nullif(${column}.attcollation, y.typcollation)::regcollation from pg_type y where y.oid = ${column}.atttypid))`
}

/** `lock table` of a view would lock all that it reads as well; this takes the view alone. */
function lockView(view: RelationName, owner: string, dialect: Dialect): string {
  return `alter view ${dialect.relation(view)} owner to ${dialect.quoteIdentifier(owner)}`
}

function lockTable(table: RelationName, dialect: Dialect): string {
  return `lock table ${dialect.relation(table)} in access exclusive mode`
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

/** Options left out would be reset: `security_barrier`, the check option. */
function repoint(view: DependentView, dialect: Dialect): string {
  return `create or replace view ${dialect.relation(view)}${viewOptions(view.options)} as\n${view.definition}`
}

/** ` with (security_barrier=true)`, or nothing. */
export function viewOptions(options: readonly string[]): string {
  return options.length === 0 ? '' : ` with (${options.join(', ')})`
}
