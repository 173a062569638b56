import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { area, openGround, textRow, typed, type Ground } from './ground.ts'

let ground: Ground

beforeAll(async () => {
  ground = await openGround()
})

afterAll(async () => ground[Symbol.asyncDispose]())

describe('a batch', () => {
  it('applies all requests and answers each', async () => {
    const id = ground.create({ Supporters: [['name'], ['Ada']] })
    const replies = await ground.batch(
      id,
      { addSheet: { properties: { sheetId: 7, title: 'Events', gridProperties: { rowCount: 3, columnCount: 2 } } } },
      { updateCells: { start: { sheetId: 7 }, rows: [textRow('event', 'zip'), textRow('Rally', '00501')], fields: 'userEnteredValue' } },
    )
    expect(replies).toEqual([
      {
        addSheet: {
          properties: { sheetId: 7, title: 'Events', index: 1, sheetType: 'GRID', gridProperties: { rowCount: 3, columnCount: 2 } },
        },
      },
      {},
    ])
    expect(ground.emulator.values(id, 'Events')).toEqual([
      ['event', 'zip'],
      ['Rally', '00501'],
    ])
  })

  it('applies none when one is refused', async () => {
    const id = ground.create({ Supporters: [['name'], ['Ada']] })
    expect(
      await ground.refused(
        id,
        { addSheet: { properties: { sheetId: 5, title: 'Events' } } },
        {
          createDeveloperMetadata: {
            developerMetadata: { metadataId: 3, metadataKey: 'k', visibility: 'DOCUMENT', location: { sheetId: 5 } },
          },
        },
        { updateCells: { range: { sheetId: 0 }, rows: [textRow('gone')], fields: 'userEnteredValue' } },
        { deleteSheet: { sheetId: 99 } },
      ),
    ).toBe('Invalid requests[3].deleteSheet: No sheet with id: 99')
  })

  it('refuses what the API does not know, in the words of its front end', async () => {
    const id = ground.create({ Supporters: [] })
    const misspelled = { updateCells: { range: { sheetId: 0 }, feilds: 'userEnteredValue' } } as object
    expect(await ground.refused(id, misspelled)).toBe(
      `Invalid JSON payload received. Unknown name "feilds" at 'requests[0].update_cells': Cannot find field.`,
    )
    expect(await ground.refused(id, { addShet: {} } as object)).toBe(
      `Invalid JSON payload received. Unknown name "addShet" at 'requests[0]': Cannot find field.`,
    )
    const text = { deleteSheet: { sheetId: 'first' } } as object
    expect(await ground.refused(id, text)).toBe(`Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), "first"`)
    expect(await ground.refused(id)).toMatch(/Must specify at least one request/)
  })

  it('takes null for a field that is not there, as proto3 JSON does', async () => {
    const id = ground.create({ Supporters: [['name']] })
    const values = [{ userEnteredValue: { numberValue: null } }]
    await ground.batch(id, { updateCells: { start: { sheetId: 0 }, rows: [{ values }], fields: 'userEnteredValue' } })
    expect(ground.emulator.values(id, 'Supporters')).toEqual([])
  })
})

describe('updateCells', () => {
  it('with a range clears what its rows do not cover, and of the masked fields alone', async () => {
    const id = ground.create({ T: [['a', 'b', 'c'], ['d', 'e', 'f'], ['g', 'h', 'i'], ['below']] })
    const note = { updateCells: { start: { sheetId: 0, rowIndex: 2 }, rows: [{ values: [{ note: 'call' }] }], fields: 'note' } }
    await ground.batch(id, note)
    await ground.batch(id, {
      updateCells: { range: area(0, [0, 3], [0, 2]), rows: [textRow('x')], fields: 'userEnteredValue' },
    })
    expect(ground.emulator.values(id, 'T')).toEqual([['x', '', 'c'], ['', '', 'f'], ['', '', 'i'], ['below']])
    const { sheets } = await ground.get(id, 'sheets.data.rowData.values(note,userEnteredValue)')
    expect(sheets![0]!.data![0]!.rowData![2]!.values![0]).toEqual({ note: 'call' })
  })

  it('refuses rows and columns past the range', async () => {
    const id = ground.create({ T: [] })
    const within = (rows: object[]): object => ({ updateCells: { range: area(0, [0, 1], [0, 2]), rows, fields: 'userEnteredValue' } })
    expect(await ground.refused(id, within([textRow('a'), textRow('b')]))).toBe(
      'Invalid requests[0].updateCells: Attempting to write row: 1, beyond the last requested row of: 0',
    )
    expect(await ground.refused(id, within([textRow('a', 'b', 'c')]))).toBe(
      'Invalid requests[0].updateCells: Attempting to write column: 2, beyond the last requested column of: 1',
    )
  })

  it('refuses what is past the grid, too long, without fields, or of a tab that is not there', async () => {
    const id = ground.create({ T: [] })
    const at = (start: object, row = textRow('a')): object => ({ updateCells: { start, rows: [row], fields: 'userEnteredValue' } })
    expect(await ground.refused(id, at({ sheetId: 0, rowIndex: 1000 }))).toMatch(/^Invalid requests\[0\].updateCells: /)
    expect(await ground.refused(id, at({ sheetId: 0, columnIndex: 26 }))).toMatch(/^Invalid requests\[0\].updateCells: /)
    expect(await ground.refused(id, at({ sheetId: 0 }, textRow('x'.repeat(50_001))))).toBe(
      'Invalid requests[0].updateCells: Your input contains more than the maximum of 50000 characters in a single cell.',
    )
    expect(await ground.refused(id, at({ sheetId: 4 }))).toBe('Invalid requests[0].updateCells: No grid with id: 4')
    expect(await ground.refused(id, { updateCells: { start: { sheetId: 0 }, rows: [textRow('a')] } })).toMatch(
      /At least one field must be listed in 'fields'/,
    )
  })

  it('keeps text that looks like something else as text', async () => {
    const id = ground.create({ T: [] })
    const texts = ['00501', '11E1', '=1+1', 'TRUE', '2020-01-01', '+1', "'quoted"]
    await ground.batch(id, { updateCells: { start: { sheetId: 0 }, rows: [textRow(...texts)], fields: 'userEnteredValue' } })
    expect(await ground.read(id, 'T')).toEqual([texts])
    const { sheets } = await ground.get(id, 'sheets.data.rowData.values.userEnteredValue')
    expect(sheets![0]!.data![0]!.rowData![0]!.values!.map((one) => one.userEnteredValue)).toEqual(
      texts.map((stringValue) => ({ stringValue })),
    )
  })
})

describe('appendCells', () => {
  it('goes below the last row of the sheet that holds data, and adds rows but never columns', async () => {
    const id = ground.create({ T: [['a'], ['b']] })
    await ground.batch(id, {
      updateSheetProperties: {
        properties: { sheetId: 0, gridProperties: { rowCount: 2, columnCount: 3 } },
        fields: 'gridProperties(rowCount,columnCount)',
      },
    })
    await ground.batch(id, { appendCells: { sheetId: 0, rows: [textRow('c'), textRow('d', 'e')], fields: 'userEnteredValue' } })
    expect(ground.emulator.values(id, 'T')).toEqual([['a'], ['b'], ['c'], ['d', 'e']])
    expect(ground.emulator.snapshot(id).tabs[0]).toMatchObject({ rowCount: 4, columnCount: 3 })
    expect(await ground.refused(id, { appendCells: { sheetId: 0, rows: [textRow('1', '2', '3', '4')], fields: 'userEnteredValue' } })).toBe(
      'Invalid requests[0].appendCells: Attempting to write column: 3, beyond the last requested column of: 2',
    )
  })

  it('counts data in any column, also far from the table', async () => {
    const id = ground.create({ T: [['a'], [], ['', '', '', 'note']] })
    await ground.batch(id, { appendCells: { sheetId: 0, rows: [textRow('b')], fields: 'userEnteredValue' } })
    expect(ground.emulator.values(id, 'T')).toEqual([['a'], [], ['', '', '', 'note'], ['b']])
  })
})

describe('tabs', () => {
  it('are refused under an id or a name that is taken', async () => {
    const id = ground.create({ Supporters: [] })
    expect(await ground.refused(id, { addSheet: { properties: { title: 'Supporters' } } })).toBe(
      'Invalid requests[0].addSheet: A sheet with the name "Supporters" already exists. Please enter another name.',
    )
    expect(await ground.refused(id, { addSheet: { properties: { title: 'Other', sheetId: 0 } } })).toMatch(
      /^Invalid requests\[0\]\.addSheet: .*already exists/,
    )
    expect(await ground.refused(id, { addSheet: { properties: { title: 'SUPPORTERS' } } })).toMatch(/already exists/)
  })

  it('cannot all be deleted, or hidden', async () => {
    const id = ground.create({ Supporters: [] })
    expect(await ground.refused(id, { deleteSheet: { sheetId: 0 } })).toBe(
      "Invalid requests[0].deleteSheet: You can't remove all the sheets in a document.",
    )
    expect(await ground.refused(id, { updateSheetProperties: { properties: { sheetId: 0, hidden: true }, fields: 'hidden' } })).toMatch(
      /^Invalid requests\[0\]\.updateSheetProperties: You can't .* all the (?:visible )?sheets in a document/,
    )
  })

  it('move by the index that they had before', async () => {
    const id = ground.create({ A: [], B: [], C: [] })
    const move = async (tab: string, index: number): Promise<readonly string[]> => {
      await ground.batch(id, { updateSheetProperties: { properties: { sheetId: ground.sheetId(id, tab), index }, fields: 'index' } })
      return ground.emulator.snapshot(id).tabs.map(({ title }) => title)
    }
    expect(await move('A', 2)).toEqual(['B', 'A', 'C'])
    expect(await move('C', 0)).toEqual(['C', 'B', 'A'])
    expect(await move('C', 3)).toEqual(['B', 'A', 'C'])
  })

  it('take properties by a mask with dots, slashes or parentheses, and leave the rest', async () => {
    const id = ground.create({ T: [] })
    for (const [fields, frozenRowCount] of [
      ['gridProperties.frozenRowCount', 1],
      ['gridProperties/frozenRowCount', 2],
      ['gridProperties(frozenRowCount)', 3],
    ] as const) {
      await ground.batch(id, {
        updateSheetProperties: { properties: { sheetId: 0, title: 'Not', gridProperties: { frozenRowCount } }, fields },
      })
      expect(ground.emulator.snapshot(id).tabs[0]).toMatchObject({ title: 'T', rowCount: 1000, frozenRowCount })
    }
    expect(
      await ground.refused(id, {
        updateSheetProperties: {
          properties: { sheetId: 0, gridProperties: { frozenRowCount: 1000 } },
          fields: 'gridProperties.frozenRowCount',
        },
      }),
    ).toMatch(/freeze/)
  })

  it('are duplicated with cells, looks and metadata, the metadata under ids of its own', async () => {
    const id = ground.create({ T: [['a', '=SUM(A2:A3)'], [1], [2]] })
    await ground.batch(id, {
      createDeveloperMetadata: {
        developerMetadata: { metadataId: 11, metadataKey: 'sqlflow', metadataValue: 'v', visibility: 'DOCUMENT', location: { sheetId: 0 } },
      },
    })
    const [reply] = await ground.batch(id, { duplicateSheet: { sourceSheetId: 0, newSheetId: 44, newSheetName: 'Copy' } })
    expect(reply!.duplicateSheet!.properties).toMatchObject({ sheetId: 44, title: 'Copy' })
    await ground.batch(id, typed(44, [[10]], 1))
    expect(await ground.read(id, 'Copy')).toEqual([['a', 12], [10], [2]])
    expect(await ground.read(id, 'T')).toEqual([['a', 3], [1], [2]])
    const { sheets } = await ground.get(id, 'sheets(properties.title,developerMetadata)')
    const copied = sheets!.find(({ properties }) => properties!.title === 'Copy')!.developerMetadata!
    expect(copied).toMatchObject([{ metadataKey: 'sqlflow', metadataValue: 'v', location: { sheetId: 44 } }])
    expect(copied[0]!.metadataId).not.toBe(11)
  })
})

describe('copyPaste', () => {
  it('of values keeps the looks and notes of where they go, and text as text', async () => {
    const id = ground.create({
      Staging: [
        ['00501', 1, true],
        ['=1+1', '', 43831],
      ],
      Live: [
        ['old', 'old', 'old'],
        ['old', 'old', 'old'],
      ],
    })
    const live = ground.sheetId(id, 'Live')
    const dated = { userEnteredFormat: { numberFormat: { type: 'DATE', pattern: 'yyyy-mm-dd' } } }
    await ground.batch(
      id,
      { updateCells: { start: { sheetId: 0, rowIndex: 1 }, rows: [textRow('=1+1')], fields: 'userEnteredValue' } },
      { repeatCell: { range: area(live, [0, 2], [2, 3]), cell: dated, fields: 'userEnteredFormat.numberFormat' } },
      { copyPaste: { source: area(0, [0, 2], [0, 3]), destination: area(live, [0, 2], [0, 3]), pasteType: 'PASTE_VALUES' } },
    )
    expect(await ground.read(id, 'Live')).toEqual([
      ['00501', 1, true],
      ['=1+1', '', 43831],
    ])
    expect(await ground.read(id, 'Live', 'FORMATTED_VALUE')).toEqual([
      ['00501', '1', 'TRUE'],
      ['=1+1', '', '2020-01-01'],
    ])
  })

  it('copies all of a source that is larger than the destination, and tiles a smaller one', async () => {
    const id = ground.create({
      T: [
        ['a', 'b'],
        ['c', 'd'],
      ],
    })
    await ground.batch(
      id,
      { copyPaste: { source: area(0, [0, 2], [0, 2]), destination: area(0, [0, 1], [3, 4]) } },
      { copyPaste: { source: area(0, [0, 1], [0, 1]), destination: area(0, [3, 5], [0, 2]) } },
    )
    expect(ground.emulator.values(id, 'T')).toEqual([['a', 'b', '', 'a', 'b'], ['c', 'd', '', 'c', 'd'], [], ['a', 'a'], ['a', 'a']])
  })

  it('of formulas moves what has no dollar, and of normal takes looks along', async () => {
    const id = ground.create({
      T: [
        [1, 10],
        [2, 20],
        ['=SUM(A1:A2)', '', '=SUM($A$1:A2)'],
      ],
    })
    const bold = { userEnteredFormat: { textFormat: { bold: true } } }
    await ground.batch(
      id,
      { repeatCell: { range: area(0, [2, 3], [0, 1]), cell: bold, fields: 'userEnteredFormat.textFormat.bold' } },
      { copyPaste: { source: area(0, [2, 3], [0, 1]), destination: area(0, [2, 3], [1, 2]), pasteType: 'PASTE_NORMAL' } },
      { copyPaste: { source: area(0, [2, 3], [2, 3]), destination: area(0, [3, 4], [3, 4]), pasteType: 'PASTE_FORMULA' } },
    )
    expect(await ground.read(id, 'T!B3:D4', 'FORMULA')).toEqual([
      ['=SUM(B1:B2)', '=SUM($A$1:A2)'],
      ['', '', '=SUM($A$1:B3)'],
    ])
    const { sheets } = await ground.get(id, 'sheets.data.rowData.values.userEnteredFormat')
    expect(sheets![0]!.data![0]!.rowData![2]!.values![1]).toEqual({ userEnteredFormat: { textFormat: { bold: true } } })
  })
})

describe('rows and columns', () => {
  it('are inserted, appended and deleted', async () => {
    const id = ground.create({
      T: [
        ['a', 'b'],
        ['c', 'd'],
      ],
    })
    const rows = (startIndex: number, endIndex: number): object => ({ sheetId: 0, dimension: 'ROWS', startIndex, endIndex })
    const columns = (startIndex: number, endIndex: number): object => ({ sheetId: 0, dimension: 'COLUMNS', startIndex, endIndex })
    await ground.batch(
      id,
      { insertDimension: { range: rows(1, 2) } },
      { insertDimension: { range: columns(1, 3), inheritFromBefore: true } },
      { appendDimension: { sheetId: 0, dimension: 'ROWS', length: 5 } },
      { deleteDimension: { range: columns(0, 1) } },
    )
    expect(ground.emulator.values(id, 'T')).toEqual([['', '', 'b'], [], ['', '', 'd']])
    expect(ground.emulator.snapshot(id).tabs[0]).toMatchObject({ rowCount: 1006, columnCount: 27 })
  })

  it('cannot all be deleted, nor all that are not frozen', async () => {
    const id = ground.create({ T: [] })
    await ground.batch(id, {
      updateSheetProperties: { properties: { sheetId: 0, gridProperties: { frozenRowCount: 1 } }, fields: 'gridProperties.frozenRowCount' },
    })
    const remove = (startIndex: number, endIndex: number): object => ({
      deleteDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex, endIndex } },
    })
    expect(await ground.refused(id, remove(1, 1000))).toBe(
      'Invalid requests[0].deleteDimension: Sorry, it is not possible to delete all non-frozen rows.',
    )
    expect(await ground.refused(id, remove(0, 1000))).toMatch(/^Invalid requests\[0\]\.deleteDimension: /)
    expect(await ground.refused(id, remove(1000, 1001))).toMatch(/^Invalid requests\[0\]\.deleteDimension: /)
  })

  it('never make a spreadsheet of more than ten million cells', async () => {
    const id = ground.create({ T: [], Other: [] })
    const grow = {
      updateSheetProperties: { properties: { sheetId: 0, gridProperties: { rowCount: 400_000 } }, fields: 'gridProperties.rowCount' },
    }
    expect(await ground.refused(id, grow)).toBe(
      'Invalid requests[0].updateSheetProperties: This action would increase the number of cells in the workbook above the limit of 10000000 cells.',
    )
    expect(await ground.refused(id, { appendDimension: { sheetId: 0, dimension: 'COLUMNS', length: 18_278 } })).toMatch(
      /^Invalid requests\[0\]\.appendDimension: /,
    )
  })
})

describe('filters, names and protection', () => {
  it('follow rows that are inserted before and within them', async () => {
    const id = ground.create({ T: [['name'], ['Ada']] })
    await ground.batch(
      id,
      { setBasicFilter: { filter: { range: area(0, [0, 2], [0, 1]) } } },
      { addNamedRange: { namedRange: { name: 'people', range: area(0, [1, 2], [0, 1]) } } },
      { insertDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 0, endIndex: 2 } } },
    )
    const { sheets, namedRanges } = await ground.get(id, 'sheets.basicFilter.range,namedRanges(name,range)')
    expect(sheets![0]!.basicFilter!.range).toEqual({ startRowIndex: 2, endRowIndex: 4, startColumnIndex: 0, endColumnIndex: 1 })
    expect(namedRanges).toEqual([{ name: 'people', range: { startRowIndex: 3, endRowIndex: 4, startColumnIndex: 0, endColumnIndex: 1 } }])
    expect(await ground.read(id, 'people')).toEqual([['Ada']])
  })

  it('keep others from what is protected, and from a whole tab', async () => {
    const id = ground.create({ T: [['mine', 'yours']] })
    ground.emulator.edit(id, [{ addProtectedRange: { protectedRange: { range: area(0, [0, 1], [0, 1]) } } }])
    const write = (column: number): object => ({
      updateCells: { start: { sheetId: 0, columnIndex: column }, rows: [textRow('x')], fields: 'userEnteredValue' },
    })
    expect(await ground.refused(id, write(0))).toContain(
      'You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.',
    )
    await ground.batch(id, write(1))
    expect(ground.emulator.values(id, 'T')).toEqual([['mine', 'x']])
  })

  it('warn of what is protected with warningOnly, and let it be written', async () => {
    const id = ground.create({ T: [['mine']] })
    ground.emulator.edit(id, [{ addProtectedRange: { protectedRange: { range: { sheetId: 0 }, warningOnly: true } } }])
    await ground.batch(id, { updateCells: { start: { sheetId: 0 }, rows: [textRow('x')], fields: 'userEnteredValue' } })
    expect(ground.emulator.values(id, 'T')).toEqual([['x']])
  })
})
