/**
 * Publishing on Redshift. It has no block that fails on a condition, so the runner compares what a check finds; no timeout of locks, so that of statements
 * stands in. A drop waits for every reader of the old relation, so it comes in a transaction of its own.
 * What it follows: "LOCK", "SET", "ALTER TABLE" and "CREATE VIEW" of the Amazon Redshift Database Developer Guide.
 */
import type { CatalogRelation } from '../core/catalog.ts'
import type { RelationName } from '../core/relation.ts'
import { catalogPath, digestRows, fingerprintQuery, identityQuery } from '../dialects/redshift-fingerprint.ts'
import { redshiftDialect } from '../dialects/redshift.ts'
import type { Statement } from './plan.ts'
import type { Publishing } from './publishing.ts'

const { relation: spell, quoteIdentifier } = redshiftDialect

export const redshiftPublishing: Publishing = {
  waitBriefly: [{ sql: 'set local statement_timeout to 2000' }],
  namesAsRead: [{ sql: catalogPath }],
  locked: [{ sql: 'set local statement_timeout to default' }],
  lock: (relation) => (relation.kind === 'materialized view' ? [] : [relation.kind === 'view' ? lockView(relation) : lockTable(relation)]),
  lockDroppable: () => [],
  lockWrites: () => [], // who writes at the same time ends in a serialization error, and readers are not kept waiting
  check: ({ id, fingerprint }) => ({ sql: fingerprintQuery(id), expects: fingerprint }),
  checkIdentity: ({ id, schema, name, kind, comment }) => ({
    sql: identityQuery(id),
    expects: digestRows([[schema, name, kind === 'table' ? 'r' : 'v', comment ?? null]]),
  }),
  tellColumns: undefined,
  rename: (_kind, from, to) => ({ sql: `alter table ${spell(from)} rename to ${quoteIdentifier(to)}` }),
  setOwner: (_kind, relation, owner) => setOwner(relation, owner),
  renamesMaterializedViews: false,
  repoint: (view) => ({ sql: `create or replace view ${spell(view)} as\n${view.definition}` }),
  analyze: () => [],
  commentsOn: (kind) => (kind === 'table' ? 'table' : 'view'),
  commentsOnViewColumns: false,
  commentsOnSchemas: false,
  oneAtATime: true,
  dropsAfterwards: true,
}

function lockTable(table: RelationName): Statement {
  return { sql: `lock table ${spell(table)}`, waits: true }
}

/** LOCK takes no view; this locks it before what it reads, as whoever reads it does. */
function lockView(view: Pick<CatalogRelation, 'schema' | 'name' | 'owner'>): Statement {
  return { ...setOwner(view, view.owner), waits: true }
}

function setOwner(relation: RelationName, owner: string): Statement {
  return { sql: `alter table ${spell(relation)} owner to ${quoteIdentifier(owner)}` }
}
