/** A statement around the compiled SQL of a node. The line break after it ends a comment on its last line. */
import type { Statement } from './plan.ts'

export function compiledStatement(head: string, sql: string): Statement {
  return { sql: `${head}${sql}\n`, compiledAt: head.length }
}
