/**
 * What a spreadsheet must hold after exports, said as plainly as can be and without any code of the destination: tests compare with it. A step
 * gives another spreadsheet, or is refused and gives none.
 */
import type { SheetPush, Table, Value } from './push-tables.ts'

export type ModelCell = string | number | boolean
/** Without trailing empty cells and rows. */
export type Grid = readonly (readonly ModelCell[])[]

/** What an export remembers of its last commit. */
interface Memory {
  readonly table: Table
  readonly runs: readonly string[]
}

export interface SheetModel {
  readonly tabs: ReadonlyMap<string, Grid>
  /** By export, and day where it has one. */
  readonly memories: ReadonlyMap<string, Memory>
}

export interface ModelStep {
  readonly pushes: readonly SheetPush[]
  readonly run: string
  /** `2026-11-03` as a cell. */
  readonly today: number
}

/** All of the exports, or undefined where one of them must be refused. */
export function expectPush(model: SheetModel, step: ModelStep): SheetModel | undefined {
  let next: SheetModel | undefined = model
  for (const push of step.pushes) next = next && expectOne(next, push, step)
  return next
}

export function trim(grid: readonly (readonly ModelCell[])[]): Grid {
  const rows = grid.map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1))
  return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1)
}

function expectOne(model: SheetModel, push: SheetPush, { run, today }: ModelStep): SheetModel | undefined {
  const { name, tab, to, day } = push
  const memory = model.memories.get(memoryName(name, day))
  const before = model.tabs.get(tab)
  const grid = (before ?? []).map((row) => [...row])
  const done = (cells: Grid): SheetModel => ({
    tabs: new Map([...model.tabs, [tab, trim(cells)]]),
    memories: new Map([...model.memories, [memoryName(name, day), { table: push.table, runs: [...(memory?.runs ?? []), run] }]]),
  })
  switch (to.mode) {
    case 'replace':
      return memory && isSame(memory.table, push.table) ? model : done(replaced(grid, push, memory))
    case 'snapshot':
      return memory && isSame(memory.table, push.table) ? model : withoutOld(done(replaced(grid, push, memory)), push)
    case 'append': {
      if (memory === undefined) return done(replaced(grid, push, memory))
      if (memory.runs.includes(run) || push.table.rows.length === 0) return model
      const cells = appended(grid, push, memory)
      return cells && done(cells)
    }
    case 'upsert':
      if (memory === undefined) return done(replaced(grid, push, memory))
      return isSame(memory.table, push.table) ? model : done(upserted(grid, push, today))
    default:
      return to.mode satisfies never
  }
}

function memoryName(name: string, day: string | undefined): string {
  return `${name}@${day ?? ''}`
}

/** The same columns with the same looks, and the same rows in any order. */
function isSame(a: Table, b: Table): boolean {
  const rowsOf = (table: Table): readonly string[] =>
    table.rows.map((row) => JSON.stringify(row.map(({ sql, cell }) => (sql === null ? null : cell)))).toSorted()
  return JSON.stringify([looksOf(a), rowsOf(a)]) === JSON.stringify([looksOf(b), rowsOf(b)])
}

function looksOf({ columns }: Table): readonly string[] {
  return columns.map(({ name, type }) => `${name} ${looks[type] ?? 'plain'}`)
}

/** Types whose columns get a number format. */
const looks: Readonly<Record<string, string>> = { text: 'text', jsonb: 'text', date: 'date' }

type Cells = ModelCell[][]

function put(grid: Cells, row: number, column: number, cell: ModelCell): void {
  while (grid.length <= row) grid.push([])
  const cells = grid[row]!
  while (cells.length <= column) cells.push('')
  cells[column] = cell
}

function startOf({ to }: SheetPush): { readonly row: number; readonly column: number; readonly header: boolean } {
  return { row: 0, column: 0, ...to.start, header: to.header ?? true }
}

function putTable(grid: Cells, push: SheetPush, table: readonly (readonly ModelCell[])[]): void {
  const { row, column } = startOf(push)
  table.forEach((cells, r) => cells.forEach((cell, k) => put(grid, row + r, column + k, cell)))
}

function wholeTable(push: SheetPush, { columns, rows }: Table): readonly (readonly ModelCell[])[] {
  const header = startOf(push).header ? [columns.map(({ name }) => name)] : []
  return [...header, ...rows.map((row) => row.map(({ cell }) => cell))]
}

function replaced(grid: Cells, push: SheetPush, memory: Memory | undefined): Cells {
  if (memory)
    putTable(
      grid,
      push,
      wholeTable(push, memory.table).map((row) => row.map(() => '')),
    )
  putTable(grid, push, wholeTable(push, push.table))
  return grid
}

/** Of the tabs of earlier days, the latest stay, so that there are `keep` with that of today. */
function withoutOld(model: SheetModel, { name, to, day, tab }: SheetPush): SheetModel {
  const family = tab.slice(0, -10)
  const days = [...model.memories.keys()].filter((key) => key.startsWith(`${name}@`)).map((key) => key.slice(name.length + 1))
  const earlier = days.filter((one) => one < (day ?? '')).toSorted()
  const old = earlier.slice(0, Math.max(0, earlier.length - (to.keep ?? Infinity) + 1))
  return {
    tabs: new Map([...model.tabs].filter(([title]) => !old.some((one) => title === `${family}${one}`))),
    memories: new Map([...model.memories].filter(([key]) => !old.some((one) => key === memoryName(name, one)))),
  }
}

/** Undefined where the columns are others than those that are there. */
function appended(grid: Cells, push: SheetPush, memory: Memory): Cells | undefined {
  const { row, column, header } = startOf(push)
  const titles = push.table.columns.map(({ name }) => name)
  const there = header ? (grid[row] ?? []).slice(column) : looksOf(memory.table)
  const wanted = header ? titles : looksOf(push.table)
  const known = memory.table.columns.length
  const differs = header
    ? wanted.some((title, k) => ((there[k] ?? '') !== '' || k < known) && there[k] !== title)
    : there.some((look, k) => wanted[k] !== look)
  if (differs) return undefined
  if (header) titles.forEach((title, k) => put(grid, row, column + k, title))
  const end = trim(grid).length
  push.table.rows.forEach((cells, r) => cells.forEach(({ cell }, k) => put(grid, end + r, column + k, cell)))
  return grid
}

/** Rows by key, columns by title, new ones at the end. */
function upserted(grid: Cells, push: SheetPush, today: number): Cells {
  const { row: top, column: left } = startOf(push)
  const { columns, rows } = push.table
  const columnOf = (title: string): number => grid[top]!.indexOf(title, left)
  const place = (title: string): number => {
    if (columnOf(title) === -1) put(grid, top, Math.max(left, grid[top]!.findLastIndex((one) => one !== '') + 1), title)
    return columnOf(title)
  }
  const keys = columns.flatMap(({ name }, k) => (push.to.key!.includes(name) ? [k] : []))
  const keyOfQuery = (row: readonly Value[]): string => JSON.stringify(keys.map((k) => row[k]!.cell))
  const keyOfSheet = (row: number): string => JSON.stringify(keys.map((k) => grid[row]?.[columnOf(columns[k]!.name)] ?? ''))
  const isNobodys = (row: number): boolean => keys.every((k) => (grid[row]?.[columnOf(columns[k]!.name)] ?? '') === '')
  const data = Array.from({ length: Math.max(0, trim(grid).length - top - 1) }, (_, k) => top + 1 + k).filter((row) => !isNobodys(row))
  const found = new Map(data.map((row) => [keyOfSheet(row), row]))
  const wanted = new Set(rows.map(keyOfQuery))
  const gone = [...found].filter(([key]) => !wanted.has(key)).map(([, row]) => row)
  for (const { name } of columns) place(name)
  const { onRemoved = 'keep' } = push.to
  const mark =
    typeof onRemoved === 'string' ? undefined : columnOf(onRemoved.mark) !== -1 || gone.length > 0 ? place(onRemoved.mark) : undefined
  const added: (readonly Value[])[] = []
  for (const row of rows) {
    const at = found.get(keyOfQuery(row))
    if (at === undefined) added.push(row)
    else {
      row.forEach(({ cell }, k) => put(grid, at, columnOf(columns[k]!.name), cell))
      if (mark !== undefined) put(grid, at, mark, '')
    }
  }
  for (const row of gone) {
    if (mark !== undefined && (grid[row]?.[mark] ?? '') === '') put(grid, row, mark, today)
    if (onRemoved === 'clear') for (const { name } of columns) put(grid, row, columnOf(name), '')
  }
  const end = trim(grid).length
  added.forEach((row, r) => row.forEach(({ cell }, k) => put(grid, end + r, columnOf(columns[k]!.name), cell)))
  return onRemoved === 'delete_row' ? grid.filter((_, row) => !gone.includes(row)) : grid
}
