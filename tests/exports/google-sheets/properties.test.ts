/** Random tables, modes, sizes and faults: whoever looks after any commit sees what was there or what shall be, and nothing else. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SqlflowError } from '../../../src/core/errors.ts'
import type { FaultKind } from '../../../src/emulators/google-sheets/faults.ts'
import { callSizes } from '../../../src/exports/destinations/google-sheets/call-sizes.ts'
import { PlanRefusal } from '../../../src/exports/destinations/google-sheets/push-spreadsheet.ts'
import { openPushGround, tinySizes, type PushGround, type SheetPush, type Table, type Value } from './push-tables.ts'
import { expectPush, trim, type Grid, type ModelCell, type SheetModel } from './sheet-model.ts'

let ground: PushGround
beforeAll(async () => {
  ground = await openPushGround()
})
afterAll(() => ground[Symbol.asyncDispose]())

const today = 46_329

/* Tables */

const texts = ['00501', '11E1', '=IMPORTXML("x")', '+1', "'quoted", 'TRUE', ' ', '2026-11-03', 'a\nb', 'Ünï 😀', '', '#REF!']
const valueOf: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  integer: fc.integer({ min: -999, max: 999 }).map((one) => ({ sql: String(one), cell: one })),
  numeric: fc.constantFrom<Value>(
    { sql: '12.5', cell: 12.5 },
    { sql: '12345678901234567890', cell: '12345678901234567890' },
    { sql: 'NaN', cell: 'NaN' },
  ),
  boolean: fc.boolean().map((one) => ({ sql: one ? 't' : 'f', cell: one })),
  date: fc.constantFrom<Value>(
    { sql: '2026-11-03', cell: 46_329 },
    { sql: '2024-02-29', cell: 45_351 },
    { sql: 'infinity', cell: 'infinity' },
  ),
  jsonb: fc.constantFrom<Value>({ sql: '{"a": 1}', cell: '{"a":1}' }),
  text: fc.oneof(fc.constantFrom(...texts), fc.string({ maxLength: 12 })).map((one) => ({ sql: one, cell: one })),
}
const nothing: Value = { sql: null, cell: '' }

const columns = fc
  .uniqueArray(
    fc.record({ name: fc.constantFrom<string>('name', 'zip', 'votes', 'active', 'day'), type: fc.constantFrom(...Object.keys(valueOf)) }),
    {
      selector: ({ name }) => name,
      maxLength: 5,
    },
  )
  .chain((others) => fc.nat(others.length).map((at) => others.toSpliced(at, 0, { name: 'id', type: 'integer' })))

/** `id` names a row. */
const table: fc.Arbitrary<Table> = columns.chain((own) =>
  fc
    .tuple(
      fc.uniqueArray(fc.nat(9), { maxLength: 7 }),
      fc.array(
        fc.tuple(
          ...own.map(({ type }) => fc.oneof({ weight: 1, arbitrary: fc.constant(nothing) }, { weight: 4, arbitrary: valueOf[type]! })),
        ),
        {
          minLength: 7,
          maxLength: 7,
        },
      ),
    )
    .map(([ids, values]) => ({
      columns: own,
      rows: ids.map((id, r) => values[r]!.map((value, k) => (own[k]!.name === 'id' ? { sql: String(id), cell: id } : value))),
    })),
)

/* Exports */

const destination: fc.Arbitrary<SheetPush['to']> = fc.oneof(
  fc.record({ mode: fc.constant('replace' as const), header: fc.boolean(), start: fc.record({ row: fc.nat(2), column: fc.nat(2) }) }),
  fc.record({ mode: fc.constant('append' as const), header: fc.boolean() }),
  fc.record({
    mode: fc.constant('upsert' as const),
    key: fc.constant(['id']),
    start: fc.record({ row: fc.nat(1), column: fc.nat(1) }),
    onRemoved: fc.oneof(fc.constantFrom('keep' as const, 'clear' as const, 'delete_row' as const), fc.constant({ mark: 'Gone on' })),
  }),
  fc.record({ mode: fc.constant('snapshot' as const), keep: fc.integer({ min: 1, max: 3 }) }),
)

/* Faults */

const before: readonly FaultKind[] = ['429', '429-retry-after', '401', '500-before', '503-before', 'reset-before']
const after: readonly FaultKind[] = ['500-after-commit', '503-after-commit', 'reset-after-commit', 'html-502', 'truncated', 'slow']

interface Trouble {
  /** `times` calls from the nth on. */
  readonly faults: readonly { readonly nth: number; readonly kind: FaultKind; readonly times: number }[]
  /** The signal is aborted as this call arrives. */
  readonly abort: number | undefined
}
const nth = fc.integer({ min: 1, max: 9 })
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.constant({ faults: [], abort: undefined }),
  fc
    .array(fc.record({ nth, kind: fc.constantFrom(...before, ...after), times: fc.constant(1) }), { maxLength: 4 })
    .map((faults) => ({ faults, abort: undefined })),
  fc
    .record({ nth, kind: fc.constantFrom(...before, ...after.filter((kind) => kind !== 'slow')), times: fc.constant(40) })
    .map((fault) => ({ faults: [fault], abort: undefined })),
  nth.map((abort) => ({ faults: [], abort })),
)

/* People */

type Edit = 'sort' | 'note' | 'insert column' | 'none'
const edit: fc.Arbitrary<Edit> = fc.constantFrom('none', 'sort', 'note', 'insert column')

interface Scenario {
  readonly exports: readonly SheetPush['to'][]
  readonly staged: boolean
  readonly steps: readonly {
    readonly tables: readonly Table[]
    readonly trouble: Trouble
    readonly edit: Edit
    readonly nextDay: boolean
  }[]
}
const scenario: fc.Arbitrary<Scenario> = fc.record({
  exports: fc.array(destination, { minLength: 1, maxLength: 3 }),
  staged: fc.boolean(),
  steps: fc.array(fc.record({ tables: fc.array(table, { minLength: 3, maxLength: 3 }), trouble, edit, nextDay: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  }),
})

describe('A spreadsheet with tables of several exports', () => {
  it('is whole at every moment, and right after every run that ended well', { timeout: 180_000 }, async () => {
    await expect(fc.assert(fc.asyncProperty(scenario, play), { numRuns: 250 })).resolves.toBeUndefined()
  })
})

async function play({ exports, staged, steps }: Scenario): Promise<void> {
  const id = ground.create()
  // A formula of people over each table, which must go on pointing to it.
  let model: SheetModel = { tabs: new Map([['Sheet1', []]]), memories: new Map() }
  let day = 1
  for (const [k, step] of steps.entries()) {
    if (step.nextDay) day++
    const run = `run-${k}`
    const pushes = exports.map((to, n): SheetPush => {
      const date = `2026-11-0${day}`
      const own = to.mode === 'snapshot' ? { tab: `Turf ${n} ${date}`, day: date } : { tab: `${to.mode} ${n}` }
      return { name: `export_${n}`, table: step.tables[n]!, to, ...own }
    })
    model = people(id, model, pushes, step.edit)
    model = await runStep(id, model, { pushes, run, staged, trouble: step.trouble })
  }
}

interface Step {
  readonly pushes: readonly SheetPush[]
  readonly run: string
  readonly staged: boolean
  readonly trouble: Trouble
}

async function runStep(id: string, model: SheetModel, { pushes, run, staged, trouble: { faults, abort } }: Step): Promise<SheetModel> {
  const wanted = expectPush(model, { pushes, run, today })
  const [old, next] = [model, wanted ?? model].map(told)
  const seen = new Set<string>()
  using _watching = ground.watch(id, () => void seen.add(look(id)))
  const options = { pushes, run, sizes: staged ? tinySizes : callSizes }
  for (const { times, ...fault } of faults)
    for (let k = 0; k < times; k++) ground.emulator.faults.add({ match: /spreadsheets/, delay: 60, ...fault })
  const error = await ended(id, { ...options, impatient: faults.some(({ kind }) => kind === 'slow') }, abort)
  ground.emulator.faults.clear()
  expect([old, next]).toEqual(expect.arrayContaining([...seen]))
  if (wanted === undefined) {
    expect(error).toBeDefined()
    expect(look(id)).toBe(old)
    return model
  }
  if (error === undefined) expect(look(id)).toBe(next)
  else {
    if (faults.every(({ kind }) => before.includes(kind)) && abort === undefined) expect(look(id)).toBe(old)
    expect([old, next]).toContain(look(id))
    await ground.push(id, options)
    expect(look(id)).toBe(next)
    expect([old, next]).toEqual(expect.arrayContaining([...seen]))
  }
  expect(ground.emulator.snapshot(id).tabs.filter(({ hidden }) => hidden)).toEqual([])
  const calls: string[] = []
  using _counting = ground.onCall((kind) => calls.push(kind))
  await ground.push(id, options)
  expect(calls.filter((kind) => kind !== 'other')).toEqual(['read']) // the first call of a client logs in besides
  return wanted
}

/** The error that a person would read; undefined where all is well. */
async function ended(id: string, options: Parameters<PushGround['push']>[1], abort: number | undefined): Promise<Error | undefined> {
  const controller = new AbortController()
  let calls = 0
  using _counting = ground.onCall(() => {
    if (++calls === abort) controller.abort(new Error('stopped'))
  })
  try {
    await ground.push(id, { ...options, signal: controller.signal })
    return undefined
  } catch (error) {
    if (error instanceof SqlflowError || error instanceof PlanRefusal || (error instanceof Error && error === controller.signal.reason))
      return error
    throw error
  }
}

/** What a reader sees: the tabs that are not hidden. */
function look(id: string): string {
  const tabs = ground.emulator.snapshot(id).tabs.filter(({ hidden }) => !hidden)
  return tell(new Map(tabs.map(({ title }) => [title, ground.emulator.values(id, title)])))
}

function told({ tabs }: SheetModel): string {
  return tell(tabs)
}

/** Rows that `upsert` cleared may be filled again or stay blank: both are right. */
function tell(tabs: ReadonlyMap<string, Grid>): string {
  const sorted = [...tabs].toSorted(([a], [b]) => a.localeCompare(b))
  return JSON.stringify(sorted.map(([title, grid]) => [title, trim(grid).filter((row) => row.length > 0 || !title.startsWith('upsert'))]))
}

/** What people do between two runs. */
function people(id: string, model: SheetModel, pushes: readonly SheetPush[], what: Edit): SheetModel {
  const tabs = new Map(model.tabs)
  for (const { tab, to } of pushes) {
    if (what === 'none' || !tabs.has(tab)) continue
    const grid = ground.emulator.values(id, tab)
    const edited = trim(editGrid(grid, to, what))
    tabs.set(tab, edited)
    type(id, tab, grid, edited)
  }
  if (what === 'note') tabs.set('Sheet1', typeFormulas(id, tabs, pushes))
  return { ...model, tabs }
}

/** Over each table, in a tab of people's own: what they refer to must not break. */
function typeFormulas(id: string, tabs: ReadonlyMap<string, Grid>, pushes: readonly SheetPush[]): Grid {
  const formulas = pushes.filter(({ tab, to }) => tabs.has(tab) && to.mode !== 'snapshot').map(({ tab }) => `=COUNTA('${tab}'!A:C)`)
  const values = formulas.map((formulaValue) => ({ userEnteredValue: { formulaValue } }))
  const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 5 }
  ground.emulator.edit(id, [{ updateCells: { range, rows: [{ values }], fields: 'userEnteredValue' } }])
  return trim([formulas])
}

function editGrid(grid: Grid, to: SheetPush['to'], what: Edit): Grid {
  const top = to.start?.row ?? 0
  const first = top + (to.header === false ? 0 : 1)
  const head = grid.slice(0, first)
  const data = grid.slice(first)
  switch (to.mode) {
    case 'upsert':
      if (what === 'sort') return [...head, ...data.toReversed()]
      if (what === 'insert column')
        return grid.map((row, r) => (row.length > 1 ? row.toSpliced(1 + (to.start?.column ?? 0), 0, r === top ? '' : '') : row))
      return [
        ...head.map((row, r) => (r === top && !row.includes('Notes') ? [...row, 'Notes'] : row)),
        ...data.map((row) => noted(row, grid[top] ?? [])),
      ]
    case 'append':
      if (what === 'insert column') return grid.map((row) => (row.length > 1 ? row.toSpliced(1, 0, '') : row))
      return what === 'sort' ? [...head, ...data.toReversed()] : grid
    case 'replace':
    case 'snapshot':
      return what === 'note' ? grid.map((row, r) => far(row, `note ${r}`)) : grid
  }
}

function noted(row: readonly ModelCell[], header: readonly ModelCell[]): readonly ModelCell[] {
  const at = header.includes('Notes') ? header.indexOf('Notes') : header.length
  return row.length === 0 ? row : padded(row, at).with(at, 'called')
}

/** Beyond an empty column. */
function far(row: readonly ModelCell[], text: string): readonly ModelCell[] {
  return padded(row, 12).with(12, text)
}

function padded(row: readonly ModelCell[], to: number): ModelCell[] {
  return Array.from({ length: Math.max(row.length, to + 1) }, (_, k) => row[k] ?? '')
}

function type(id: string, tab: string, old: Grid, cells: Grid): void {
  const found = ground.emulator.snapshot(id).tabs.find(({ title }) => title === tab)!
  const rows = Math.max(old.length, cells.length, 1)
  const width = Math.max(1, ...[...old, ...cells].map((row) => row.length))
  const grow = (dimension: string, length: number): readonly object[] =>
    length > 0 ? [{ appendDimension: { sheetId: found.sheetId, dimension, length } }] : []
  ground.emulator.edit(id, [
    ...grow('ROWS', rows - found.rowCount),
    ...grow('COLUMNS', width - found.columnCount),
    {
      updateCells: {
        range: { sheetId: found.sheetId, startRowIndex: 0, endRowIndex: rows, startColumnIndex: 0, endColumnIndex: width },
        rows: cells.map((row) => ({ values: row.map(typedCell) })),
        fields: 'userEnteredValue',
      },
    },
  ])
}

function typedCell(cell: ModelCell): object {
  if (cell === '') return {}
  if (typeof cell === 'number') return { userEnteredValue: { numberValue: cell } }
  return { userEnteredValue: typeof cell === 'boolean' ? { boolValue: cell } : { stringValue: cell } }
}
