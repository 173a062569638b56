/** "Could not create unique index" in the project's own words: which key of the configuration the rows repeat. The index has a derived name. */
import type { WarehouseError } from '../core/errors.ts'
import type { Model } from '../core/project.ts'
import { indexName, primaryKeyName } from '../materializations/aside-names.ts'

const uniqueViolation = '23505'

export function repeatedKeyHint(
  { message, sqlState }: WarehouseError,
  model: Pick<Model, 'relation' | 'primaryKey' | 'indexes'>,
): string | undefined {
  if (sqlState !== uniqueViolation) return undefined
  const { name } = model.relation
  const keys = [
    { index: primaryKeyName(name), what: 'the primary key', columns: model.primaryKey },
    ...model.indexes.map((index) => ({ index: indexName(name, index), what: 'the unique index', columns: index.columns })),
  ]
  const key = keys.find(({ index }) => message.includes(`"${index}"`))
  if (!key) return undefined
  return `Several rows have the same values in ${key.what} (${key.columns.join(', ')}): make the SELECT yield each once, or correct the key.`
}
