/** The queue of the cluster that a table is built in, for the transaction that builds it. */
import type { Design } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Statement } from './plan.ts'

export function queryGroup({ design }: Dialect, { queryGroup: name }: Design): readonly Statement[] {
  return design === undefined || name === undefined ? [] : [{ sql: design.queryGroup(name) }]
}
