/** A node whose SQL is final, or which has none (a seed, an export that reads a relation whole). */
import type { NodeId } from '../core/node.ts'
import type { Rendered } from '../template/template.ts'

export interface CompiledNode {
  readonly id: NodeId
  /** One SELECT, no trailing `;`, ephemeral parents as CTEs at its head. */
  readonly sql: string
  /** sha256 of `sql`, hex. */
  readonly hash: string
  /** Renders again, to lead an error back to the author's file: the map is not kept in memory. */
  readonly render: () => Rendered
}
