/** What stands before and after the statements that make a table of a warehouse with a physical design. */
import type { RelationName } from '../core/relation.ts'
import type { Statement } from './plan.ts'
import type { RelationInput } from './relation-input.ts'

type Designed = Pick<RelationInput, 'dialect' | 'design' | 'columns'>

/** The queue of the cluster, for the transaction that builds it. */
export function queryGroup({ dialect, design }: Pick<Designed, 'dialect' | 'design'>): readonly Statement[] {
  const name = design?.queryGroup
  return dialect.design === undefined || name === undefined ? [] : [{ sql: dialect.design.queryGroup(name) }]
}

/** Statistics, where they are asked for. */
export function analyze({ dialect, design }: Pick<Designed, 'dialect' | 'design'>, target: RelationName): readonly Statement[] {
  return dialect.design === undefined || design?.analyze !== true ? [] : [{ sql: dialect.design.analyze(dialect.relation(target)) }]
}

/** Of a table that a query has made. */
export function encodeColumns({ dialect, columns }: Designed, target: RelationName): readonly Statement[] {
  const encoded = columns.flatMap(({ name, encode }) => (encode === undefined ? [] : [{ name, encode }]))
  if (dialect.design === undefined || encoded.length === 0) return []
  return [{ sql: dialect.design.encodeColumns(dialect.relation(target), encoded) }]
}
