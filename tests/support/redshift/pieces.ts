/** A rewritten text that remembers where each of its parts stood in the text that was sent. */
export interface Piece {
  readonly text: string
  /** The offset of a part that stands as it was sent. */
  readonly at?: number
  /** Where errors about a part that is new belong. */
  readonly about?: number
}

export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('')
}

/** The offset in the sent text of an offset in the rewritten one. */
export function originOf(pieces: readonly Piece[], offset: number): number | undefined {
  let start = 0
  let last: number | undefined
  for (const { text, at, about } of pieces) {
    if (at !== undefined || about !== undefined) last = at ?? about
    if (offset < start + text.length) return at === undefined ? (about ?? last) : at + offset - start
    start += text.length
  }
  return last
}
