/** The lines of a file around a mistake, with the place underlined. Long lines are cut around it; tabs are one column wide. */
import { positionAt } from './span.ts'
import { textWidth } from './text-width.ts'

/** In a log, and at most in a terminal. */
const ordinaryWidth = 110

/**
 * ```
 *   11 | from {{ref 'stg_suporters'}} as s
 *      |            ^^^^^^^^^^^^^^^
 * ```
 * `width` is that of the longest line of the file that is shown whole.
 */
export function renderFrame(text: string, start: number, end: number, width = ordinaryWidth): string {
  const widest = Math.min(width, ordinaryWidth)
  const { line } = positionAt(text, start)
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const nextBreak = text.indexOf('\n', start)
  const lineEnd = nextBreak === -1 ? text.length : nextBreak
  const { shown, from, to } = cutLine(text.slice(lineStart, lineEnd), start - lineStart, Math.min(end, lineEnd) - lineStart, widest)
  const gutter = String(line)
  const before = lineStart > 0 ? previousLine(text, lineStart, line, widest) : ''
  const marks = ' '.repeat(textWidth(shown.slice(0, from))) + '^'.repeat(Math.max(1, textWidth(shown.slice(from, to))))
  return `${before}${gutter} | ${shown}\n${' '.repeat(gutter.length)} | ${marks}`
}

/** The line above gives the reader a hold, unless it is empty or long. */
function previousLine(text: string, lineStart: number, line: number, widest: number): string {
  const above = text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, lineStart - 1).replaceAll('\t', ' ')
  if (above.trim() === '' || above.length > widest) return ''
  return `${String(line - 1).padStart(String(line).length)} | ${above}\n`
}

function cutLine(whole: string, start: number, end: number, widest: number): { shown: string; from: number; to: number } {
  const line = whole.replaceAll('\t', ' ')
  if (line.length <= widest) return { shown: line, from: start, to: end }
  const left = Math.max(0, Math.min(start - Math.min(40, Math.floor(widest / 2)), line.length - widest))
  const right = Math.min(line.length, left + widest)
  const head = left > 0 ? '…' : ''
  const shown = `${head}${line.slice(left, right)}${right < line.length ? '…' : ''}`
  return { shown, from: start - left + head.length, to: Math.min(end, right) - left + head.length }
}
