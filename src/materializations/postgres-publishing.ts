/**
 * Publishing on Postgres. A transaction is one round trip: what the plan relied on is checked inside it by a block that fails. Dependent views are
 * locked before the relation, in one order everywhere.
 */
import { createHash } from 'node:crypto'
import type { CatalogRelation } from '../core/catalog.ts'
import type { RelationName } from '../core/relation.ts'
import { checkDigest, fingerprintExpression, identityExpression } from '../dialects/postgres-fingerprint.ts'
import { postgresDialect } from '../dialects/postgres.ts'
import { staleCatalog, type Statement } from './plan.ts'
import type { Publishing } from './publishing.ts'
import { viewOptions } from './view-options.ts'

const { relation: spell, quoteIdentifier, quoteLiteral } = postgresDialect

export const postgresPublishing: Publishing = {
  waitBriefly: [{ sql: `set local lock_timeout = '300ms'` }],
  namesAsRead: [{ sql: `set local search_path = ''` }],
  locked: [],
  lock: (relation) =>
    relation.kind === 'table'
      ? [{ sql: `lock table ${spell(relation)} in access exclusive mode` }]
      : [setOwner(relation.kind, relation, relation.owner)],
  lockDroppable: ({ kind, spelled, owner }) =>
    kind === 'routine' ? [] : [{ sql: `alter ${kind} ${spelled} owner to ${quoteIdentifier(owner)}` }],
  lockWrites: (table) => [{ sql: 'set local row_security = off' }, { sql: `lock table ${spell(table)} in share row exclusive mode` }],
  check: ({ id, fingerprint }) => ({
    sql: checkDigest({ expression: fingerprintExpression, id, digest: fingerprint, sqlState: staleCatalog }),
  }),
  checkIdentity: ({ id, schema, name, kind, comment }) => {
    const digest = createHash('md5').update([schema, name, relkinds[kind], comment].join('\n')).digest('hex')
    return { sql: checkDigest({ expression: identityExpression, id, digest, sqlState: staleCatalog }) }
  },
  tellColumns: (existing, aside) => ({ sql: tellColumns(existing, aside), tells: true }),
  rename: (kind, from, to) => ({ sql: `alter ${kind} ${spell(from)} rename to ${quoteIdentifier(to)}` }),
  setOwner,
  renamesMaterializedViews: true,
  repoint: (view) => ({ sql: `create or replace view ${spell(view)}${viewOptions(view.options)} as\n${view.definition}` }),
  analyze: (table) => [{ sql: analyze(table) }],
  commentsOn: (kind) => kind,
  commentsOnViewColumns: true,
  commentsOnSchemas: true,
  oneAtATime: false,
  dropsAfterwards: false,
}

const relkinds: Readonly<Partial<Record<CatalogRelation['kind'], string>>> = { table: 'r', view: 'v', 'materialized view': 'm' }

/** As a lock: `lock table` of a view would lock all that it reads as well; this takes the view alone. */
function setOwner(kind: CatalogRelation['kind'], relation: RelationName, owner: string): Statement {
  return { sql: `alter ${kind} ${spell(relation)} owner to ${quoteIdentifier(owner)}` }
}

/** By a change of the model, or because somebody made the column by hand. */
function tellColumns(existing: CatalogRelation, aside: RelationName): string {
  return `select case when b.attname is null then format('The column %s is gone.', a.attname)
    else format('The column %s was %s and is %s.', a.attname, ${spelled('a')}, ${spelled('b')}) end
from pg_attribute a left join pg_attribute b
  on b.attrelid = ${quoteLiteral(spell(aside))}::regclass and b.attname = a.attname and b.attnum > 0
where a.attrelid = ${existing.id} and a.attnum > 0 and not a.attisdropped
  and (b.atttypid, b.atttypmod, b.attcollation) is distinct from (a.atttypid, a.atttypmod, a.attcollation)
order by a.attnum`
}

/** `text`, `text collate "C"`. */
function spelled(column: string): string {
  return `concat_ws(' collate ', format_type(${column}.atttypid, ${column}.atttypmod),
      (select nullif(${column}.attcollation, y.typcollation)::regcollation from pg_type y where y.oid = ${column}.atttypid))`
}

/** Bytes below which a table is not worth the 3 ms that it costs. */
const smallestAnalyzed = 256 * 1024

/**
 * The next model may be planned before the server has looked at the table by itself; an embedded one never does. Without statistics a join of two tables
 * of 1,000,000 rows was expected to have 1,000 times its rows. Takes 0.2 to 0.5 s there.
 */
function analyze(table: RelationName): string {
  const name = spell(table)
  return `do $analyze$
begin
  if pg_relation_size(${quoteLiteral(name)}) > ${smallestAnalyzed} then
    analyze ${name};
  end if;
end
$analyze$`
}
