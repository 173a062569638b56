import type { sheets_v4 } from '@googleapis/sheets'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGround, type Ground } from './ground.ts'

let ground: Ground

beforeAll(async () => {
  ground = await openGround()
})

afterAll(async () => ground[Symbol.asyncDispose]())

function metadata(id: number, location: sheets_v4.Schema$DeveloperMetadataLocation, more: object = {}): object {
  return {
    createDeveloperMetadata: {
      developerMetadata: { metadataId: id, metadataKey: 'sqlflow', metadataValue: `v${id}`, visibility: 'DOCUMENT', location, ...more },
    },
  }
}

async function idsOf(id: string): Promise<readonly number[]> {
  const { data } = await ground.client.sheets.spreadsheets.developerMetadata.search({
    spreadsheetId: id,
    requestBody: { dataFilters: [{ developerMetadataLookup: { metadataKey: 'sqlflow' } }] },
  })
  return (data.matchedDeveloperMetadata ?? []).map((one) => one.developerMetadata!.metadataId!).sort((a, b) => a - b)
}

const row = (startIndex: number, sheetId = 0): sheets_v4.Schema$DeveloperMetadataLocation => ({
  dimensionRange: { sheetId, dimension: 'ROWS', startIndex, endIndex: startIndex + 1 },
})

describe('developer metadata', () => {
  it('has an id that is unique in the spreadsheet: whoever comes second is refused, with all of the batch', async () => {
    const id = ground.create({ T: [], Other: [] })
    const [reply] = await ground.batch(id, metadata(7, { sheetId: 0 }))
    expect(reply!.createDeveloperMetadata!.developerMetadata).toMatchObject({
      metadataId: 7,
      metadataKey: 'sqlflow',
      metadataValue: 'v7',
      visibility: 'DOCUMENT',
      location: { locationType: 'SHEET' },
    })
    const elsewhere = metadata(7, { sheetId: ground.sheetId(id, 'Other') })
    expect(await ground.refused(id, { addSheet: { properties: { title: 'Third' } } }, elsewhere)).toMatch(
      /^Invalid requests\[1\]\.createDeveloperMetadata: /,
    )
    await ground.batch(id, { deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataId: 7 } } } }, elsewhere)
    expect(await idsOf(id)).toEqual([7])
  })

  it('is found by key, value, place and id', async () => {
    const id = ground.create({ T: [] })
    await ground.batch(id, metadata(1, { spreadsheet: true }), metadata(2, { sheetId: 0 }), metadata(3, row(4)))
    const find = async (lookup: object): Promise<readonly (number | null | undefined)[]> => {
      const { data } = await ground.client.sheets.spreadsheets.developerMetadata.search({
        spreadsheetId: id,
        requestBody: { dataFilters: [{ developerMetadataLookup: lookup }] },
      })
      return (data.matchedDeveloperMetadata ?? []).map((one) => one.developerMetadata!.metadataId)
    }
    expect(await find({ metadataKey: 'sqlflow', metadataValue: 'v2' })).toEqual([2])
    expect(await find({ locationType: 'ROW' })).toEqual([3])
    expect(await find({ metadataId: 1 })).toEqual([1])
    expect(await find({ metadataKey: 'other' })).toEqual([])
    const { sheets, developerMetadata } = await ground.get(id, 'developerMetadata.metadataId,sheets.developerMetadata.metadataId')
    expect([developerMetadata, sheets![0]!.developerMetadata]).toEqual([[{ metadataId: 1 }], [{ metadataId: 2 }]])
  })

  it('moves with its row, dies with it, and dies with its tab', async () => {
    const id = ground.create({ T: [], Other: [] })
    const other = ground.sheetId(id, 'Other')
    await ground.batch(id, metadata(1, row(4)), metadata(2, row(6)), metadata(3, { sheetId: other }), metadata(4, row(0, other)))
    await ground.batch(id, { insertDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 0, endIndex: 2 } } })
    await ground.batch(id, { deleteDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 8, endIndex: 9 } } })
    expect(await idsOf(id)).toEqual([1, 3, 4])
    const { data } = await ground.client.sheets.spreadsheets.developerMetadata.get({ spreadsheetId: id, metadataId: 1 })
    expect(data.location!.dimensionRange).toMatchObject({ dimension: 'ROWS', startIndex: 6, endIndex: 7 })
    await ground.batch(id, { deleteSheet: { sheetId: other } })
    expect(await idsOf(id)).toEqual([1])
  })

  it('is updated through a filter', async () => {
    const id = ground.create({ T: [] })
    await ground.batch(id, metadata(1, { sheetId: 0 }), metadata(2, { sheetId: 0 }))
    const [reply] = await ground.batch(id, {
      updateDeveloperMetadata: {
        dataFilters: [{ developerMetadataLookup: { metadataId: 2 } }],
        developerMetadata: { metadataValue: 'next' },
        fields: 'metadataValue',
      },
    })
    expect(reply!.updateDeveloperMetadata!.developerMetadata).toMatchObject([
      { metadataId: 2, metadataKey: 'sqlflow', metadataValue: 'next' },
    ])
    const { data } = await ground.client.sheets.spreadsheets.developerMetadata.get({ spreadsheetId: id, metadataId: 1 })
    expect(data.metadataValue).toBe('v1')
  })

  it('goes along into a copy of the spreadsheet', async () => {
    const id = ground.create({ T: [] })
    await ground.batch(id, metadata(5, { sheetId: 0 }))
    const copy = ground.emulator.copySpreadsheet(id, { title: 'Copy', sharedWith: [ground.emulator.serviceAccount().client_email] })
    expect(await idsOf(copy)).toEqual([5])
  })
})
