/**
 * Formulas as far as they matter to who writes beside them: what they point to moves, shrinks or breaks with rows, columns and tabs, as it does in
 * Google's. Computed are SUM, COUNT, COUNTA and a reference alone; anything else has no value here.
 */
import { columnOf, lettersOf, sameTitle } from './a1-notation.ts'
import { cellAt, isFilled, writableRow, type CellValue, type Sheet, type Workbook } from './workbook.ts'

const reference =
  /"[^"]*"|(?:(?:'((?:[^']|'')+)'|([A-Za-z_]\w*))!)?(\$?)([A-Za-z]{1,3})(\$?)(\d+)(?::(\$?)([A-Za-z]{1,3})(\$?)(\d+))?(?![\w(])/g

interface Reference {
  /** Undefined where the formula names no tab. */
  readonly title: string | undefined
  readonly row: number
  readonly column: number
  /** Exclusive. */
  readonly endRow: number
  readonly endColumn: number
  readonly isRange: boolean
  readonly absolute: readonly [boolean, boolean, boolean, boolean]
}

/** Undefined breaks the reference. */
type Change = (found: Reference) => Reference | undefined

function mapReferences(formula: string, change: Change): string {
  return formula.replace(reference, (whole: string, ...parts: readonly (string | undefined)[]) => {
    const found = readReference(whole, parts)
    if (!found) return whole
    const changed = change(found)
    return changed === found ? whole : changed ? writeReference(changed) : '#REF!'
  })
}

function readReference(whole: string, parts: readonly (string | undefined)[]): Reference | undefined {
  if (whole.startsWith('"')) return undefined
  const [quoted, plain, a, letters, b, digits, c, endLetters, d, endDigits] = parts
  const title = quoted?.replaceAll("''", "'") ?? plain
  const isRange = endDigits !== undefined
  return {
    title,
    row: Number(digits) - 1,
    column: columnOf(letters!),
    endRow: isRange ? Number(endDigits) : Number(digits),
    endColumn: isRange ? columnOf(endLetters!) + 1 : columnOf(letters!) + 1,
    isRange,
    absolute: [a === '$', b === '$', c === '$', d === '$'],
  }
}

function writeReference({ title, row, column, endRow, endColumn, isRange, absolute: [a, b, c, d] }: Reference): string {
  const plain = title !== undefined && /^[A-Za-z_]\w*$/.test(title)
  const tab = title === undefined ? '' : `${plain ? title : `'${title.replaceAll("'", "''")}'`}!`
  const from = `${a ? '$' : ''}${lettersOf(column)}${b ? '$' : ''}${row + 1}`
  return isRange ? `${tab}${from}:${c ? '$' : ''}${lettersOf(endColumn - 1)}${d ? '$' : ''}${endRow}` : `${tab}${from}`
}

/** Rewrites every formula of the workbook. */
function rewrite(workbook: Workbook, change: (found: Reference, within: Sheet) => Reference | undefined): void {
  for (const sheet of workbook.sheets) {
    if (!sheet.hasFormulas) continue
    for (let row = 0; row < sheet.rows.length; row++) {
      sheet.rows[row]?.forEach((cell, column) => {
        if (cell?.formula === undefined) return
        const formula = mapReferences(cell.formula, (found) => change(found, sheet))
        if (formula !== cell.formula) writableRow(sheet, row)[column] = { ...cell, formula }
      })
    }
  }
}

function isAbout(found: Reference, within: Sheet, sheet: Sheet): boolean {
  return found.title === undefined ? within.sheetId === sheet.sheetId : sameTitle(found.title, sheet.title)
}

export function breakReferences(workbook: Workbook, deleted: Sheet): void {
  rewrite(workbook, (found, within) => (found.title !== undefined && isAbout(found, within, deleted) ? undefined : found))
}

export function renameReferences(workbook: Workbook, sheet: Sheet, title: string): void {
  rewrite(workbook, (found, within) => (found.title !== undefined && isAbout(found, within, sheet) ? { ...found, title } : found))
}

export interface Moved {
  readonly sheet: Sheet
  readonly dimension: 'ROWS' | 'COLUMNS'
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

export function moveReferences(workbook: Workbook, { sheet, dimension, from, to }: Moved, how: 'insert' | 'delete'): void {
  const keys = dimension === 'ROWS' ? (['row', 'endRow'] as const) : (['column', 'endColumn'] as const)
  const count = to - from
  rewrite(workbook, (found, within) => {
    if (!isAbout(found, within, sheet)) return found
    const [start, end] = [found[keys[0]], found[keys[1]]]
    if (how === 'insert') {
      return { ...found, [keys[0]]: start >= from ? start + count : start, [keys[1]]: end > from ? end + count : end }
    }
    const shrink = (at: number): number => (at <= from ? at : at >= to ? at - count : from)
    const [first, last] = [shrink(start), shrink(end)]
    return last <= first ? undefined : { ...found, [keys[0]]: first, [keys[1]]: last }
  })
}

/** Of a formula that is pasted elsewhere: what is not fixed by `$` moves along. */
export function shiftFormula(formula: string, rows: number, columns: number): string {
  return mapReferences(formula, (found) => {
    const [a, b, c, d] = found.absolute
    const moved = {
      ...found,
      column: found.column + (a ? 0 : columns),
      row: found.row + (b ? 0 : rows),
      endColumn: found.endColumn + ((found.isRange ? c : a) ? 0 : columns),
      endRow: found.endRow + ((found.isRange ? d : b) ? 0 : rows),
    }
    return moved.row < 0 || moved.column < 0 ? undefined : moved
  })
}

/** Once a batch is done. */
export function computeFormulas(workbook: Workbook): void {
  for (let pass = 0; pass < 3; pass++) {
    let isSteady = true
    for (const sheet of workbook.sheets) {
      if (!sheet.hasFormulas) continue
      for (let row = 0; row < sheet.rows.length; row++) {
        sheet.rows[row]?.forEach((cell, column) => {
          if (cell?.formula === undefined) return
          const value = compute(workbook, sheet, cell.formula)
          if (value === cell.value) return
          isSteady = false
          const { value: _old, ...rest } = cell
          writableRow(sheet, row)[column] = value === undefined ? rest : { ...rest, value }
        })
      }
    }
    if (isSteady) return
  }
}

function compute(workbook: Workbook, within: Sheet, formula: string): CellValue | undefined {
  if (formula.includes('#REF!')) return '#REF!'
  const call = /^=\s*(?:(SUM|COUNTA|COUNT)\s*\(([^()]*)\)|([^()]+))\s*$/i.exec(formula)
  if (!call) return undefined
  const cells: (CellValue | undefined)[] = []
  let rest = call[2] ?? call[3] ?? ''
  rest = rest.replace(reference, (whole: string, ...parts: readonly (string | undefined)[]) => {
    const found = readReference(whole, parts)
    const sheet = found && (found.title === undefined ? within : workbook.sheets.find((one) => sameTitle(one.title, found.title!)))
    if (!found || !sheet) return whole
    for (let row = found.row; row < Math.min(found.endRow, sheet.rows.length); row++) {
      for (let column = found.column; column < found.endColumn; column++) {
        const cell = cellAt(sheet, row, column)
        cells.push(isFilled(cell) ? (cell?.value ?? '') : undefined)
      }
    }
    return ''
  })
  if (rest.replaceAll(/[,;\s]/g, '') !== '') return undefined
  const name = call[1]?.toUpperCase()
  if (name === 'SUM') return cells.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0)
  if (name === 'COUNT') return cells.filter((value) => typeof value === 'number').length
  if (name === 'COUNTA') return cells.filter((value) => value !== undefined).length
  return cells[0] ?? 0
}
