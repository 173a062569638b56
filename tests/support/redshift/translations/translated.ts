import type { Piece } from '../pieces.ts'

/** What one statement becomes. */
export interface Translated {
  /** Statements of the stand-in's own before it, whose answers nobody sees. */
  readonly before: readonly string[]
  readonly main: readonly Piece[]
  readonly after: readonly string[]
}
