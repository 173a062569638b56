/**
 * Formulas as far as they matter to who writes beside them: what they point to moves, shrinks or breaks with rows, columns and tabs, as it does in
 * Google's. Computed are SUM, COUNT, COUNTA and a reference alone; anything else has no value here.
 */
import { columnOf, lettersOf, sameTitle } from './a1-notation.ts'
import { cellAt, isFilled, writableRow, type CellValue, type Sheet, type Workbook } from './workbook.ts'

const title = /(?:'((?:[^']|'')+)'|([\p{L}_][\p{L}\p{N}_]*))!/u.source
const end = /(?:(\$?)([A-Za-z]{1,3}))?(?:(\$?)(\d+))?/.source

/** Text in quotes, or what may be a reference: `A1`, `A1:B2`, `A:A`, `2:5`, `A2:B`, with or without a tab. */
const reference = new RegExp(`"[^"]*"|(?<![\\p{L}\\p{N}_.$])(?:${title})?(?=[$A-Za-z\\d])${end}(?::${end})?(?![\\p{L}\\p{N}_.(!])`, 'gu')

interface Reference {
  /** Undefined where the formula names no tab. */
  readonly title: string | undefined
  /** Bounds are undefined where they are left open, as in `A:A`. */
  readonly row: number | undefined
  readonly column: number | undefined
  /** Exclusive. */
  readonly endRow: number | undefined
  readonly endColumn: number | undefined
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

/** Undefined for text in quotes, a number, or a name. */
function readReference(whole: string, parts: readonly (string | undefined)[]): Reference | undefined {
  const [quoted, plain, a, letters, b, digits, c, endLetters, d, endDigits] = parts
  const isRange = /:[^!']*$/.test(whole)
  const isOne = letters !== undefined && digits !== undefined
  if (whole.startsWith('"') || (isRange ? !endLetters && !endDigits : !isOne) || (!letters && !digits)) return undefined
  const row = digits === undefined ? undefined : Number(digits) - 1
  const column = letters === undefined ? undefined : columnOf(letters)
  return {
    title: quoted?.replaceAll("''", "'") ?? plain,
    row,
    column,
    endRow: isRange ? (endDigits === undefined ? undefined : Number(endDigits)) : row! + 1,
    endColumn: isRange ? (endLetters === undefined ? undefined : columnOf(endLetters) + 1) : column! + 1,
    isRange,
    absolute: [a === '$', b === '$', c === '$', d === '$'],
  }
}

function writeReference({ title, row, column, endRow, endColumn, isRange, absolute: [a, b, c, d] }: Reference): string {
  const plain = title !== undefined && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(title)
  const tab = title === undefined ? '' : `${plain ? title : `'${title.replaceAll("'", "''")}'`}!`
  const from = writeEnd(column, row, a, b)
  if (!isRange) return `${tab}${from}`
  return `${tab}${from}:${writeEnd(endColumn === undefined ? undefined : endColumn - 1, endRow === undefined ? undefined : endRow - 1, c, d)}`
}

function writeEnd(column: number | undefined, row: number | undefined, isFixedColumn: boolean, isFixedRow: boolean): string {
  const letters = column === undefined ? '' : `${isFixedColumn ? '$' : ''}${lettersOf(column)}`
  return row === undefined ? letters : `${letters}${isFixedRow ? '$' : ''}${row + 1}`
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
    const moved = (at: number | undefined, isStart: boolean): number | undefined => {
      if (at === undefined) return undefined
      if (how === 'insert') return at > from || (isStart && at === from) ? at + count : at
      return at <= from ? at : at >= to ? at - count : from
    }
    const [first, last] = [moved(start, true), moved(end, false)]
    return last !== undefined && last <= (first ?? 0) ? undefined : { ...found, [keys[0]]: first, [keys[1]]: last }
  })
}

/** Of a formula that is pasted elsewhere: what is not fixed by `$` moves along. */
export function shiftFormula(formula: string, rows: number, columns: number): string {
  return mapReferences(formula, (found) => {
    const [a, b, c, d] = found.absolute
    const by = (at: number | undefined, isFixed: boolean, count: number): number | undefined =>
      at === undefined || isFixed ? at : at + count
    const moved = {
      ...found,
      column: by(found.column, a, columns),
      row: by(found.row, b, rows),
      endColumn: by(found.endColumn, found.isRange ? c : a, columns),
      endRow: by(found.endRow, found.isRange ? d : b, rows),
    }
    return (moved.row ?? 0) < 0 || (moved.column ?? 0) < 0 ? undefined : moved
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
    for (let row = found.row ?? 0; row < Math.min(found.endRow ?? Infinity, sheet.rows.length); row++) {
      for (let column = found.column ?? 0; column < Math.min(found.endColumn ?? Infinity, sheet.columnCount); column++) {
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
