/**
 * The publish where a swap would break or lose something: the rows of the relation built aside, written into the one that stands. What reads
 * it, or stands on it, never notices, and rows stay visible to readers with an older snapshot. Locks that keep readers out come last.
 */
import type { CatalogIndex, CatalogRelation } from '../core/catalog.ts'
import { asideName, asideOf, primaryKeyName } from './aside-names.ts'
import { comments, configuredGrants, createIndexes } from './finish.ts'
import { isOurs } from './own-index.ts'
import type { Statement } from './plan.ts'
import { publishingOf } from './publishing.ts'
import type { RelationInput } from './relation-input.ts'
import type { SwapParts } from './swap.ts'

export function inPlaceStatements(
  parts: Pick<SwapParts, 'input' | 'build' | 'existing'> & {
    /** In one statement, at whose end a foreign key finds its rows again. */
    readonly atOnce: boolean
  },
): readonly Statement[] {
  const { input, build, existing, atOnce } = parts
  const { dialect, relation } = input
  const { waitBriefly, namesAsRead, lockWrites, locked, check, dropsAfterwards } = publishingOf(dialect)
  const [target, aside] = [dialect.relation(relation), dialect.relation(asideOf(input, 'new'))]
  const names = existing.columns.map((column) => dialect.quoteIdentifier(column.name)).join(', ')
  const into = names === '' ? target : `${target} (${names})`
  const write = atOnce
    ? [
        `with gone as (delete from ${target} returning 1)\ninsert into ${into} select ${names} from ${aside} where (select count(*) from gone) >= 0`,
      ]
    : [`delete from ${target}`, `insert into ${into} select ${names} from ${aside}`]
  return [
    ...waitBriefly,
    ...namesAsRead,
    ...lockWrites(relation),
    ...locked,
    check(existing),
    ...write.map((sql) => ({ sql })),
    ...comments(input, build, relation),
    ...configuredGrants(input, relation, existing.privileges),
    ...(dropsAfterwards ? [] : [{ sql: `drop table ${aside}` }]),
    ...(input.capabilities.indexes ? changeIndexes(input, existing) : []),
  ]
}

/** What the configuration asks for and the table lacks, and the other way round. Last, and what is built before what is changed: those locks keep readers out. */
function changeIndexes(input: RelationInput, existing: CatalogRelation): readonly Statement[] {
  const { relation } = input
  const wanted = createIndexes(input, relation, false)
  const stays = (index: CatalogIndex): boolean =>
    !isOurs(relation.name, index) ||
    (wanted.has(index.name) && (!index.primary || index.columns.join('\n') === input.primaryKey.join('\n')))
  const kept = existing.indexes.filter(stays)
  const has = new Set(kept.map(({ name, primary }) => (primary ? primaryKeyName(relation.name) : name)))
  const missing = [...wanted].filter(([name]) => !has.has(name))
  const key = primaryKeyName(relation.name)
  const built = missing.map(([name, statement]) => (name === key ? keyIndex(input) : statement))
  return [
    ...built,
    ...existing.indexes.filter((index) => !stays(index)).flatMap((index) => dropIndex(index, input)),
    ...(missing.some(([name]) => name === key) ? [keyFromIndex(input)] : []),
  ]
}

/** Built while readers read; to make it the primary key is a matter of the catalog, and of looking for nulls. */
function keyIndex({ dialect, relation, runId, primaryKey }: RelationInput): Statement {
  const name = dialect.quoteIdentifier(asideName(primaryKeyName(relation.name), 'new', runId))
  return { sql: `create unique index ${name} on ${dialect.relation(relation)} (${primaryKey.map(dialect.quoteIdentifier).join(', ')})` }
}

function keyFromIndex({ dialect, relation, runId }: RelationInput): Statement {
  const key = primaryKeyName(relation.name)
  const [name, built] = [key, asideName(key, 'new', runId)].map(dialect.quoteIdentifier)
  return { sql: `alter table ${dialect.relation(relation)} add constraint ${name} primary key using index ${built}` }
}

/** The columns of a primary key that goes stay not null, unless told. */
function dropIndex({ name, primary, columns }: CatalogIndex, { dialect, relation }: RelationInput): readonly Statement[] {
  if (!primary) return [{ sql: `drop index ${dialect.relation({ schema: relation.schema, name })}` }]
  const table = `alter table ${dialect.relation(relation)}`
  return [
    { sql: `${table} drop constraint ${dialect.quoteIdentifier(name)}` },
    ...columns.map((column) => ({ sql: `${table} alter column ${dialect.quoteIdentifier(column)} drop not null` })),
  ]
}
