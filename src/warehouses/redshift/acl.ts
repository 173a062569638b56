/**
 * Privileges as Redshift's catalog shows them: `{ana=arwdRxtDPA/ana,"group analysts=r/ana",=r/ana}`. Users, groups and everybody; roles are in SVV views alone.
 * A grantee is written as people write it: `ana`, `group analysts`, `role reporting`, `public`.
 */
import type { Privilege } from '../../core/catalog.ts'

/** Letters that GRANT has a word for. What is shown beside them, rules and triggers, Redshift does not have. */
const words: Readonly<Record<string, string>> = {
  a: 'insert',
  r: 'select',
  w: 'update',
  d: 'delete',
  x: 'references',
  D: 'drop',
  A: 'alter',
  P: 'truncate',
}

/** What every owner has had since there is Redshift: of the other letters, a relation that was made long ago may have none. */
const alwaysOwned = ['insert', 'select', 'update', 'delete', 'references']

export interface Acl {
  readonly privileges: readonly Privilege[]
  readonly revokedFromOwner: readonly string[]
}

export function readAcl(acl: string | null | undefined, owner: string): Acl {
  if (acl == null) return { privileges: [], revokedFromOwner: [] }
  const all = readItems(acl).flatMap(readItem)
  const owned = new Set(all.filter(({ grantee }) => grantee === owner).map(({ privilege }) => privilege))
  return {
    privileges: sortPrivileges(all.filter(({ grantee }) => grantee !== owner)),
    revokedFromOwner: alwaysOwned.filter((one) => !owned.has(one)),
  }
}

/** One of each, in an order that does not depend on when they were granted. */
export function sortPrivileges(privileges: readonly Privilege[]): readonly Privilege[] {
  const byKey = new Map<string, Privilege>()
  for (const one of privileges) {
    const key = JSON.stringify([one.grantee, one.privilege, one.column ?? ''])
    if (byKey.get(key)?.grantable !== true) byKey.set(key, one)
  }
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

/** `group analysts` of `analysts` and its kind as the SVV views show it. */
export function granteeOf(name: string, type: string): string {
  return type === 'group' || type === 'role' ? `${type} ${name}` : name
}

/** The elements of an array of Postgres, without their quotes. */
function readItems(array: string): readonly string[] {
  return [...array.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/gs)].map(
    ([whole, quoted]) => quoted?.replaceAll(/\\(.)/gs, '$1') ?? whole,
  )
}

/** `[group ]name=letters/grantor`; a name that is not plain stands in quotes. */
function readItem(item: string): readonly Privilege[] {
  const [, kind = '', quoted, plain = '', letters = ''] = /^(group )?(?:"((?:[^"]|"")*)"|([^"=]*))=([^/]*)\//s.exec(item) ?? []
  const name = quoted?.replaceAll('""', '"') ?? plain
  const grantee = name === '' ? 'public' : kind + name
  return [...letters.matchAll(/(\w)(\*?)/g)].flatMap(([, letter, option]) => {
    const privilege = words[letter!]
    return privilege === undefined ? [] : [{ privilege, grantee, grantable: option === '*' }]
  })
}
