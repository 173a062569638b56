/** Rows as an aligned table for a terminal or a log. */
import stringWidth from 'string-width'

export interface TextTableOptions {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** Columns to align right: numbers. */
  readonly right?: ReadonlySet<number>
  readonly nullText?: string
  /** Longest cell; longer ones are cut with `…`. */
  readonly widest?: number
  /** Spaces before each line. */
  readonly indent?: number
  readonly head?: (text: string) => string
}

export function renderTextTable(options: TextTableOptions): string {
  const { columns, rows, right = new Set(), nullText = 'null', widest = 60, indent = 0, head = (text) => text } = options
  const cells = rows.map((row) => row.map((cell) => cut(oneLine(cell ?? nullText), widest)))
  const titles = columns.map((column) => cut(oneLine(column), widest))
  const widths = titles.map((title, at) => Math.max(stringWidth(title), ...cells.map((row) => stringWidth(row[at] ?? ''))))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0, right.has(at)))
      .join('  ')
      .trimEnd()
  const margin = ' '.repeat(indent)
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return [head(line(titles)), head(rule), ...cells.map(line)].map((text) => margin + text).join('\n')
}

function oneLine(text: string): string {
  return text.replaceAll(/\r?\n/g, '⏎').replaceAll('\t', ' ')
}

function cut(text: string, widest: number): string {
  return text.length <= widest ? text : `${text.slice(0, widest - 1)}…`
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return right ? space + text : text + space
}
