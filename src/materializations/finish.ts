/** What a new relation gets before anybody can see it: indexes, primary key, comments; and the grants of its configuration. */
import type { Privilege } from '../core/catalog.ts'
import type { RelationName } from '../core/relation.ts'
import { spellRole } from './carry-over.ts'
import { asideName, indexName, notNullName, primaryKeyName, stampedComment } from './aside-names.ts'
import type { Statement } from './plan.ts'
import { publishingOf } from './publishing.ts'
import type { Build, RelationInput } from './relation-input.ts'

/** An index under its final name and the one it is built under. */
export interface BuiltIndex {
  readonly name: string
  readonly builtAs: string
}

/** Indexes that the configuration asks for. Built under final names when nothing is replaced, else aside. */
export function indexesOf(input: RelationInput, build: Build): readonly BuiltIndex[] {
  if (build.kind === 'view' || !input.capabilities.indexes) return []
  const key = input.primaryKey.length > 0 ? [primaryKeyName(input.relation.name)] : []
  const names = new Set([...key, ...input.indexes.map((index) => indexName(input.relation.name, index))])
  return [...names].map((name) => ({ name, builtAs: asideName(name, 'new', input.runId) }))
}

export function finish(input: RelationInput, build: Build, target: RelationName, aside: boolean): readonly Statement[] {
  const indexes = build.kind !== 'view' && input.capabilities.indexes
  return [
    ...(indexes ? [...createIndexes(input, target, aside).values()] : []),
    ...(indexes && aside ? nameNotNulls(input, target) : []),
    ...comments(input, build, target),
    ...(build.kind === 'view' ? [] : publishingOf(input.dialect).analyze(target)),
  ]
}

/** By the names that they have in the end. */
export function createIndexes(input: RelationInput, target: RelationName, aside: boolean): ReadonlyMap<string, Statement> {
  const { dialect, relation, runId, primaryKey } = input
  const spell = (name: string): string => dialect.quoteIdentifier(aside ? asideName(name, 'new', runId) : name)
  const list = (columns: readonly string[]): string => columns.map(dialect.quoteIdentifier).join(', ')
  const statements = new Map<string, Statement>()
  if (primaryKey.length > 0) {
    const name = primaryKeyName(relation.name)
    statements.set(name, { sql: `alter table ${dialect.relation(target)} add constraint ${spell(name)} primary key (${list(primaryKey)})` })
  }
  for (const index of input.indexes) {
    const name = indexName(relation.name, index)
    const method = index.method === undefined ? '' : ` using ${dialect.quoteIdentifier(index.method)}`
    const unique = index.unique ? 'unique ' : ''
    const sql = `create ${unique}index ${spell(name)} on ${dialect.relation(target)}${method} (${list(index.columns)})`
    statements.set(name, { sql })
  }
  return statements
}

/**
 * Since version 18 each column of a primary key has a not-null constraint, which the server names after the relation at that moment: these get the
 * names that a relation of the final name would have given them.
 */
function nameNotNulls({ dialect, relation, primaryKey }: RelationInput, target: RelationName): readonly Statement[] {
  if (primaryKey.length === 0) return []
  const names = primaryKey.map((column) => `(${dialect.quoteLiteral(column)}, ${dialect.quoteLiteral(notNullName(relation.name, column))})`)
  const table = dialect.quoteLiteral(dialect.relation(target))
  return [
    {
      sql: `do $names$
declare
  change text;
begin
  for change in
    select format('alter table %s rename constraint %I to %I', k.conrelid::regclass, k.conname, wanted.name)
      from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and k.conkey = array[a.attnum]
      join (values ${names.join(', ')}) wanted (attname, name) on wanted.attname = a.attname
     where k.conrelid = ${table}::regclass and k.contype = 'n'
  loop
    execute change;
  end loop;
end
$names$`,
    },
  ]
}

/** The stamp, and the descriptions of columns. */
export function comments(input: RelationInput, build: Build, target: RelationName): readonly Statement[] {
  const { dialect } = input
  const whole = dialect.quoteLiteral(stampedComment(input.description, input.stamp))
  const { commentsOn, commentsOnViewColumns } = publishingOf(dialect)
  const mayDescribe = build.kind === 'table' || commentsOnViewColumns
  const described = input.columns.flatMap(({ name, description }) =>
    !mayDescribe || description === undefined || description === '' ? [] : [{ name, description }],
  )
  return [
    { sql: `comment on ${commentsOn(build.kind)} ${dialect.relation(target)} is ${whole}` },
    ...described.map(({ name, description }) => ({
      sql: `comment on column ${dialect.relation(target)}.${dialect.quoteIdentifier(name)} is ${dialect.quoteLiteral(description)}`,
    })),
  ]
}

/** Grants of the configuration, but for those that are there already. */
export function configuredGrants(input: RelationInput, target: RelationName, present: readonly Privilege[]): readonly Statement[] {
  const has = (privilege: string, grantee: string): boolean =>
    present.some((one) => one.column === undefined && one.privilege === privilege && one.grantee === grantee)
  return Object.entries(input.grants).flatMap(([privilege, roles]) => {
    const missing = roles.filter((role) => !has(privilege, role))
    if (missing.length === 0) return []
    return [
      {
        sql: `grant ${privilege} on ${input.dialect.relation(target)} to ${missing.map((role) => spellRole(role, input.dialect)).join(', ')}`,
      },
    ]
  })
}
