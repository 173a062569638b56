/** The built-in generic tests, by name. */
import type { GenericTestDefinition } from '../generic-test.ts'
import { acceptedValues } from './accepted-values.ts'
import { expression } from './expression.ts'
import { notEmpty } from './not-empty.ts'
import { notNull } from './not-null.ts'
import { recency } from './recency.ts'
import { relationships } from './relationships.ts'
import { rowCount } from './row-count.ts'
import { uniqueCombination } from './unique-combination.ts'
import { unique } from './unique.ts'

export const genericTests: ReadonlyMap<string, GenericTestDefinition> = new Map<string, GenericTestDefinition>([
  ['unique', unique],
  ['not_null', notNull],
  ['accepted_values', acceptedValues],
  ['relationships', relationships],
  ['expression', expression],
  ['row_count', rowCount],
  ['unique_combination', uniqueCombination],
  ['recency', recency],
  ['not_empty', notEmpty],
])

export function genericTest(name: string): GenericTestDefinition {
  const definition = genericTests.get(name)
  if (definition === undefined) throw new TypeError(`There is no built-in test ${name}.`)
  return definition
}
