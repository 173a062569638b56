/** A spreadsheet as JSON, for its file: a cell that holds a value and nothing else is that value alone. */
import type { Cell, CellValue, Row, Sheet, Workbook } from './workbook.ts'

type PackedCell = CellValue | Cell | null

interface PackedSheet extends Omit<Sheet, 'rows' | 'widths' | 'own' | 'filter'> {
  readonly rows: readonly (readonly PackedCell[] | null)[]
  readonly widths: readonly (readonly [number, number])[]
  readonly filter: Sheet['filter'] | null
}

export interface PackedWorkbook extends Omit<Workbook, 'sheets' | 'sharing'> {
  readonly sheets: readonly PackedSheet[]
  readonly sharing: readonly (readonly [string, 'owner' | 'writer' | 'reader'])[]
}

export function packWorkbook(workbook: Workbook): PackedWorkbook {
  return {
    ...workbook,
    sharing: [...workbook.sharing],
    sheets: workbook.sheets.map(({ own: _own, rows, widths, filter, ...sheet }) => ({
      ...sheet,
      filter: filter ?? null,
      widths: [...widths],
      rows: Array.from(rows, (row) => (row ? Array.from(row, packCell) : null)),
    })),
  }
}

function packCell(cell: Cell | undefined): PackedCell {
  if (!cell) return null
  const { value, ...rest } = cell
  return value !== undefined && Object.keys(rest).length === 0 ? value : cell
}

/** Of a file that `packWorkbook` made. */
export function unpackWorkbook(packed: unknown): Workbook {
  const { sheets, sharing, ...workbook } = packed as PackedWorkbook
  return {
    ...workbook,
    sharing: new Map(sharing),
    sheets: sheets.map(({ rows, widths, filter, ...sheet }) => ({
      ...sheet,
      filter: filter ?? undefined,
      widths: new Map(widths),
      rows: rows.map((row): Row | undefined => row?.map(unpackCell)),
      own: undefined,
    })),
  }
}

function unpackCell(cell: PackedCell): Cell | undefined {
  return cell === null ? undefined : typeof cell === 'object' ? cell : { value: cell }
}
