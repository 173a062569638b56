import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { area, openGround, type Ground } from './ground.ts'

let ground: Ground

beforeAll(async () => {
  ground = await openGround()
})

afterAll(async () => ground[Symbol.asyncDispose]())

const rows = (sheetId: number, startIndex: number, endIndex: number): object => ({
  range: { sheetId, dimension: 'ROWS', startIndex, endIndex },
})

describe('what other tabs refer to', () => {
  const create = (): string =>
    ground.create({
      Data: [['votes'], [1], [2], [3], [4]],
      'Sum of it': [['=SUM(Data!A2:A5)', '=COUNTA(Data!A:A)', '=Data!A3', '=COUNT(Data!$A$1:A5)', '="Data!A2"']],
    })

  it('is computed', async () => {
    expect(await ground.read(create(), "'Sum of it'")).toEqual([[10, 5, 2, 4]])
  })

  it('moves with rows that are inserted', async () => {
    const id = create()
    await ground.batch(id, { insertDimension: rows(0, 2, 4) })
    expect(await ground.read(id, "'Sum of it'", 'FORMULA')).toEqual([
      ['=SUM(Data!A2:A7)', '=COUNTA(Data!A:A)', '=Data!A5', '=COUNT(Data!$A$1:A7)', '="Data!A2"'],
    ])
    expect(await ground.read(id, "'Sum of it'")).toEqual([[10, 5, 2, 4]])
  })

  it('shrinks with rows that are deleted, for good', async () => {
    const id = create()
    await ground.batch(id, { deleteDimension: rows(0, 2, 4) })
    expect(await ground.read(id, "'Sum of it'", 'FORMULA')).toEqual([
      ['=SUM(Data!A2:A3)', '=COUNTA(Data!A:A)', '=#REF!', '=COUNT(Data!$A$1:A3)', '="Data!A2"'],
    ])
    expect(await ground.read(id, "'Sum of it'")).toEqual([[5, 3, '#REF!', 2]])
  })

  it('shrinks with a grid that is made smaller, and stays with cells that are emptied', async () => {
    const id = create()
    await ground.batch(id, { updateCells: { range: area(0, [0, 5], [0, 1]), fields: 'userEnteredValue' } })
    expect(await ground.read(id, "'Sum of it'!A1", 'FORMULA')).toEqual([['=SUM(Data!A2:A5)']])
    await ground.batch(id, {
      updateSheetProperties: { properties: { sheetId: 0, gridProperties: { rowCount: 3 } }, fields: 'gridProperties.rowCount' },
    })
    expect(await ground.read(id, "'Sum of it'!A1", 'FORMULA')).toEqual([['=SUM(Data!A2:A3)']])
  })

  it('follows a tab that is renamed', async () => {
    const id = create()
    await ground.batch(id, { updateSheetProperties: { properties: { sheetId: 0, title: "Ada's data" }, fields: 'title' } })
    expect(await ground.read(id, "'Sum of it'!A1:C1", 'FORMULA')).toEqual([
      ["=SUM('Ada''s data'!A2:A5)", "=COUNTA('Ada''s data'!A:A)", "='Ada''s data'!A3"],
    ])
  })

  it('is lost with a tab that is deleted, also when another of its name comes', async () => {
    const id = create()
    await ground.batch(id, { deleteSheet: { sheetId: 0 } }, { addSheet: { properties: { title: 'Data' } } })
    expect(await ground.read(id, "'Sum of it'!A1:C1", 'FORMULA')).toEqual([['=SUM(#REF!)', '=COUNTA(#REF!)', '=#REF!']])
    expect(await ground.read(id, "'Sum of it'!A1:C1")).toEqual([['#REF!', expect.anything(), '#REF!']])
  })

  it('stays when values are written over it', async () => {
    const id = create()
    await ground.client.sheets.spreadsheets.values.update({
      spreadsheetId: id,
      range: 'Data!A2',
      valueInputOption: 'RAW',
      requestBody: { values: [[10], [20]] },
    })
    expect(await ground.read(id, "'Sum of it'!A1:C1")).toEqual([[37, 5, 20]])
  })
})

it('keeps a formula that it does not compute, without a value', async () => {
  const id = ground.create({ T: [['=VLOOKUP(1;A2:B9;2)', 1]] })
  expect(await ground.read(id, 'T', 'FORMULA')).toEqual([['=VLOOKUP(1;A2:B9;2)', 1]])
  expect(await ground.read(id, 'T')).toEqual([['', 1]])
  await ground.batch(id, { insertDimension: rows(0, 4, 5) })
  expect(await ground.read(id, 'T', 'FORMULA')).toEqual([['=VLOOKUP(1;A2:B10;2)', 1]])
})

it('leaves alone what only looks like a reference', async () => {
  const formulas = ['=LOG10(A3)', '="A3:B4 ""A3"""', '=people+abc+A3B', '=1:1', '=A3%', '=$A3&A$3&$A$3']
  const id = ground.create({ T: [formulas] })
  await ground.batch(id, { insertDimension: rows(0, 1, 2) })
  expect(await ground.read(id, 'T', 'FORMULA')).toEqual([
    ['=LOG10(A4)', '="A3:B4 ""A3"""', '=people+abc+A3B', '=1:1', '=A4%', '=$A4&A$4&$A$4'],
  ])
})
