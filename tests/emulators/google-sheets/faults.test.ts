import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { googleClient, refusal } from './google-client.ts'
import { openGround, textRow, type Ground, type SheetRequest } from './ground.ts'

let ground: Ground

beforeAll(async () => {
  ground = await openGround()
})

afterAll(async () => ground[Symbol.asyncDispose]())
afterEach(() => ground.emulator.faults.clear())

const write: SheetRequest = { updateCells: { start: { sheetId: 0 }, rows: [textRow('new')], fields: 'userEnteredValue' } }
const match = /^POST .*:batchUpdate$/

async function isAnswered(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => true,
    () => false,
  )
}

describe('a fault before a call is applied', () => {
  it.each([
    ['429', 429, 'RESOURCE_EXHAUSTED'],
    ['500-before', 500, 'INTERNAL'],
    ['503-before', 503, 'UNAVAILABLE'],
    ['401', 401, 'UNAUTHENTICATED'],
  ] as const)('%s', async (kind, status, state) => {
    const id = ground.create({ T: [['old']] })
    ground.emulator.faults.add({ match, kind })
    expect(await refusal(ground.batch(id, write))).toMatchObject({ status, state })
    expect(ground.emulator.values(id, 'T')).toEqual([['old']])
    await ground.batch(id, write)
    expect(ground.emulator.values(id, 'T')).toEqual([['new']])
  })

  it('may break the connection', async () => {
    const id = ground.create({ T: [['old']] })
    ground.emulator.faults.add({ match, kind: 'reset-before' })
    expect(await isAnswered(ground.batch(id, write))).toBe(false)
    expect(ground.emulator.values(id, 'T')).toEqual([['old']])
  })
})

describe('a fault after a call was applied', () => {
  it.each(['500-after-commit', '503-after-commit', 'reset-after-commit', 'truncated'] as const)('%s', async (kind) => {
    const id = ground.create({ T: [['old']] })
    ground.emulator.faults.add({ match, kind })
    expect(await isAnswered(ground.batch(id, write))).toBe(false)
    expect(ground.emulator.values(id, 'T')).toEqual([['new']])
  })
})

it('meets the nth call that matches, and each fault once', async () => {
  const id = ground.create({ T: [] })
  ground.emulator.faults.add({ match, kind: '503-before', nth: 2 })
  await ground.batch(id, write)
  expect(await refusal(ground.batch(id, write))).toMatchObject({ status: 503 })
  await ground.batch(id, write)
})

it('says when to come again, where it is asked to', async () => {
  const id = ground.create({ T: [] })
  ground.emulator.faults.add({ match: /^GET /, kind: '429-retry-after' })
  const error = (await ground.client.sheets.spreadsheets.get({ spreadsheetId: id }).catch((thrown: unknown) => thrown)) as {
    response: { headers: Headers }
  }
  expect(Number(error.response.headers.get('retry-after'))).toBeGreaterThan(0)
})

it('tells of each request, and lets people edit between two', async () => {
  await using own = await openGround()
  const id = own.create({ T: [['old']] })
  const commits: string[] = []
  own.emulator.onCommit((of) => void commits.push(`${of === id} ${own.emulator.values(id, 'T')[0]?.join()}`))
  let edited = false
  own.emulator.onRequest(({ method, kind }) => {
    if (edited || method !== 'POST' || kind !== 'write') return
    edited = true
    own.emulator.edit(id, [
      { updateCells: { start: { sheetId: 0, columnIndex: 1 }, rows: [textRow('human')], fields: 'userEnteredValue' } },
    ])
  })
  await own.batch(id, write)
  expect(own.emulator.values(id, 'T')).toEqual([['new', 'human']])
  expect(commits).toEqual(['true old,human', 'true new,human'])
  expect(own.emulator.requests.filter(({ kind }) => kind !== 'other').map(({ method, kind, status }) => [method, kind, status])).toEqual([
    ['POST', 'write', 200],
  ])
})

describe('the quota', () => {
  it('is sixty calls of a kind a minute for each account, and is full again in the next minute', async () => {
    let now = Date.UTC(2026, 10, 3, 12, 0, 30)
    await using own = await openGround({ quota: true, now: () => now })
    const id = own.create({ T: [] })
    const other = own.emulator.serviceAccount('other')
    own.emulator.share(id, other.client_email, 'writer')
    const clock = { iat: now / 1000, exp: now / 1000 + 3600 }
    const read = (client: Ground['client']) => async (): Promise<unknown> =>
      client.sheets.spreadsheets.get({ spreadsheetId: id, fields: 'spreadsheetId' })
    const first = read(googleClient(own.emulator, { claims: clock }))
    for (let call = 0; call < 60; call += 1) await first()
    expect(await refusal(first())).toEqual({
      status: 429,
      state: 'RESOURCE_EXHAUSTED',
      message: expect.stringMatching(
        /^Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:\d+'\.$/,
      ),
    })
    await read(googleClient(own.emulator, { key: other, claims: clock }))()
    now += 30_000
    await first()
  })
})

it('refuses bodies of more than ten megabytes as Google does', async () => {
  const id = ground.create({ T: [] })
  const values = [['x'.repeat(40_000)]]
  const body = {
    requests: Array.from({ length: 270 }, () => ({
      updateCells: { start: { sheetId: 0 }, rows: values.map((row) => textRow(...row)), fields: 'userEnteredValue' },
    })),
  }
  expect(await refusal(ground.client.sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: body }))).toMatchObject({
    status: 400,
    message: 'Request payload size exceeds the limit: 10485760 bytes.',
  })
})
