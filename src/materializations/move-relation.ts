/**
 * A relation under a new name, and a view that stands in for it under the old one: one transaction, so that readers of either name never miss it.
 * What depends on it follows by identity; privileges, indexes and comments stay. The stand-in grants no more than SELECT, to whom the relation did. Pure.
 */
import type { Catalog, CatalogRelation } from '../core/catalog.ts'
import { relationLabel, type RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { indexName, primaryKeyName, readStamp, stampedComment, stampLine, type Stamp } from './aside-names.ts'
import { carriedPrivileges } from './carry-over.ts'
import { isOurs } from './own-index.ts'
import type { PlacedRelation, Plan, Statement } from './plan.ts'
import { publishingOf } from './publishing.ts'
import { viewBuild } from './view.ts'

export interface MoveInput {
  /** Under its old name. */
  readonly existing: CatalogRelation
  readonly relation: RelationName
  readonly stamp: Stamp
  /** Last day of the stand-in; undefined: there is none. */
  readonly until: string | undefined
  /** The view that stands under the new name, left by a rename the other way. */
  readonly inTheWay: RelationName | undefined
  readonly catalog: Catalog
  readonly dialect: Dialect
}

export function planMove(input: MoveInput): Plan {
  const { existing, relation, until } = input
  return {
    action: `rename ${existing.kind}`,
    relation,
    phases: [{ name: 'publish', transaction: true, statements: moveStatements(input) }],
    notes: [
      `${relationLabel(existing)} was renamed to ${relationLabel(relation)}, with its privileges${
        until === undefined ? '.' : `; a view under the old name reads it until ${until}.`
      }`,
    ],
    awaitsColumns: false,
    takesTurns: true,
    locks: [existing],
  }
}

function moveStatements(input: MoveInput): readonly Statement[] {
  const { existing, relation, stamp, until, inTheWay, dialect } = input
  const { waitBriefly, namesAsRead, lock, locked, check, rename, commentsOn } = publishingOf(dialect)
  const target = dialect.relation(relation)
  const ownIndexes = existing.indexes.filter((index) => isOurs(existing.name, index))
  return [
    ...waitBriefly,
    ...namesAsRead,
    ...lock(existing),
    ...locked,
    check(existing),
    ...(inTheWay ? [{ sql: `drop view ${dialect.relation(inTheWay)}` }] : []),
    rename(existing.kind, existing, relation.name),
    ...ownIndexes.map(({ name, primary, columns, unique, method }) => {
      const to = primary ? primaryKeyName(relation.name) : indexName(relation.name, { columns, unique, method })
      return { sql: `alter index ${dialect.relation({ schema: relation.schema, name })} rename to ${dialect.quoteIdentifier(to)}` }
    }),
    {
      sql: `comment on ${commentsOn(existing.kind as PlacedRelation['kind'])} ${target} is ${dialect.quoteLiteral(restamped(existing.comment, stamp))}`,
    },
    ...(until === undefined ? [] : standIn(input, until)),
  ]
}

function restamped(comment: string | undefined, stamp: Stamp): string {
  const old = readStamp(comment)
  return stampedComment(comment?.trimEnd().slice(0, old ? -stampLine(old).length : undefined), stamp)
}

function standIn(input: MoveInput, until: string): readonly Statement[] {
  const { existing, relation, stamp, catalog, dialect } = input
  const view = dialect.relation(existing)
  const privileges = existing.privileges.filter(({ privilege }) => privilege === 'select')
  const columns = new Set(existing.columns.map(({ name }) => name))
  const comment = stampedComment(standInDescription(relation, until), standInStamp(stamp))
  return [
    ...viewBuild(standInSql(relation, dialect), { dialect }).create(existing, asReader(existing) ? ['security_invoker=true'] : []),
    ...(existing.owner === catalog.user ? [] : [publishingOf(dialect).setOwner('view', existing, existing.owner)]),
    ...carriedPrivileges({ dialect, catalog, relation }, existing, { privileges, revokedFromOwner: [], owner: existing.owner }, columns),
    { sql: `comment on view ${view} is ${dialect.quoteLiteral(comment)}` },
  ]
}

/** Who reads decides which rows there are: a view that reads as its owner would show them all. */
function asReader({ attachments, options }: CatalogRelation): boolean {
  return (
    attachments.some(({ kind }) => kind === 'policy' || kind === 'row-level security') ||
    options.some((one) => /^security_invoker=(?:true|on|1)$/i.test(one))
  )
}

export function standInSql(relation: RelationName, dialect: Dialect): string {
  return `select * from ${dialect.relation(relation)}`
}

export function standInDescription(relation: RelationName, until: string): string {
  return `Stands in for ${relationLabel(relation)} until ${until}: read that instead.`
}

export function standInStamp({ project, node }: Stamp): Stamp {
  return { project, node: `renamed:${node}` }
}

export function isStandIn(relation: CatalogRelation | undefined, project: string): boolean {
  const stamp = readStamp(relation?.comment)
  return relation?.kind === 'view' && stamp?.project === project && stamp.node.startsWith('renamed:')
}
