import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startSheetsEmulator } from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'
import { createTemporaryFolder } from '../../support/databases.ts'
import { clientsOf, connect, post, tokenOf } from './client.ts'

it('Spreadsheets, sharing, keys and logins are there again after a restart', async () => {
  await using folder = await createTemporaryFolder()
  const directory = folder.path
  let key: string
  let refreshToken: string
  let before: unknown
  {
    await using at = await connect({ directory })
    key = at.emulator.serviceAccount().private_key
    await at.write('A1', [['00501', 1.5, true], ['=1']])
    await at.write('D1', [['=SUM(B1:B1)']], 'USER_ENTERED')
    await at.batch(
      { repeatCell: { range: { endRowIndex: 1, endColumnIndex: 1 }, cell: { note: 'Ana' }, fields: 'note' } },
      { setBasicFilter: { filter: { range: { endRowIndex: 2 } } } },
      {
        updateDimensionProperties: {
          range: { dimension: 'COLUMNS', startIndex: 0, endIndex: 1 },
          properties: { pixelSize: 40 },
          fields: 'pixelSize',
        },
      },
      {
        createDeveloperMetadata: {
          developerMetadata: { metadataId: 4, metadataKey: 'k', visibility: 'DOCUMENT', location: { sheetId: 0 } },
        },
      },
    )
    const code = at.emulator.accounts.allow({
      email: 'ana@example.org',
      clientId: 'sqlflow',
      redirectUri: 'http://127.0.0.1:1',
      scopes: ['openid'],
      challenge: undefined,
    })
    const form = { grant_type: 'authorization_code', client_id: 'sqlflow', redirect_uri: 'http://127.0.0.1:1', code }
    refreshToken = String((await post(at.emulator, 'token', form)).body['refresh_token'])
    before = at.emulator.store.get(at.id)
    at.emulator.store.remove(at.emulator.createSpreadsheet({ title: 'Gone' }))
  }
  expect(statSync(join(directory, 'accounts.json')).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(directory, 'spreadsheets'))).toEqual(['field-plan.json'])

  await using emulator = await startSheetsEmulator({ directory })
  expect(emulator.serviceAccount().private_key).toBe(key)
  expect(emulator.store.get('field-plan')).toEqual({
    ...(before as object),
    sheets: [expect.objectContaining({ widths: new Map([[0, 40]]) })],
  })
  const { data } = await clientsOf(emulator, await tokenOf(emulator)).sheets.spreadsheets.values.get({
    spreadsheetId: 'field-plan',
    range: 'Turf',
  })
  expect(data.values).toEqual([['00501', '1.5', 'TRUE', '1.5'], ['=1']])
  expect(emulator.snapshot('field-plan').tabs[0]).toMatchObject({ filter: { range: { endRowIndex: 2 } }, metadata: [{ metadataId: 4 }] })
  const refresh = { grant_type: 'refresh_token', client_id: 'sqlflow', refresh_token: refreshToken }
  expect((await post(emulator, 'token', refresh)).status).toBe(200)
})

it('A change is on disk without a stop', async () => {
  await using folder = await createTemporaryFolder()
  const directory = folder.path
  await using at = await connect({ directory })
  await at.write('A1', [['kept']])
  const file = join(directory, 'spreadsheets', 'field-plan.json')
  await expect
    .poll(() => readdirSync(join(directory, 'spreadsheets')).length > 0 && readFileSync(file, 'utf8'), { timeout: 10_000 })
    .toContain('kept')
})

it('A file that cannot be read is named, and the port is free again', async () => {
  await using folder = await createTemporaryFolder()
  const directory = folder.path
  mkdirSync(join(directory, 'spreadsheets'), { recursive: true })
  writeFileSync(join(directory, 'spreadsheets', 'cut.json'), '{"id": "cut')
  await expect(startSheetsEmulator({ directory })).rejects.toThrow(/spreadsheets.cut\.json cannot be read: it is no whole JSON/)
})
