import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { connect, messageOf, row, type Connected, type Request } from './client.ts'

/** What the emulator ought to hold, in the plainest way: a tab is a list of rows of texts. */
interface Model {
  rows: string[][]
  rowCount: number
  columnCount: number
}

interface Step {
  readonly request: Request
  /** False where the API refuses it. */
  readonly apply: (model: Model) => boolean
}

function put(model: Model, at: number, column: number, text: string): void {
  while (model.rows.length <= at) model.rows.push([])
  const cells = model.rows[at]!
  while (cells.length <= column) cells.push('')
  cells[column] = text
}

function trimmed(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const short = rows.map((cells) => cells.slice(0, cells.findLastIndex((text) => text !== '') + 1))
  return short.slice(0, short.findLastIndex((cells) => cells.length > 0) + 1)
}

const text = fc.constantFrom('', 'Ana', '00501', '11E1', "'x", 'é')
const small = fc.nat({ max: 9 })

const updates: fc.Arbitrary<Step> = fc
  .record({
    rowIndex: small,
    columnIndex: fc.nat({ max: 5 }),
    cells: fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ rowIndex, columnIndex, cells }) => ({
    request: { updateCells: { start: { rowIndex, columnIndex }, rows: cells.map((one) => row(...one)), fields: 'userEnteredValue' } },
    apply: (model) => {
      const width = Math.max(...cells.map((one) => one.length))
      if (rowIndex + cells.length > model.rowCount || columnIndex + width > model.columnCount) return false
      cells.forEach((one, k) => one.forEach((value, l) => put(model, rowIndex + k, columnIndex + l, value)))
      return true
    },
  }))

const clears: fc.Arbitrary<Step> = fc.record({ from: small, count: fc.integer({ min: 1, max: 4 }) }).map(({ from, count }) => ({
  request: {
    updateCells: {
      range: { startRowIndex: from, endRowIndex: from + count, startColumnIndex: 0, endColumnIndex: 2 },
      rows: [],
      fields: 'userEnteredValue',
    },
  },
  apply: (model) => {
    if (from + count > model.rowCount) return false
    for (let k = from; k < from + count; k++) for (const column of [0, 1]) put(model, k, column, '')
    return true
  },
}))

const appends: fc.Arbitrary<Step> = fc
  .array(fc.array(text, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 3 })
  .map((cells) => ({
    request: { appendCells: { rows: cells.map((one) => row(...one)), fields: 'userEnteredValue' } },
    apply: (model) => {
      if (Math.max(...cells.map((one) => one.length)) > model.columnCount) return false
      const first = trimmed(model.rows).length
      model.rowCount = Math.max(model.rowCount, first + cells.length)
      cells.forEach((one, k) => one.forEach((value, l) => put(model, first + k, l, value)))
      return true
    },
  }))

const lines = fc.record({ kind: fc.constantFrom('insertDimension', 'deleteDimension'), from: small, count: fc.integer({ min: 1, max: 3 }) })

const dimensions: fc.Arbitrary<Step> = lines.map(({ kind, from, count }) => ({
  request: { [kind]: { range: { dimension: 'ROWS', startIndex: from, endIndex: from + count } } },
  apply: (model) => {
    if (kind === 'insertDimension') {
      if (from > model.rowCount) return false
      model.rowCount += count
      if (from < model.rows.length) model.rows.splice(from, 0, ...Array.from({ length: count }, () => []))
      return true
    }
    const gone = Math.min(from + count, model.rowCount) - from
    if (from >= model.rowCount || gone === model.rowCount) return false
    model.rowCount -= gone
    model.rows.splice(from, gone)
    return true
  },
}))

const step = fc.oneof(updates, clears, appends, dimensions)
const bad: readonly Request[] = [
  { deleteSheet: { sheetId: 99 } },
  { addSheet: { properties: { title: 'turf' } } },
  { appendCells: { rows: [row('1', '2', '3', '4', '5', '6', '7')], fields: '*' } },
  { updateCells: { start: { rowIndex: 5000 }, rows: [row('x')], fields: '*' } },
]

async function begin(): Promise<Connected> {
  const at = await connect()
  const properties = { gridProperties: { rowCount: 8, columnCount: 6 } }
  await at.batch({ updateSheetProperties: { properties, fields: 'gridProperties(rowCount,columnCount)' } })
  return at
}

it('keeps all of a batch or nothing of it, and what it keeps is what a plain list would hold', async () => {
  await using at = await begin()
  const begun = { rowCount: 8, columnCount: 6 }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }), async (batches) => {
      const id = at.emulator.copySpreadsheet(at.id, { title: 'Copy', sharedWith: [at.email] })
      let model: Model = { rows: [], ...begun }
      for (const steps of batches) {
        const tried: Model = { ...model, rows: model.rows.map((cells) => [...cells]) }
        const isGood = steps.every(({ apply }) => apply(tried))
        const sent = at.sheets.spreadsheets.batchUpdate({
          spreadsheetId: id,
          requestBody: { requests: steps.map(({ request }) => request) },
        })
        expect(
          await sent.then(
            () => true,
            () => false,
          ),
        ).toBe(isGood)
        if (isGood) model = tried
        expect(at.emulator.values(id, 'Turf')).toEqual(trimmed(model.rows))
        expect(at.emulator.snapshot(id).tabs[0]).toMatchObject({ rowCount: model.rowCount, columnCount: model.columnCount })
      }
    }),
    { numRuns: 60 },
  )
})

it('changes nothing by a batch with one request that is refused, wherever it stands', async () => {
  await using at = await begin()
  await at.write('A1', [['a', '=1'], ['b']])
  const before = at.emulator.snapshot(at.id)
  await fc.assert(
    fc.asyncProperty(fc.array(updates, { maxLength: 4 }), fc.constantFrom(...bad), fc.nat(), async (steps, wrong, where) => {
      const requests = steps.map(({ request }) => request)
      requests.splice(where % (requests.length + 1), 0, wrong)
      await messageOf(at.batch({ duplicateSheet: { newSheetName: 'Copy' } }, ...requests))
      expect(at.emulator.snapshot(at.id)).toEqual(before)
    }),
    { numRuns: 60 },
  )
})
