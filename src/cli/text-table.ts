/**
 * Rows as an aligned table for a terminal or a log. What stands in a cell never breaks the table or drives the terminal: line breaks are
 * shown as a mark, other control characters as U+FFFD.
 */
import { textWidth } from '../core/text-width.ts'

export interface TextTableOptions {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** Columns to align right, and never to cut for `fit`: numbers. */
  readonly right?: ReadonlySet<number>
  readonly nullText?: string
  /** Longest cell; longer ones are cut with `…`. */
  readonly widest?: number
  /** Longest line: the terminal's. Longer cells are cut to it, as far as they stay readable; without it lines are as long as they are. */
  readonly fit?: number | undefined
  /** Spaces before each line. */
  readonly indent?: number
  readonly head?: (text: string) => string
}

const gap = '  '
/** A column is not cut further for `fit`: rather lines wrap. */
const narrowest = 8

export function renderTextTable(options: TextTableOptions): string {
  const { columns, rows, right = new Set(), nullText = 'null', widest = 60, indent = 0, head = (text) => text } = options
  const cells = rows.map((row) => row.map((cell) => cut(printable(cell ?? nullText), widest)))
  const titles = columns.map((column) => cut(printable(column), widest))
  const natural = titles.map((title, at) => cells.reduce((width, row) => Math.max(width, textWidth(row[at] ?? '')), textWidth(title)))
  const widths = options.fit === undefined ? natural : fitWidths(natural, right, options.fit - indent)
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => pad(cut(cell, widths[at] ?? 0), widths[at] ?? 0, right.has(at)))
      .join(gap)
      .trimEnd()
  const margin = ' '.repeat(indent)
  const rule = widths.map((width) => '─'.repeat(width)).join(gap)
  return [head(line(titles)), head(rule), ...cells.map(line)].map((text) => margin + text).join('\n')
}

/** The width of the longest line that columns of these widths make. */
export function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, gap.length * Math.max(0, widths.length - 1))
}

/** Cuts the widest columns to one width, the widest that fits; leaves all as they are where none does. */
function fitWidths(natural: readonly number[], fixed: ReadonlySet<number>, room: number): readonly number[] {
  for (let limit = Math.max(...natural); limit >= narrowest; limit--) {
    const widths = natural.map((width, at) => (fixed.has(at) ? width : Math.min(width, limit)))
    if (lineWidth(widths) <= room) return widths
  }
  return natural
}

function printable(text: string): string {
  return text
    .replaceAll(/\r?\n/g, '⏎')
    .replaceAll('\t', ' ')
    .replaceAll(/\p{Cc}/gu, '\uFFFD')
}

function cut(text: string, widest: number): string {
  if (text.length <= widest / 2 || textWidth(text) <= widest) return text
  let kept = ''
  let width = 0
  for (const character of text) {
    width += textWidth(character)
    if (width > widest - 1) break
    kept += character
  }
  return `${kept}…`
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)))
  return right ? space + text : text + space
}
