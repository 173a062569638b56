/** Rendered SQL as a value: from an offset back to the author's file, and new values from old ones with the map kept. */
import type { Span } from '../core/span.ts'
import { isWordPart } from '../dialects/sql-lexer.ts'
import type { Piece, Rendered } from './template.ts'

export interface Location {
  /** In the author's file: the word at the offset, or the tag that printed it. */
  readonly span: Span
  /** The macro calls around it, innermost first. */
  readonly calls: readonly Span[]
}

/** Where the character at `offset` of `sql` comes from; at the end of it, the last character. Undefined where nothing was rendered. */
export function locate(rendered: Rendered, offset: number): Location | undefined {
  const { sql, pieces } = rendered
  const at = Math.max(0, Math.min(offset, sql.length - 1))
  const index = findPiece(pieces, at)
  const piece = pieces[index]
  if (piece === undefined) return undefined
  const { span, calls, verbatim } = piece
  if (!verbatim) return { span, calls }
  const start = span.start + at - piece.at
  const limit = pieces[index + 1]?.at ?? sql.length
  return { span: { file: span.file, start, end: start + wordLength(sql, at, limit) }, calls }
}

/** The last piece that begins at or before `at`; -1 when there is none. */
function findPiece(pieces: readonly Piece[], at: number): number {
  let low = 0
  let high = pieces.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (pieces[middle]!.at <= at) low = middle + 1
    else high = middle - 1
  }
  return high
}

function wordLength(sql: string, at: number, limit: number): number {
  const quote = sql[at]
  if (quote === '"' || quote === "'") {
    const close = sql.indexOf(quote, at + 1)
    return close === -1 || close >= limit ? 1 : close + 1 - at
  }
  let end = at
  while (end < limit && isWordPart(sql.charCodeAt(end))) end++
  return Math.max(1, end - at)
}

/** Text of our own, which leads to `span` as a whole. */
export function textPiece(sql: string, span: Span): Rendered {
  return { sql, pieces: sql === '' ? [] : [{ at: 0, span, verbatim: false, calls: [] }] }
}

export function concatRendered(parts: readonly Rendered[]): Rendered {
  let sql = ''
  const pieces: Piece[] = []
  for (const part of parts) {
    for (const piece of part.pieces) pieces.push({ ...piece, at: sql.length + piece.at })
    sql += part.sql
  }
  return { sql, pieces }
}

/** As `String.slice`, for offsets within the text. */
export function sliceRendered({ sql, pieces }: Rendered, start: number, end: number = sql.length): Rendered {
  if (start === 0 && end >= sql.length) return { sql, pieces }
  const kept: Piece[] = []
  for (let index = Math.max(0, findPiece(pieces, start)); index < pieces.length; index++) {
    const piece = pieces[index]!
    if (piece.at >= end) break
    const to = Math.min(pieces[index + 1]?.at ?? sql.length, end)
    if (to > start) kept.push(cutPiece(piece, Math.max(piece.at, start), to, start))
  }
  return { sql: sql.slice(start, end), pieces: kept }
}

/** The part of a piece from `from` to `to`, in a text that begins at `origin`. */
function cutPiece(piece: Piece, from: number, to: number, origin: number): Piece {
  if (!piece.verbatim) return { ...piece, at: from - origin }
  const start = piece.span.start + from - piece.at
  return { ...piece, at: from - origin, span: { file: piece.span.file, start, end: start + to - from } }
}

/** Without the white space at its end. */
export function trimEndRendered(rendered: Rendered): Rendered {
  return sliceRendered(rendered, 0, rendered.sql.trimEnd().length)
}

/** `insert` put into `rendered` before the character at `at`. */
export function insertRendered(rendered: Rendered, at: number, insert: Rendered): Rendered {
  return concatRendered([sliceRendered(rendered, 0, at), insert, sliceRendered(rendered, at)])
}
