/** Tells an index that a configuration asked for from one made by hand: by the name that its definition derives. */
import type { CatalogIndex } from '../core/catalog.ts'
import { indexName, primaryKeyName } from './aside-names.ts'

export function isOurs(relation: string, index: CatalogIndex): boolean {
  if (index.special) return false
  if (index.primary) return index.name === primaryKeyName(relation)
  const { columns, unique, method } = index
  return index.name === indexName(relation, { columns, unique, method })
}
