/**
 * Rows and columns that come and go. Everything that refers to cells follows: formulas of every tab, named and protected ranges, the filter, merges, metadata of rows and
 * columns. What refers to nothing but deleted cells is gone, in formulas as `#REF!`.
 */
import { formatOf, isFormula, isRich, makeCell } from '../model/cell.ts'
import { writableSheet, type Draft, type SheetDraft } from '../model/draft.ts'
import { moveReferences } from '../model/formula.ts'
import { moveLine, moveRange, type DimensionChange } from '../model/grid-range.ts'
import type { Cell, DeveloperMetadata, DimensionProperties, Formula, GridRange, Row } from '../model/spreadsheet.ts'

/** Lines `start` up to `end` are inserted or deleted; bounds are checked by the caller. */
export function changeLines(draft: Draft, change: DimensionChange, inherit?: 'before' | 'after'): void {
  const sheet = writableSheet(draft, change.sheetId)
  if (change.dimension === 'ROWS') changeRows(sheet, change, inherit)
  else changeColumns(sheet, change, inherit)
  moveFormulas(draft, (formula) => moveReferences(formula, change))
  moveRanges(draft, sheet, change)
}

function changeRows(sheet: SheetDraft, { kind, start, end }: DimensionChange, inherit: 'before' | 'after' | undefined): void {
  const { rows } = sheet
  const count = end - start
  if (kind === 'delete') {
    rows.splice(start, count)
    sheet.rowCount -= count
    sheet.frozenRowCount -= Math.max(0, Math.min(end, sheet.frozenRowCount) - start)
    return
  }
  const model = inherit && rows[inherit === 'before' ? start - 1 : start]
  const row = model && inheritedRow(model)
  if (row || start < rows.length)
    sheet.rows = [...rows.slice(0, start), ...pad(start - rows.length), ...repeat(row, count), ...rows.slice(start)]
  sheet.rowCount += count
}

function pad(count: number): readonly undefined[] {
  return repeat(undefined, Math.max(0, count))
}

function repeat<T>(value: T, count: number): readonly T[] {
  return Array.from({ length: count }, () => value)
}

/** New lines look like their neighbour, and hold nothing. */
function inheritedRow(model: Row): Row | undefined {
  const row = model.map((cell) => makeCell({ format: formatOf(cell) }))
  return row.some((cell) => cell !== undefined) ? row : undefined
}

function changeColumns(sheet: SheetDraft, { kind, start, end }: DimensionChange, inherit: 'before' | 'after' | undefined): void {
  const count = end - start
  sheet.columnCount += kind === 'insert' ? count : -count
  if (kind === 'delete') sheet.frozenColumnCount -= Math.max(0, Math.min(end, sheet.frozenColumnCount) - start)
  for (const [at, row] of sheet.rows.entries()) {
    if (!row || row.length < (kind === 'delete' ? start + 1 : start)) continue
    if (kind === 'delete') sheet.rows[at] = [...row.slice(0, start), ...row.slice(end)]
    else {
      const format = inherit && formatOf(row[inherit === 'before' ? start - 1 : start])
      sheet.rows[at] = [...row.slice(0, start), ...repeat(makeCell({ format }), count), ...row.slice(start)]
    }
  }
}

/** Every formula of every tab; `map` returns the same formula where nothing changes. */
export function moveFormulas(draft: Draft, map: (formula: Formula, sheetId: number) => Formula): void {
  for (const { id, hasFormulas, rows } of draft.sheets) {
    if (!hasFormulas) continue
    for (const [at, row] of rows.entries()) {
      const moved = row && moveRow(row, (formula) => map(formula, id))
      if (moved !== row) writableSheet(draft, id).rows[at] = moved
    }
  }
}

function moveRow(row: Row, map: (formula: Formula) => Formula): Row {
  let moved: Cell[] | undefined
  for (const [column, cell] of row.entries()) {
    if (!isRich(cell) || !isFormula(cell.value)) continue
    const value = map(cell.value)
    if (value === cell.value) continue
    moved ??= [...row]
    moved[column] = { ...cell, value }
  }
  return moved ?? row
}

function moveRanges(draft: Draft, sheet: SheetDraft, change: DimensionChange): void {
  const move = (range: GridRange): readonly GridRange[] => {
    const moved = moveRange(range, change)
    return moved ? [moved] : []
  }
  draft.namedRanges = draft.namedRanges.flatMap((named) => move(named.range).map((range) => ({ ...named, range })))
  draft.metadata = draft.metadata.flatMap((one) => moveMetadata(one, change))
  sheet.protectedRanges = sheet.protectedRanges.flatMap((one) =>
    move(one.range).map((range) => ({ ...one, range, unprotectedRanges: one.unprotectedRanges.flatMap(move) })),
  )
  sheet.merges = sheet.merges.flatMap(move)
  if (sheet.basicFilter) {
    const [range] = move(sheet.basicFilter.range)
    if (range) sheet.basicFilter = { ...sheet.basicFilter, range }
    else delete sheet.basicFilter
  }
  const properties = change.dimension === 'ROWS' ? 'rowProperties' : 'columnProperties'
  sheet[properties] = moveProperties(sheet[properties], change)
}

function moveProperties(
  properties: ReadonlyMap<number, DimensionProperties>,
  change: DimensionChange,
): ReadonlyMap<number, DimensionProperties> {
  return new Map(
    [...properties].flatMap(([line, one]) => {
      const moved = moveLine(line, change)
      return moved === undefined ? [] : [[moved, one] as const]
    }),
  )
}

function moveMetadata(metadata: DeveloperMetadata, change: DimensionChange): readonly DeveloperMetadata[] {
  const { place } = metadata
  const type = change.dimension === 'ROWS' ? 'ROW' : 'COLUMN'
  if ((place.type !== 'ROW' && place.type !== 'COLUMN') || place.type !== type || place.sheetId !== change.sheetId) return [metadata]
  const index = moveLine(place.index, change)
  return index === undefined ? [] : [{ ...metadata, place: { ...place, index } }]
}
