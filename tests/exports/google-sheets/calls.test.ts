import { describe, expect, it } from 'vitest'
import { GoogleError } from '../../../src/exports/destinations/google-sheets/google-api.ts'
import { systemClock } from '../../../src/exports/destinations/google-sheets/clock.ts'
import {
  accountFrom,
  failure,
  internal,
  keyJson,
  openApi,
  openGoogleServer,
  quotaExceeded,
  unavailable,
  virtualClock,
  type Answer,
} from './google-server.ts'

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

describe('Waiting for a fault to pass', () => {
  it('outlasts three minutes of quota in eight tries, longer each time', async () => {
    await using server = await openGoogleServer()
    const { api, clock, retries } = await openApi(server)
    server.answer(...Array.from({ length: 8 }, () => quotaExceeded))
    expect(await outcomeOf(api.batchUpdate('s1', [{}], 'once'))).toEqual({ code: 'google-quota', outcome: 'refused', status: 429 })
    expect(server.calls.length).toBe(8)
    expect(clock.waits.map((wait) => Math.floor(wait / 1000) <= 64 && Math.floor(wait / 1000))).toEqual([2, 4, 8, 16, 32, 64, 64])
    expect(clock.waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(180_000)
    expect(retries.length).toBe(7)
  })

  it('is as long as Google asks for, in seconds or until a date', async () => {
    await using server = await openGoogleServer()
    const { api, clock } = await openApi(server)
    const date = new Date(Math.ceil(clock.now() / 1000) * 1000 + 90_000).toUTCString()
    server.answer({ status: 503, text: '', headers: { 'retry-after': '40' } }, { status: 429, text: '', headers: { 'retry-after': date } })
    await api.getSpreadsheet('s1')
    expect(clock.waits[0]).toBeGreaterThanOrEqual(40_000)
    expect(clock.waits[0]! + clock.waits[1]!).toBeGreaterThanOrEqual(90_000)
    expect(clock.waits[1]).toBeLessThan(60_000)
  })

  it('ends at once where Google asks for an hour', async () => {
    await using server = await openGoogleServer()
    const { api, clock } = await openApi(server)
    server.answer({ status: 429, text: '', headers: { 'retry-after': '3600' } })
    expect(await outcomeOf(api.getSpreadsheet('s1'))).toMatchObject({ code: 'google-quota' })
    expect(clock.waits).toEqual([])
  })

  it('is told with its reason, and says at the end that a repeatable write may have been made', async () => {
    await using server = await openGoogleServer()
    const { api, retries } = await openApi(server)
    server.answer(unavailable, 'reset', ...Array.from({ length: 6 }, () => unavailable))
    expect(await outcomeOf(api.batchUpdate('s1', [{}], 'repeatable'))).toEqual({
      code: 'google-unavailable',
      outcome: 'unknown',
      status: 503,
    })
    expect(retries.slice(0, 2).map((one) => one.replace(/\d+ s$/, 'N s'))).toEqual([
      '2: Google answered HTTP 503; trying again in N s',
      '3: Google was not reached (ECONNRESET); trying again in N s',
    ])
  })

  it('is short where Google was never reached', async () => {
    await using server = await openGoogleServer()
    const { url } = server
    await server[Symbol.asyncDispose]()
    const { api, clock } = await openApi({ ...server, url })
    const failed = api.getSpreadsheet('s1')
    await expect(failed).rejects.toThrow('Google cannot be reached (ECONNREFUSED).')
    expect(clock.waits.length).toBe(2)
  })

  it('says that a refusal after a write that may have been made leaves that open', async () => {
    await using server = await openGoogleServer()
    const { api } = await openApi(server)
    server.answer(unavailable, failure(400, 'INVALID_ARGUMENT', 'Invalid requests[0].deleteSheet: No sheet with id: 7'))
    expect(await outcomeOf(api.batchUpdate('s1', [{}], 'repeatable'))).toEqual({ code: 'google-refused', outcome: 'unknown', status: 400 })
  })
})

describe('A piece of values', () => {
  it.each<readonly [string, Answer]>([
    ['500', internal],
    ['504', failure(504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.')],
    ['no answer in time', 'silence'],
  ])('is left to be cut smaller where the fault speaks of its size: %s', async (_name, fault) => {
    await using server = await openGoogleServer()
    const { api } = await openApi(server, { timeouts: { read: 5000, write: 50 } })
    server.answer(fault)
    expect(await outcomeOf(api.writeValues('s1', 'A1', body([['x']])))).toMatchObject({ code: 'google-unavailable', outcome: 'unknown' })
    expect(server.calls.length).toBe(1)
  })

  it('is sent again after other faults', async () => {
    await using server = await openGoogleServer()
    const { api } = await openApi(server)
    server.answer(unavailable, 'reset', quotaExceeded, { status: 502, text: 'bad' })
    await api.writeValues('s1', 'A1', body([['x']]))
    expect(server.calls.length).toBe(5)
    expect(new Set(server.calls.map((call) => call.body))).toEqual(new Set(['{"values":[["x"]]}']))
  })
})

describe('A token', () => {
  it('that is refused is asked for once more', async () => {
    await using server = await openGoogleServer()
    const { api } = await openApi(server)
    await api.getSpreadsheet('s1')
    server.answer(failure(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'))
    await api.batchUpdate('s1', [{}], 'once')
    expect(server.calls.map((call) => call.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2'])
  })

  it('that is refused twice ends the call', async () => {
    await using server = await openGoogleServer()
    const { api, clock } = await openApi(server)
    const refused = failure(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.')
    server.answer(refused, refused)
    expect(await outcomeOf(api.getSpreadsheet('s1'))).toEqual({ code: 'google-token-refused', outcome: 'refused', status: 401 })
    expect(clock.waits).toEqual([])
  })

  it('is waited for where the login service fails for a while, and the call is then made once', async () => {
    await using server = await openGoogleServer()
    const { api, clock } = await openApi(server)
    server.answerLogin({ status: 500, text: 'oops' }, 'reset')
    await api.batchUpdate('s1', [{}], 'once')
    expect(server.calls.length).toBe(1)
    expect(server.logins.length).toBe(3)
    expect(clock.waits.length).toBe(2)
  })
})

describe('Cancelling', () => {
  it('lets a call under way end, and begins no other', async () => {
    await using server = await openGoogleServer()
    const { api, abort } = await openApi(server)
    server.answer(() => {
      abort.abort(new Error('Ctrl-C'))
      return { status: 200, json: { replies: [{ addSheet: {} }] } }
    })
    expect(await api.batchUpdate('s1', [{}], 'once')).toEqual([{ addSheet: {} }])
    await expect(api.getSpreadsheet('s1')).rejects.toThrow('Ctrl-C')
    expect(server.calls.length).toBe(1)
  })

  it('ends a wait at once, and a failed call is not tried again', async () => {
    await using server = await openGoogleServer()
    const { api, abort } = await openApi(server)
    server.answer(() => {
      abort.abort(new Error('Ctrl-C'))
      return unavailable
    })
    await expect(api.getSpreadsheet('s1')).rejects.toThrow('Ctrl-C')
    expect(server.calls.length).toBe(1)
  })

  it('ends the wait for a place in the budget', async () => {
    await using server = await openGoogleServer()
    const abort = new AbortController()
    const waits: string[] = []
    const { api } = await openApi(server, {
      clock: systemClock,
      signal: abort.signal,
      onWait: (reason) => {
        waits.push(reason)
        abort.abort(new Error('Ctrl-C'))
      },
    })
    for (let count = 0; count < 55; count++) await api.getSpreadsheet('s1')
    await expect(api.getSpreadsheet('s1')).rejects.toThrow('Ctrl-C')
    expect(waits).toEqual([
      expect.stringMatching(
        /^waiting (?:59|60) s: 60 reads a minute are shared by all exports of exports-\d+@field\.iam\.gserviceaccount\.com$/,
      ),
    ])
  })
})

describe('The budget of an account', () => {
  it.each([
    [
      'one after the other',
      async (calls: readonly (() => Promise<unknown>)[]) => {
        for (const call of calls) await call()
      },
    ],
    ['all at once', (calls: readonly (() => Promise<unknown>)[]) => Promise.all(calls.map((call) => call()))],
  ])('never lets more than 55 calls of a kind into a minute, whoever makes them: %s', async (order, makeAll) => {
    await using server = await openGoogleServer()
    const account = accountFrom(keyJson(server.url))
    const clock = virtualClock()
    const first = await openApi(server, { account, clock })
    const second = await openApi(server, { account, clock })
    const at: number[] = []
    const tell = (): Answer => {
      at.push(clock.now())
      return { status: 200, json: { replies: [] } }
    }
    server.answer(...Array.from({ length: 200 }, () => tell))
    await makeAll(
      Array.from({ length: 200 }, (_one, index) => () => (index % 2 === 0 ? first : second).api.batchUpdate(`s${index}`, [{}], 'once')),
    )
    expect(at.length).toBe(200)
    expect(Math.max(...at.map((from) => at.filter((time) => time >= from && time < from + 60_000).length))).toBeLessThanOrEqual(55)
    expect(at.at(-1)! - at[0]!).toBeGreaterThanOrEqual(180_000)
    expect(first.waits.length + second.waits.length).toBe(order === 'all at once' ? 145 : 3)
  })

  it('counts reads and writes apart, and accounts too', async () => {
    await using server = await openGoogleServer()
    const one = await openApi(server)
    const other = await openApi(server, { clock: one.clock })
    for (let count = 0; count < 55; count++) await one.api.getSpreadsheet('s1')
    await one.api.batchUpdate('s1', [{}], 'once')
    await other.api.getSpreadsheet('s1')
    expect([...one.waits, ...other.waits]).toEqual([])
  })

  it('holds back everybody where Google says that it is spent', async () => {
    await using server = await openGoogleServer()
    const account = accountFrom(keyJson(server.url))
    const refused = Promise.withResolvers<void>()
    const resume = Promise.withResolvers<void>()
    const time = virtualClock()
    const sleep = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
      refused.resolve()
      await resume.promise
      await time.sleep(milliseconds, signal)
    }
    const clock = { ...time, sleep }
    const first = await openApi(server, { account, clock })
    const second = await openApi(server, { account, clock })
    await second.api.getSpreadsheet('s2') // has a token then
    server.answer(quotaExceeded)
    const calls = [first.api.batchUpdate('s1', [{}], 'once')]
    await refused.promise
    calls.push(second.api.batchUpdate('s2', [{}], 'once'))
    resume.resolve()
    await Promise.all(calls)
    expect(second.waits).toEqual([expect.stringMatching(/^waiting [23] s: 60 writes/)])
    expect(second.retries).toEqual([])
    expect(server.calls.length).toBe(4)
  })
})
