/**
 * The map from the text of a YAML scalar back to the file, for scalars whose text is not the file's as it stands: blocks
 * (indentation taken away, lines folded) and quoted or plain ones with escapes or several lines. Pure.
 *
 * The text is known (js-yaml decodes it); the map follows both side by side, so that it cannot disagree with the decoder.
 */
import type { ScalarEvent } from 'js-yaml'

/** `[text, file, text, file, ...]`. `source` is the YAML, `base` its offset in the file. */
export function scalarSegments(source: string, scalar: ScalarEvent, text: string, base: number): readonly number[] {
  const isBlock = scalar.style === 4 || scalar.style === 5
  return isBlock ? blockSegments(source, scalar, text, base) : flowSegments(source, scalar, text, base)
}

/** Line by line: each line of the block, its indentation taken away, is found next in the text. */
function blockSegments(source: string, scalar: ScalarEvent, text: string, base: number): readonly number[] {
  const segments = new SegmentList(base)
  let at = 0
  let lineStart = scalar.valueStart
  while (lineStart < scalar.valueEnd) {
    const lineEnd = endOfLine(source, lineStart, scalar.valueEnd)
    const start = Math.min(lineStart + scalar.indent, lineEnd)
    const line = source.slice(start, lineEnd)
    if (line !== '') {
      at = skipBreaks(text, at, line)
      segments.add(at, start)
      at += line.length
    }
    lineStart = lineEnd + 1
  }
  return segments.pairs
}

/** Skips what folding put between two lines: breaks and the blank of a joined line. */
function skipBreaks(text: string, at: number, line: string): number {
  let next = at
  while (next < text.length && !text.startsWith(line, next) && (text[next] === '\n' || text[next] === ' ')) next++
  return next
}

function endOfLine(source: string, start: number, limit: number): number {
  const found = source.indexOf('\n', start)
  return found === -1 || found > limit ? limit : found
}

/** Character by character: a character of the text is the next one of the file, an escape, or a folded line break. */
function flowSegments(source: string, scalar: ScalarEvent, text: string, base: number): readonly number[] {
  const segments = new SegmentList(base)
  let file = scalar.valueStart
  for (let at = 0; at < text.length;) {
    file = scalar.style === 3 ? skipJoinedLine(source, file) : file
    segments.add(at, file)
    const taken = takeCharacter(source, file, scalar.style, text, at)
    file += taken.file
    at += taken.text
  }
  return segments.pairs
}

interface Taken {
  readonly file: number
  readonly text: number
}

function takeCharacter(source: string, file: number, style: number, text: string, at: number): Taken {
  const folded = /[ \t]*\n\s*/y
  folded.lastIndex = file
  const lineBreak = folded.exec(source)
  if (lineBreak) return { file: lineBreak[0].length, text: /\n+| /y.exec(text.slice(at))?.[0].length ?? 1 }
  if (style === 2 && source.startsWith("''", file)) return { file: 2, text: 1 }
  if (style === 3 && source[file] === '\\') return takeEscape(source, file)
  return { file: 1, text: 1 }
}

function takeEscape(source: string, file: number): Taken {
  const hexLength = { x: 2, u: 4, U: 8 }[source[file + 1] ?? ''] ?? 0
  const code = Number.parseInt(source.slice(file + 2, file + 2 + hexLength), 16)
  return { file: 2 + hexLength, text: code > 0xffff ? 2 : 1 }
}

/** In double quotes, a backslash at the end of a line joins it to the next. */
function skipJoinedLine(source: string, file: number): number {
  const joined = /\\\n\s*/y
  joined.lastIndex = file
  return joined.test(source) ? joined.lastIndex : file
}

/** Leaves out a segment that only goes on with the one before it. */
class SegmentList {
  readonly pairs: number[] = []
  private readonly base: number

  constructor(base: number) {
    this.base = base
  }

  add(text: number, start: number): void {
    const file = start + this.base
    const last = this.pairs.length - 2
    const goesOn = last >= 0 && text - (this.pairs[last] ?? 0) === file - (this.pairs[last + 1] ?? 0)
    if (goesOn) return
    this.pairs.push(text, file)
  }
}
