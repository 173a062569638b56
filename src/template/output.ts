/**
 * Where rendering writes. The text is always built; the map from it to the author's files only when it is asked for, because
 * it is needed for errors alone and costs more than the text.
 */
import { toFileOffset, type Span, type SqlSource } from '../core/span.ts'
import type { Piece, Rendered } from './template.ts'

export interface Output {
  sql: string
  /** Undefined where no map is wanted. */
  readonly pieces: Piece[] | undefined
}

/** Text that the source spells as it is printed. */
export interface Verbatim {
  readonly source: SqlSource
  readonly start: number
  readonly end: number
  readonly calls: readonly Span[]
}

export function newOutput(mapped: boolean): Output {
  return { sql: '', pieces: mapped ? [] : undefined }
}

export function writeVerbatim(output: Output, { source, start, end, calls }: Verbatim): void {
  if (output.pieces) addVerbatimPieces(output.pieces, output.sql.length, { source, start, end, calls })
  output.sql += source.text.slice(start, end)
}

export function writeComputed(output: Output, text: string, span: Span, calls: readonly Span[]): void {
  if (text === '') return
  output.pieces?.push({ at: output.sql.length, span, verbatim: false, calls })
  output.sql += text
}

export function writeRendered(output: Output, { sql, pieces }: Rendered): void {
  if (output.pieces) for (const piece of pieces) output.pieces.push({ ...piece, at: output.sql.length + piece.at })
  output.sql += sql
}

/** One piece for each segment of the source, because within a segment alone the file reads as the text does. */
export function addVerbatimPieces(pieces: Piece[], at: number, { source, start, end, calls }: Verbatim): void {
  for (let from = start; from < end;) {
    const to = Math.min(end, nextSegment(source, from))
    const offset = toFileOffset(source, from)
    pieces.push({ at: at + from - start, span: { file: source.file, start: offset, end: offset + to - from }, verbatim: true, calls })
    from = to
  }
}

function nextSegment({ segments }: SqlSource, offset: number): number {
  if (segments.length < 2) return Infinity
  return segments.find(({ text }) => text > offset)?.text ?? Infinity
}

export function finishOutput({ sql, pieces }: Output): Rendered {
  return { sql, pieces: pieces ?? [] }
}
