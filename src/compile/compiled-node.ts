/** A node whose SQL is final. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { NodeId } from '../core/node.ts'
import type { Rendered } from '../template/template.ts'

export interface CompiledNode {
  readonly id: NodeId
  /** sha256 of the SQL, hex. */
  readonly hash: string
  /** One SELECT, no trailing `;`, ephemeral parents as CTEs at its head. Rendered when first asked for. */
  readonly sql: () => string
  /** Renders with the map that leads an error back to the author's file; the map is not kept. */
  readonly rendered: () => Rendered
}

export type CompileResult =
  | { readonly ok: true; readonly node: CompiledNode }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
