/**
 * Places in the files that an author wrote. Every diagnostic, from a YAML typo to a warehouse error, ends at a Span.
 *
 * Offsets are UTF-16 code units into the decoded text of a file: UTF-8, BOM removed, CRLF turned into LF. That text
 * is what `project/source-file.ts` returns, so line and column are those an editor shows.
 */

/** A stretch of a file. `file` is relative to the project's root, with forward slashes. */
export interface Span {
  readonly file: string
  readonly start: number
  readonly end: number
  /** Given for a file of data, whose lines are never shown and which is not read again to count them; `start` and `end` count its bytes. */
  readonly position?: Position
}

/** Text offset `text` stands at file offset `file`; holds until the next segment begins. */
export interface Segment {
  readonly text: number
  readonly file: number
}

/**
 * SQL (a template) that stands in a file: the body of a `.sql` file below its front matter, or a YAML scalar, whose
 * lines are indented or escaped there. `segments` are sorted by `text`, the first at 0.
 */
export interface SqlSource {
  readonly file: string
  readonly text: string
  readonly segments: readonly Segment[]
}

/** The offset in the file of an offset in the text of `source`. */
export function toFileOffset(source: SqlSource, offset: number): number {
  let low = 0
  let high = source.segments.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (source.segments[middle]!.text <= offset) low = middle
    else high = middle - 1
  }
  const segment = source.segments[low] ?? { text: 0, file: 0 }
  return segment.file + (offset - segment.text)
}

/** The span in the file of a stretch of the text of `source`. */
export function toSpan(source: SqlSource, start: number, end: number): Span {
  return { file: source.file, start: toFileOffset(source, start), end: toFileOffset(source, end) }
}

/** One-based line and column (in code points) of an offset. */
export interface Position {
  readonly line: number
  readonly column: number
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  let line = 1
  for (let at = before.indexOf('\n'); at !== -1; at = before.indexOf('\n', at + 1)) line++
  return { line, column: Array.from(before.slice(lineStart)).length + 1 }
}
