/**
 * CSV as sqlflow reads it: an unquoted empty field is NULL, a quoted one is the empty string. The seeds hold both on purpose.
 */

/** A value of a field; null is NULL. */
export type Cell = string | number | null

export interface Table<Column extends string> {
  readonly columns: readonly Column[]
  readonly rows: readonly Readonly<Record<Column, Cell>>[]
}

export function formatCsv<Column extends string>(table: Table<Column>): string {
  const lines = table.rows.map((row) => table.columns.map((column) => formatCell(row[column])).join(','))
  return [table.columns.join(','), ...lines, ''].join('\n')
}

function formatCell(cell: Cell): string {
  if (cell === null) return ''
  const text = String(cell)
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
