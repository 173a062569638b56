/**
 * Reads what planners decide from: for all relations of the schemas at once, in one round trip, so that a run of many nodes does not
 * ask for each. One snapshot, so that the answers belong together.
 */
import { WarehouseError } from '../../core/errors.ts'
import { relationKey, relationLabel, type RelationName } from '../../core/relation.ts'
import type {
  Attachment,
  Catalog,
  CatalogColumn,
  CatalogIndex,
  CatalogRelation,
  Dependent,
  Privilege,
  RelationKind,
} from '../../core/catalog.ts'
import type { Row, Session } from '../warehouse.ts'
import { catalogQueries, columnsQuery } from './catalog-queries.ts'

export async function readCatalog(session: Pick<Session, 'run'>, schemas: readonly string[]): Promise<Catalog> {
  return toCatalog(await runUndisturbed(session, catalogQueries(schemas)))
}

/** One relation as it is at this moment; nothing when there is none of that name. */
export async function readRelation(session: Pick<Session, 'run'>, relation: RelationName): Promise<CatalogRelation | undefined> {
  const catalog = toCatalog(await runUndisturbed(session, catalogQueries([relation.schema], relation)))
  return catalog.relations.get(relationKey(relation))
}

/** The columns of one relation, spelled as in the catalog; nothing when there is none of that name. Far less work than all of it. */
export async function readColumns(session: Pick<Session, 'run'>, relation: RelationName): Promise<readonly CatalogColumn[] | undefined> {
  const results = await runUndisturbed(session, columnsQuery(relation))
  const row = results[2]!.rows[0]
  return row && readList(row[0], toColumn)
}

/** Definitions are printed from the newest catalog, not from the snapshot: what was dropped in between fails the whole, which is asked again. */
async function runUndisturbed(session: Pick<Session, 'run'>, sql: string): ReturnType<Session['run']> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await session.run(sql)
    } catch (error) {
      if (!(error instanceof WarehouseError) || error.passing === undefined || attempt === mostAttempts) throw error
      await session.run('rollback')
    }
  }
}

const mostAttempts = 20

function toCatalog(results: Awaited<ReturnType<Session['run']>>): Catalog {
  const [schemaRows, relationRows, dependentRows] = [results[2]!.rows, results[3]!.rows, results[4]!.rows]
  const dependents = groupDependents(dependentRows)
  const relations = new Map<string, CatalogRelation>()
  for (const row of relationRows) {
    const relation = toRelation(row, dependents.get(row[0]!) ?? [])
    relations.set(relationKey(relation), relation)
  }
  const existing = schemaRows.filter((row) => row[1] !== null)
  return {
    user: schemaRows[0]![0]!,
    schemas: new Set(existing.map((row) => row[1]!)),
    defaultGrantees: new Map(existing.map((row) => [row[1]!, readList(row[2], asText)])),
    relations,
  }
}

function toRelation(row: Row, dependents: readonly Dependent[]): CatalogRelation {
  const [id, schema, name, kind, owner, alterable, comment, options, columns, privileges, revoked, indexes, attachments, digest, version] =
    row
  return {
    id: id!,
    schema: schema!,
    name: name!,
    kind: kind as RelationKind,
    owner: owner!,
    alterable: alterable === 't',
    ...(comment != null && { comment }),
    options: readList(options, asText),
    columns: readList(columns, toColumn),
    privileges: readList(privileges, toPrivilege),
    revokedFromOwner: readList(revoked, asText),
    indexes: readList(indexes, toIndex),
    attachments: readList(attachments, toAttachment),
    dependents,
    fingerprint: digest!,
    version: version!,
  }
}

function toColumn([name, type, notNull, comment, collation]: [string, string, boolean, string | null, string | null]): CatalogColumn {
  return { name, type, notNull, ...(comment !== null && { comment }), ...(collation !== null && { collation }) }
}

function toPrivilege([privilege, grantee, grantable, column]: [string, string, boolean, string | null]): Privilege {
  return { privilege: privilege.toLowerCase(), grantee, grantable, ...(column !== null && { column }) }
}

function toIndex([name, columns, unique, primary, method, special]: [string, string[], boolean, boolean, string, boolean]): CatalogIndex {
  return { name, columns, unique, primary, method, special }
}

function toAttachment([kind, name, blocksInserts]: [string, string, boolean]): Attachment {
  return { kind, name, blocksInserts }
}

function groupDependents(rows: readonly Row[]): ReadonlyMap<string, readonly Dependent[]> {
  const groups = new Map<string, Dependent[]>()
  for (const row of rows) groups.set(row[0]!, [...(groups.get(row[0]!) ?? []), toDependent(row)])
  for (const group of groups.values()) group.sort((a, b) => compare(dependentLabel(a), dependentLabel(b)))
  return groups
}

/** Views of one relation are locked in this order by everybody. */
function dependentLabel(dependent: Dependent): string {
  return dependent.kind === 'view' ? `${relationLabel(dependent)}\0${relationKey(dependent)}` : dependent.label
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function toDependent(row: Row): Dependent {
  const [, kind, schema, name, id, owner, alterable, label, options, definition, uses, tolerates, each] = row
  if (kind === 'other') {
    const relation = schema != null && name != null ? { schema, name } : undefined
    return {
      kind,
      id: id!,
      label: label!,
      toleratesRewrite: tolerates === 't',
      checksEachStatement: each === 't',
      ...(relation && { relation }),
    }
  }
  return {
    kind: 'view',
    schema: schema!,
    name: name!,
    id: id!,
    owner: owner!,
    alterable: alterable === 't',
    ...(label != null && { comment: label }),
    options: readList(options, asText),
    definition: definition!.trim().replace(/;$/, ''),
    uses: readList(uses, asText),
  }
}

/** Lists come as JSON that our own query made. */
function readList<T>(json: string | null | undefined, one: (item: never) => T): readonly T[] {
  const items = json == null ? [] : (JSON.parse(json) as readonly never[])
  return items.map((item) => one(item))
}

function asText(item: string): string {
  return item
}
