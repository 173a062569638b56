/** The columns of an export as columns of a sheet. */
import { hash } from 'node:crypto'
import type { SheetExport } from '../../../core/project.ts'
import type { PlannedColumn } from '../../destination.ts'
import { createCellWriter, numberFormatOf, type CellOptions, type NumberFormat, type WriteCell } from './cells.ts'

export interface SheetColumn {
  /** Of what is read. */
  readonly name: string
  readonly title: string
  /** Position in the rows that are read. */
  readonly index: number
  readonly write: WriteCell
  readonly format: NumberFormat | undefined
  readonly formula: boolean
  /** Six hexadecimal digits: title, format and kind, to tell in a later run whether the column is the same. */
  readonly print: string
}

export function sheetColumns(one: SheetExport, columns: readonly PlannedColumn[], options: CellOptions): readonly SheetColumn[] {
  return columns.map((column) => {
    const formula = one.columns.some(({ name, formula: isFormula }) => name === column.field.name && isFormula === true)
    const format = formula && column.format === undefined ? undefined : numberFormatOf(column)
    return {
      name: column.field.name,
      title: column.title,
      index: column.index,
      write: createCellWriter(column, options),
      format,
      formula,
      print: hash('sha256', JSON.stringify([column.title, format, formula]), 'hex').slice(0, 6),
    }
  })
}
