import type { Piece } from '../pieces.ts'
import type { Range, Word } from '../words.ts'

export interface Rendering {
  readonly sent: string
  readonly words: readonly Word[]
  /** What stands for a relation that is read, by the index of the first word of its name. */
  readonly relations: ReadonlyMap<number, { readonly to: number; readonly sql: string }>
  /** Words as Postgres reads them. */
  readonly render: (range: Range) => readonly Piece[]
}

/** White space and comments between a word and the one before it. */
export function gapBefore({ sent, words }: Rendering, at: number): Piece {
  const start = words[at - 1]?.end ?? 0
  return { text: sent.slice(start, words[at]?.start ?? sent.length), at: start }
}
