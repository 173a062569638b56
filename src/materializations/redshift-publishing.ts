/**
 * Publishing on Redshift. It has no block that fails on a condition, so the runner compares what a check finds; no timeout of locks, so that of statements
 * stands in; and no lock of a view. A drop waits for every reader of the old relation, so it comes in a transaction of its own.
 * What it follows: "LOCK", "SET", "ALTER TABLE" and "CREATE VIEW" of the Amazon Redshift Database Developer Guide.
 */
import { catalogPath, digestRows, fingerprintQuery, identityQuery } from '../dialects/redshift-fingerprint.ts'
import { redshiftDialect } from '../dialects/redshift.ts'
import type { Publishing } from './publishing.ts'

const { relation: spell, quoteIdentifier } = redshiftDialect

export const redshiftPublishing: Publishing = {
  waitBriefly: [{ sql: 'set local statement_timeout to 2000' }],
  namesAsRead: [{ sql: catalogPath }],
  locked: [{ sql: 'set local statement_timeout to default' }],
  lock: (relation) => (relation.kind === 'table' ? [{ sql: `lock table ${spell(relation)}`, waits: true }] : []),
  lockDroppable: () => [],
  lockWrites: () => [], // who writes at the same time ends in a serialization error, and readers are not kept waiting
  check: ({ id, fingerprint }) => ({ sql: fingerprintQuery(id), expects: fingerprint }),
  checkIdentity: ({ id, schema, name, kind, comment }) => ({
    sql: identityQuery(id),
    expects: digestRows([[schema, name, kind === 'table' ? 'r' : 'v', comment ?? null]]),
  }),
  tellColumns: undefined,
  rename: (_kind, from, to) => ({ sql: `alter table ${spell(from)} rename to ${quoteIdentifier(to)}` }),
  setOwner: (_kind, relation, owner) => ({ sql: `alter table ${spell(relation)} owner to ${quoteIdentifier(owner)}` }),
  renamesMaterializedViews: false,
  repoint: (view) => ({ sql: `create or replace view ${spell(view)} as\n${view.definition}` }),
  analyze: () => [],
  commentsOn: (kind) => (kind === 'table' ? 'table' : 'view'),
  commentsOnViewColumns: false,
  commentsOnSchemas: false,
  oneAtATime: true,
  dropsAfterwards: true,
}
