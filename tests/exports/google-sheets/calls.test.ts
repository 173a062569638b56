import { describe, expect, it } from 'vitest'
import { GoogleError } from '../../../src/exports/destinations/google-sheets/google-api.ts'
import { failure, internal, openApi, openGoogleServer, quotaExceeded, unavailable, type Answer } from './google-server.ts'

async function outcomeOf(
  work: Promise<unknown>,
): Promise<{ readonly code: string; readonly outcome: string; readonly status: number | undefined } | 'done'> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error
    return { code: error.code, outcome: error.outcome, status: error.status }
  }
}

function body(values: unknown): Uint8Array {
  return Buffer.from(JSON.stringify({ values }))
}

describe('A call to Google Sheets', () => {
  it('reads a spreadsheet without any of its cells', async () => {
    await using server = await openGoogleServer()
    const { api } = await openApi(server)
    expect(await api.getSpreadsheet('s1')).toEqual({ spreadsheetId: 's1', properties: { title: 'Volunteers' } })
    const [call] = server.calls
    expect(call!.method).toBe('GET')
    expect(new URL(call!.path, server.url).pathname).toBe('/v4/spreadsheets/s1')
    expect(new URL(call!.path, server.url).searchParams.get('fields')).toBe(
      'spreadsheetId,properties(title,locale,timeZone),namedRanges,developerMetadata,sheets(properties,developerMetadata,basicFilter,filterViews,tables,protectedRanges,merges)',
    )
    expect(call!.headers.authorization).toBe('Bearer token-1')
  })

  it('reads cells as they were typed, one list for each range', async () => {
    await using server = await openGoogleServer()
    const { api } = await openApi(server)
    expect(await api.getValues('s1', ["'Sign ups'!A1:B2", 'C1'])).toEqual([
      [
        ['id', 'zip'],
        [1, '00501'],
      ],
      [],
    ])
    const { searchParams, pathname } = new URL(server.calls[0]!.path, server.url)
    expect(pathname).toBe('/v4/spreadsheets/s1/values:batchGet')
    expect(searchParams.getAll('ranges')).toEqual(["'Sign ups'!A1:B2", 'C1'])
    expect(searchParams.get('valueRenderOption')).toBe('FORMULA')
    expect(searchParams.get('dateTimeRenderOption')).toBe('SERIAL_NUMBER')
  })

  it('sends all requests of a batch as one, and the bytes of values as they are', async () => {
    await using server = await openGoogleServer()
    const { api } = await openApi(server)
    expect(await api.batchUpdate('s1', [{ addSheet: { properties: { title: 'Été' } } }], 'once')).toEqual([{}])
    await api.writeValues('s1', "'It''s/here'!A2", body([['00501', null, 'Ünïcode']]))
    expect(server.calls.map(({ method, path, body: sent }) => ({ method, path, sent }))).toEqual([
      { method: 'POST', path: '/v4/spreadsheets/s1:batchUpdate', sent: '{"requests":[{"addSheet":{"properties":{"title":"Été"}}}]}' },
      {
        method: 'PUT',
        path: "/v4/spreadsheets/s1/values/'It''s%2Fhere'!A2?valueInputOption=RAW",
        sent: '{"values":[["00501",null,"Ünïcode"]]}',
      },
    ])
    expect(api.calls).toEqual({ reads: 0, writes: 2 })
  })

  it('asks for one token for calls that begin together, and for no other while it lasts', async () => {
    await using server = await openGoogleServer()
    const { api } = await openApi(server)
    await Promise.all([api.getSpreadsheet('s1'), api.getSpreadsheet('s2'), api.getValues('s1', ['A1'])])
    await api.getSpreadsheet('s3')
    expect(server.logins.length).toBe(1)
  })
})

const passing: readonly (readonly [string, Answer])[] = [
  ['429', quotaExceeded],
  ['500', internal],
  ['502 of a proxy', { status: 502, text: '<html>Bad gateway</html>' }],
  ['503', unavailable],
  ['504', failure(504, 'DEADLINE_EXCEEDED', 'Deadline expired.')],
  ['a reset connection', 'reset'],
  ['an answer that is cut off', 'half'],
  ['a page of a captive portal', { status: 200, text: '<html>Log in to the network</html>' }],
]

describe('A fault that passes', () => {
  it.each(passing)('is survived by reads and repeatable writes: %s', async (_name, fault) => {
    await using server = await openGoogleServer()
    const { api, clock } = await openApi(server)
    server.answer(fault, fault)
    expect((await api.getSpreadsheet('s1')).spreadsheetId).toBe('s1')
    server.answer(fault, fault)
    expect(await api.batchUpdate('s1', [{}], 'repeatable')).toEqual([{}])
    expect(server.calls.length).toBe(6)
    expect(clock.waits.length).toBe(4)
    expect(api.calls).toEqual({ reads: 1, writes: 1 })
  })

  it.each(passing.slice(1))('ends a write that must not be repeated, whose outcome is not known: %s', async (_name, fault) => {
    await using server = await openGoogleServer()
    const { api } = await openApi(server)
    server.answer(fault)
    expect(await outcomeOf(api.batchUpdate('s1', [{}], 'once'))).toMatchObject({ code: 'google-unavailable', outcome: 'unknown' })
    expect(server.calls.length).toBe(1)
  })

  it('of the quota lets a write be sent again that must not be applied twice, as it was not applied', async () => {
    await using server = await openGoogleServer()
    const { api, retries } = await openApi(server)
    server.answer(quotaExceeded)
    expect(await api.batchUpdate('s1', [{}], 'once')).toEqual([{}])
    expect(retries.map((one) => one.replace(/[23] s$/, 'N s'))).toEqual([
      '2: Google allows no more writes at the moment; trying again in N s',
    ])
  })
})
