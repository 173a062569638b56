import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { driveScope, googleClient, postAssertion, refusal, signJwt, spreadsheetsScope } from './google-client.ts'
import { openGround, textRow, type Ground } from './ground.ts'

let ground: Ground

beforeAll(async () => {
  ground = await openGround()
})

afterAll(async () => ground[Symbol.asyncDispose]())

describe('the token endpoint', () => {
  const grant = async (claims: object, key = ground.emulator.serviceAccount()): Promise<unknown> => {
    const reply = await postAssertion(key.token_uri, signJwt(key, { scope: spreadsheetsScope, ...claims }))
    const body = (await reply.json()) as Record<string, unknown>
    return reply.status === 200
      ? [200, body['token_type'], Object.keys(body).sort()]
      : [reply.status, body['error'], body['error_description']]
  }
  const now = Math.floor(Date.now() / 1000)

  it('gives a token for a well signed assertion', async () => {
    expect(await grant({})).toEqual([200, 'Bearer', expect.arrayContaining(['access_token', 'expires_in', 'token_type'])])
  })

  it('refuses an account, a key, an audience and a time that are not right, each in its own words', async () => {
    expect(await grant({ iss: 'nobody@emulator.iam.gserviceaccount.com' })).toEqual([
      400,
      'invalid_grant',
      'Invalid grant: account not found',
    ])
    const key = ground.emulator.serviceAccount()
    const forged = signJwt(key, { scope: spreadsheetsScope }).replace(
      /\.[^.]+$/,
      `.${Buffer.from('forged'.repeat(40)).toString('base64url')}`,
    )
    expect(await (await postAssertion(key.token_uri, forged)).json()).toEqual({
      error: 'invalid_grant',
      error_description: 'Invalid JWT Signature.',
    })
    expect(await grant({ aud: 'https://example.org/token' })).toMatchObject([400, 'invalid_grant', expect.any(String)])
    const late = expect.stringMatching(/^Invalid JWT: Token must be a short-lived token \(60 minutes\) and in a reasonable timeframe/)
    expect(await grant({ iat: now - 7200, exp: now - 3600 })).toEqual([400, 'invalid_grant', late])
    expect(await grant({ iat: now + 7200, exp: now + 10_800 })).toEqual([400, 'invalid_grant', late])
    expect(await grant({ exp: now + 7200 })).toEqual([400, 'invalid_grant', late])
  })

  it('refuses to act for a person unless an admin allowed it', async () => {
    expect(await grant({ sub: 'ada@field.example' })).toEqual([
      401,
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    ])
  })
})

describe('a spreadsheet', () => {
  const get = async (spreadsheetId: string, client = ground.client): Promise<unknown> =>
    client.sheets.spreadsheets.get({ spreadsheetId, fields: 'properties.title' })

  it('that is not there is not found, and one that is not shared is forbidden', async () => {
    expect(await refusal(get('nothing-here'))).toEqual({ status: 404, state: 'NOT_FOUND', message: 'Requested entity was not found.' })
    const id = ground.emulator.createSpreadsheet({ title: 'Private' })
    expect(await refusal(get(id))).toEqual({ status: 403, state: 'PERMISSION_DENIED', message: 'The caller does not have permission' })
  })

  it('is read and not written by a viewer, and neither once it is no more shared', async () => {
    const id = ground.create({ T: [['old']] })
    const { client_email } = ground.emulator.serviceAccount()
    ground.emulator.share(id, client_email, 'reader')
    await get(id)
    const write = { updateCells: { start: { sheetId: 0 }, rows: [textRow('new')], fields: 'userEnteredValue' } }
    expect(await refusal(ground.batch(id, write))).toEqual({
      status: 403,
      state: 'PERMISSION_DENIED',
      message: 'The caller does not have permission',
    })
    ground.emulator.share(id, client_email, 'none')
    expect(await refusal(get(id))).toMatchObject({ status: 403 })
    expect(ground.emulator.values(id, 'T')).toEqual([['old']])
  })

  it('asks for a scope that covers the call', async () => {
    const id = ground.create({ T: [] })
    const client = googleClient(ground.emulator, { scopes: ['https://www.googleapis.com/auth/userinfo.email'] })
    expect(await refusal(get(id, client))).toEqual({
      status: 403,
      state: 'PERMISSION_DENIED',
      message: 'Request had insufficient authentication scopes.',
    })
    const reader = googleClient(ground.emulator, { scopes: [`${spreadsheetsScope}.readonly`] })
    await get(id, reader)
    const clear = reader.sheets.spreadsheets.values.clear({ spreadsheetId: id, range: 'T' })
    expect(await refusal(clear)).toMatchObject({ status: 403, message: 'Request had insufficient authentication scopes.' })
  })

  it('is asked for with a token that is known', async () => {
    const reply = await fetch(`${ground.emulator.url}v4/spreadsheets/${ground.create({ T: [] })}`, {
      headers: { authorization: 'Bearer stale' },
    })
    expect([reply.status, ((await reply.json()) as { error: { status: string } }).error.status]).toEqual([401, 'UNAUTHENTICATED'])
  })

  it('gives what is asked for, and no more', async () => {
    const id = ground.create({ T: [['a']], Other: [] })
    expect(await ground.get(id, 'spreadsheetId,properties(locale,timeZone),sheets(properties(sheetId,title))')).toEqual({
      spreadsheetId: id,
      properties: { locale: 'en_US', timeZone: 'Etc/GMT' },
      sheets: [{ properties: { sheetId: 0, title: 'T' } }, { properties: { sheetId: ground.sheetId(id, 'Other'), title: 'Other' } }],
    })
    const whole = await ground.get(id)
    expect(whole.sheets![0]).not.toHaveProperty('data')
    const withData = await ground.client.sheets.spreadsheets.get({ spreadsheetId: id, includeGridData: true, ranges: ['T!A1'] })
    expect(withData.data.sheets).toHaveLength(1)
    expect(withData.data.sheets![0]!.data![0]!.rowData![0]!.values![0]).toMatchObject({
      userEnteredValue: { stringValue: 'a' },
      formattedValue: 'a',
    })
  })
})

describe('Drive', () => {
  it('says what a file is called, when it changed, and whether it may be edited', async () => {
    const id = ground.create({ T: [] })
    const get = async (): Promise<Record<string, unknown>> =>
      (await ground.client.drive.files.get({ fileId: id, fields: 'name,modifiedTime,capabilities/canEdit' })).data as Record<
        string,
        unknown
      >
    const before = await get()
    expect(before).toEqual({
      name: 'Field plan',
      modifiedTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      capabilities: { canEdit: true },
    })
    ground.emulator.share(id, ground.emulator.serviceAccount().client_email, 'reader')
    expect(await get()).toMatchObject({ capabilities: { canEdit: false } })
  })

  it('has no room for what a service account would make', async () => {
    const make = ground.client.drive.files.create({ requestBody: { name: 'New', mimeType: 'application/vnd.google-apps.spreadsheet' } })
    const error = (await make.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )) as { response: { status: number; data: { error: { errors: object[] } } } }
    expect([error.response.status, error.response.data.error.errors]).toMatchObject([
      403,
      [{ domain: 'usageLimits', reason: 'storageQuotaExceeded' }],
    ])
    expect(await refusal(ground.client.sheets.spreadsheets.create({ requestBody: { properties: { title: 'New' } } }))).toMatchObject({
      status: 403,
      message: 'The caller does not have permission',
    })
  })

  it('shares a file with others, and tells nothing of files that are not shared', async () => {
    const id = ground.create({ T: [] })
    const other = ground.emulator.serviceAccount('other')
    const client = googleClient(ground.emulator, { key: other, scopes: [spreadsheetsScope, driveScope] })
    expect(await refusal(client.drive.files.get({ fileId: id }))).toMatchObject({ status: 404, message: `File not found: ${id}.` })
    await ground.client.drive.permissions.create({
      fileId: id,
      requestBody: { type: 'user', role: 'reader', emailAddress: other.client_email },
    })
    await client.sheets.spreadsheets.get({ spreadsheetId: id })
    const { data } = await ground.client.drive.permissions.list({ fileId: id, fields: 'permissions(emailAddress,role)' })
    expect(data.permissions).toContainEqual({ emailAddress: other.client_email, role: 'reader' })
  })
})
