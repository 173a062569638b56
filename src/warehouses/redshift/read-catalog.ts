/**
 * Reads what planners decide from: for all relations of the schemas at once, or for one, in one round trip; a second one asks for the columns of late-binding views,
 * where there are any. Late-binding views depend on nothing, as far as Redshift knows: what reads a relation through one is not in the answer.
 */
import type { Attachment, Catalog, CatalogColumn, CatalogRelation, Dependent, Privilege } from '../../core/catalog.ts'
import { WarehouseError } from '../../core/errors.ts'
import { relationKey, relationLabel, type RelationName } from '../../core/relation.ts'
import { digestRows } from '../../dialects/redshift-fingerprint.ts'
import type { Row, Session } from '../warehouse.ts'
import { granteeOf, readAcl, sortPrivileges } from './acl.ts'
import { type Fact, isLateBinding, kindOf, toFact } from './catalog-facts.ts'
import {
  columnPrivilegesQuery,
  constraintsQuery,
  defaultsQuery,
  inTransaction,
  lateColumnsQuery,
  maskingPoliciesQuery,
  relationsQuery,
  rolePrivilegesQuery,
  rowPoliciesQuery,
  schemasQuery,
  type Scope,
  scopeOf,
  usesQuery,
} from './catalog-queries.ts'

type Running = Pick<Session, 'run'>

export interface CatalogOptions {
  /** The user may read which policies there are. */
  readonly seesPolicies: boolean
}

export async function readCatalog(session: Running, scope: Scope, { seesPolicies }: CatalogOptions): Promise<Catalog> {
  const [schemas = [], facts = [], uses = [], constraints = [], defaults = [], roles = [], columns = [], masking = [], policies = []] =
    await ask(session, [
      schemasQuery(scope),
      relationsQuery(scope),
      usesQuery(scope),
      constraintsQuery(scope),
      defaultsQuery(scope),
      rolePrivilegesQuery(scope),
      columnPrivilegesQuery(scope),
      ...(seesPolicies ? [maskingPoliciesQuery(scope), rowPoliciesQuery(scope)] : []),
    ])
  const [user, superuser] = schemas[0]!
  const parts: Parts = {
    user: user!,
    superuser: superuser === 't',
    uses: groupBy(uses, ([relation, view]) => `${relation}:${view}`),
    constraints: groupBy(constraints, ([relation]) => relation!),
    defaults: groupBy(defaults, ([relation]) => relation!),
    privileges: groupBy([...roles.map(ofRole), ...columns.map(ofColumn)], ([relation]) => relation),
    policies: groupBy(
      [...masking.map((row) => ['masking policy', ...row]), ...policies.map((row) => ['policy', ...row])],
      ([, schema, name]) => relationKey({ schema: schema!, name: name! }),
    ),
  }
  const relations = [...groupBy(facts, ([relation]) => relation!).values()].map((rows) => toRelation(rows, parts))
  return { ...toSchemas(schemas), relations: await withLateColumns(session, relations) }
}

/** One relation as it is at this moment; nothing when there is none of that name. */
export async function readRelation(
  session: Running,
  relation: RelationName,
  options: CatalogOptions,
): Promise<CatalogRelation | undefined> {
  const { relations } = await readCatalog(session, scopeOf(relation), options)
  return [...relations.values()][0]
}

/** The columns of one relation; nothing when there is none of that name. Far less work than all of it. */
export async function readColumns(session: Running, relation: RelationName): Promise<readonly CatalogColumn[] | undefined> {
  const [rows = []] = await ask(session, [relationsQuery(scopeOf(relation))])
  const facts = rows.map(toFact).filter(isOfItself)
  const [first] = facts
  if (first === undefined) return undefined
  if (!isLateBinding(first)) return columnsOf(facts)
  return (await readLateColumns(session, [first])).get(relationKey(first)) ?? []
}

/** By `relationKey`; a view that reads what is not there has none. */
export async function readLateColumns(
  session: Running,
  views: readonly RelationName[],
): Promise<ReadonlyMap<string, readonly CatalogColumn[]>> {
  if (views.length === 0) return new Map()
  const [result] = await session.run(
    lateColumnsQuery([...new Set(views.map(({ schema }) => schema))], [...new Set(views.map(({ name }) => name))]),
  )
  const rows = groupBy(result!.rows, ([schema, name]) => relationKey({ schema: schema!, name: name! }))
  return new Map(
    [...rows].map(([key, columns]) => [key, columns.map(([, , name, type]) => ({ name: name!, type: type!, notNull: false }))]),
  )
}

/** Rows of each query. Definitions are printed from the newest catalog: what was dropped in between fails the whole, which is asked again. */
async function ask(session: Running, queries: readonly string[]): Promise<readonly (readonly Row[])[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const results = await session.run(inTransaction(queries))
      return results.slice(2, -1).map(({ rows }) => rows)
    } catch (error) {
      if (!(error instanceof WarehouseError)) throw error
      await session.run('rollback')
      if (error.passing === undefined || attempt === mostAttempts) throw error
    }
  }
}

const mostAttempts = 20

function toSchemas(rows: readonly Row[]): Omit<Catalog, 'relations'> {
  const byName = groupBy(
    rows.filter(([, , schema]) => schema != null),
    ([, , schema]) => schema!,
  )
  const user = rows[0]![0]!
  const grantees = (own: readonly Row[]): readonly string[] => [
    ...new Set(own.flatMap(([, , , acl]) => readAcl(acl, user).privileges.map(({ grantee }) => grantee))),
  ]
  return { user, schemas: new Set(byName.keys()), defaultGrantees: new Map([...byName].map(([schema, own]) => [schema, grantees(own)])) }
}

interface Parts {
  readonly user: string
  readonly superuser: boolean
  readonly uses: ReadonlyMap<string, readonly Row[]>
  readonly constraints: ReadonlyMap<string, readonly Row[]>
  readonly defaults: ReadonlyMap<string, readonly Row[]>
  readonly privileges: ReadonlyMap<string, readonly (readonly [string, Privilege])[]>
  readonly policies: ReadonlyMap<string, readonly (readonly (string | null)[])[]>
}

function toRelation(rows: readonly Row[], parts: Parts): CatalogRelation {
  const all = rows.map(toFact)
  const facts = all.filter(isOfItself)
  const [first] = facts
  const { id, schema, name, owner, comment } = first!
  const { privileges, revokedFromOwner } = readAcl(first!.acl, owner)
  const fingerprint = digestRows(rows)
  return {
    id,
    schema,
    name,
    kind: kindOf(first!),
    owner,
    alterable: parts.superuser || owner === parts.user,
    ...(comment !== null && { comment }),
    ...(isLateBinding(first!) && { lateBinding: true }),
    options: [],
    columns: columnsOf(facts),
    privileges: sortPrivileges([...privileges, ...(parts.privileges.get(relationKey(first!)) ?? []).map(([, one]) => one)]),
    revokedFromOwner,
    indexes: [],
    attachments: attachmentsOf(facts, parts),
    dependents: dependentsOf(all, parts),
    fingerprint,
    version: `${id}:${fingerprint}`,
  }
}

function isOfItself({ id, target }: Fact): boolean {
  return id === target
}

function columnsOf(facts: readonly Fact[]): readonly CatalogColumn[] {
  return facts.flatMap(({ column }) => column ?? [])
}

/** What a rename-swap would lose without a word. Redshift's keys are told to its planner alone: one that we did not make is lost all the same. */
function attachmentsOf(facts: readonly Fact[], { constraints, defaults, policies }: Parts): readonly Attachment[] {
  const [{ id }] = facts as readonly [Fact]
  const own = (constraints.get(id) ?? []).filter(([, , , , , , onItself]) => onItself === 't')
  const keyColumns = new Set(own.filter(([, , , type]) => type === 'p').flatMap(([, , , , , , , columns]) => columns?.match(/\d+/g) ?? []))
  const byPlace = new Map((defaults.get(id) ?? []).map(([, place, source]) => [place!, source!]))
  const found: Attachment[] = own.flatMap(([, , name, type]) =>
    type === 'p' ? [] : [{ kind: type === 'f' ? 'foreign key' : 'constraint', name: name!, blocksInserts: false }],
  )
  for (const { column, place } of facts) {
    if (column === undefined || place === null) continue
    const source = byPlace.get(place)
    if (column.notNull && !keyColumns.has(place))
      found.push({ kind: 'not-null constraint on column', name: column.name, blocksInserts: false })
    if (source === undefined) continue
    const isIdentity = /^\s*"?identity"?\s*\(/i.test(source)
    found.push({ kind: isIdentity ? 'identity column' : 'default of column', name: column.name, blocksInserts: isIdentity })
  }
  for (const [kind, , , name] of policies.get(relationKey(facts[0]!)) ?? []) found.push({ kind: kind!, name: name!, blocksInserts: false })
  return found.toSorted((a, b) => compare(`${a.kind}\0${a.name}`, `${b.kind}\0${b.name}`))
}

/** Views of one relation are locked in this order by everybody. */
function dependentsOf(all: readonly Fact[], { user, superuser, uses, constraints }: Parts): readonly Dependent[] {
  const [{ target }] = all as readonly [Fact]
  const views = all
    .filter((fact) => !isOfItself(fact))
    .map((fact): Dependent => {
      const { id, schema, name, owner, comment, definition } = fact
      if (kindOf(fact) !== 'view')
        return {
          kind: 'other',
          id: `pg_class:${id}`,
          relation: { schema, name },
          label: `${kindOf(fact)} ${relationLabel(fact)}`,
          toleratesRewrite: true,
          checksEachStatement: false,
        }
      return {
        kind: 'view',
        schema,
        name,
        id,
        owner,
        alterable: superuser || owner === user,
        ...(comment !== null && { comment }),
        options: [],
        definition: (definition ?? '').trim().replace(/;$/, ''),
        uses: (uses.get(`${target}:${id}`) ?? []).map(([, , column]) => column!),
      }
    })
  const keys = (constraints.get(target) ?? [])
    .filter(([, , , type, , , onItself]) => type === 'f' && onItself === 'f')
    .map(([, id, name, , schema, table]): Dependent => ({
      kind: 'other',
      id: `pg_constraint:${id}`,
      label: `foreign key ${name} on table ${relationLabel({ schema: schema!, name: table! })}`,
      toleratesRewrite: true,
      checksEachStatement: false,
    }))
  return [...views, ...keys].toSorted((a, b) => compare(labelOf(a), labelOf(b)))
}

function labelOf(dependent: Dependent): string {
  return dependent.kind === 'view' ? `${relationLabel(dependent)}\0${relationKey(dependent)}` : dependent.label
}

function ofRole([schema, name, privilege, role, grantable]: Row): readonly [string, Privilege] {
  return [
    relationKey({ schema: schema!, name: name! }),
    { privilege: privilege!.toLowerCase(), grantee: granteeOf(role!, 'role'), grantable: grantable === 't' },
  ]
}

function ofColumn([schema, name, privilege, grantee, type, column]: Row): readonly [string, Privilege] {
  return [
    relationKey({ schema: schema!, name: name! }),
    { privilege: privilege!.toLowerCase(), grantee: granteeOf(grantee!, type!), grantable: false, column: column! },
  ]
}

async function withLateColumns(session: Running, relations: readonly CatalogRelation[]): Promise<ReadonlyMap<string, CatalogRelation>> {
  const late = await readLateColumns(
    session,
    relations.filter(({ kind, columns }) => kind === 'view' && columns.length === 0),
  )
  return new Map(
    relations.map((relation) => {
      const key = relationKey(relation)
      return [key, late.has(key) ? { ...relation, columns: late.get(key)! } : relation]
    }),
  )
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
