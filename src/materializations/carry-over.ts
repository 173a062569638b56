/** What people have put on the old relation by hand and the new one gets: privileges, and the comments of columns. */
import type { CatalogRelation, Privilege } from '../core/catalog.ts'
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Statement } from './plan.ts'
import type { RelationInput } from './relation-input.ts'

/** The privileges of the old relation, on the new one, and no others. `columns`: those that the new one has. */
export function carriedPrivileges(
  input: Pick<RelationInput, 'dialect' | 'catalog' | 'relation'>,
  target: RelationName,
  old: { readonly privileges: readonly Privilege[]; readonly revokedFromOwner: readonly string[]; readonly owner: string },
  columns: ReadonlySet<string>,
): readonly Statement[] {
  const { dialect } = input
  const name = dialect.relation(target)
  const byDefault = input.catalog.defaultGrantees.get(input.relation.schema) ?? []
  const revokes = [
    ...(byDefault.length > 0 ? [`revoke all on ${name} from ${byDefault.map((role) => spellRole(role, dialect)).join(', ')}`] : []),
    ...(old.revokedFromOwner.length > 0
      ? [`revoke ${old.revokedFromOwner.map((one) => one.toLowerCase()).join(', ')} on ${name} from ${spellRole(old.owner, dialect)}`]
      : []),
  ]
  const kept = old.privileges.filter((one) => one.column === undefined || columns.has(one.column))
  return [...revokes, ...groupGrants(kept, name, dialect)].map((sql) => ({ sql }))
}

/** One statement for each grantee, column and grant option. */
function groupGrants(privileges: readonly Privilege[], name: string, dialect: Dialect): readonly string[] {
  const groups = new Map<string, { readonly first: Privilege; readonly words: string[] }>()
  for (const one of privileges) {
    const key = JSON.stringify([one.grantee, one.grantable])
    const word = one.column === undefined ? one.privilege : `${one.privilege} (${dialect.quoteIdentifier(one.column)})`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { first: one, words: [word] })
    else group.words.push(word)
  }
  return [...groups.values()].map(
    ({ first, words }) =>
      `grant ${words.join(', ')} on ${name} to ${spellRole(first.grantee, dialect)}${first.grantable ? ' with grant option' : ''}`,
  )
}

/** `public` is a word, not a name. */
export function spellRole(role: string, dialect: Dialect): string {
  return role === 'public' ? 'public' : dialect.grantee(role)
}

/** The comments of columns that the configuration does not describe: made by hand, or by a description that is gone. */
export function carriedComments(input: RelationInput, existing: CatalogRelation, columns: ReadonlySet<string>): readonly Statement[] {
  const { dialect, relation } = input
  return undescribed(input, existing)
    .filter(({ name }) => columns.has(name))
    .map(({ name, comment }) => ({
      sql: `comment on column ${dialect.relation(relation)}.${dialect.quoteIdentifier(name)} is ${dialect.quoteLiteral(comment)}`,
    }))
}

export function undescribed(
  { columns }: Pick<RelationInput, 'columns'>,
  existing: CatalogRelation,
): readonly { readonly name: string; readonly comment: string }[] {
  const described = new Set(columns.filter(({ description }) => description !== undefined && description !== '').map(({ name }) => name))
  return existing.columns.flatMap(({ name, comment }) => (comment === undefined || described.has(name) ? [] : [{ name, comment }]))
}
