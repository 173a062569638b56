import { existsSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, post, type Connected } from './client.ts'

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', process.env['CHROMIUM'] ?? ''].find(
  (path) => path !== '' && existsSync(path),
)

const address = (at: Connected, path = ''): string => new URL(path, at.emulator.url).href

describe('The endpoints of the page', () => {
  const change = (at: Connected, path: string, headers: Readonly<Record<string, string>>, body: object = {}): Promise<Response> =>
    fetch(address(at, path), { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

  it('change something for the page itself alone', async () => {
    await using at = await connect()
    expect((await change(at, '/-/spreadsheets', {})).status).toBe(403)
    expect((await change(at, '/-/spreadsheets', { origin: 'https://example.org' })).status).toBe(403)
    expect((await change(at, '/-/spreadsheets/field-plan/cells', { origin: 'null' }, { sheetId: 0, text: 'x' })).status).toBe(403)
    expect(at.emulator.store.all()).toHaveLength(1)
    const origin = new URL(at.emulator.url).origin
    const made = await change(at, '/-/spreadsheets', { origin }, { title: 'Shifts' })
    const { id } = (await made.json()) as { readonly id: string }
    expect(at.emulator.store.get(id)).toMatchObject({ title: 'Shifts', sharing: new Map([[at.email, 'writer']]) })
  })

  it('load nothing from elsewhere and stand under no path of Google', async () => {
    await using at = await connect()
    const answer = await fetch(address(at, '/spreadsheets/d/field-plan/edit'))
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await answer.text()).not.toMatch(/(?:src|href)="(?!\/|data:)/)
    expect((await fetch(address(at, '/spreadsheets/d/gone/edit'))).status).toBe(404)
    expect((await fetch(address(at, '/-/spreadsheets/gone'))).status).toBe(404)
    expect((await fetch(address(at, '/-/spreadsheets/field-plan/tabs/9'))).status).toBe(404)
  })
})

describe('Logging in', () => {
  const verifier = 'a-verifier-that-is-long-enough-to-be-one-of-pkce'
  const challenge = 'sJ4XF6Jv5vKj8ZqOAFsLT_dwP2x_wKJD9sCl1zU_Ln8'
  const asked = (more: Readonly<Record<string, string>> = {}): URLSearchParams =>
    new URLSearchParams({
      client_id: 'sqlflow',
      redirect_uri: 'http://127.0.0.1:4000',
      response_type: 'code',
      scope: 'openid email https://www.googleapis.com/auth/spreadsheets',
      state: 'abc',
      ...more,
    })

  const consent = async (at: Connected, query: URLSearchParams, form: Readonly<Record<string, string>> = {}): Promise<URL> => {
    const body = new URLSearchParams({ request: query.toString(), email: 'ana@example.org', choice: 'allow', ...form })
    for (const scope of (query.get('scope') ?? '').split(' ')) body.append('scope', scope)
    const headers = { origin: new URL(at.emulator.url).origin }
    const answer = await fetch(address(at, '/-/consent'), { method: 'POST', headers, body, redirect: 'manual' })
    expect(answer.status).toBe(303)
    return new URL(answer.headers.get('location') ?? '')
  }

  it('gives a code for consent, and tokens for the code, once, to who asked', async () => {
    await using at = await connect()
    const { createHash } = await import('node:crypto')
    const query = asked({ code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' })
    for (const path of ['o/oauth2/auth', 'o/oauth2/v2/auth'])
      expect(await (await fetch(address(at, `${path}?${query.toString()}`))).text()).toContain(
        'See, edit, create and delete your spreadsheets',
      )
    const form = { grant_type: 'authorization_code', client_id: 'sqlflow', redirect_uri: 'http://127.0.0.1:4000' }
    const back = await consent(at, query)
    expect(back.searchParams.get('state')).toBe('abc')
    const spoilt = back.searchParams.get('code') ?? ''
    expect((await post(at.emulator, 'token', { ...form, code: spoilt, code_verifier: 'another' })).body['error_description']).toBe(
      'Invalid code verifier.',
    )
    const code = (await consent(at, query)).searchParams.get('code') ?? ''
    const { body } = await post(at.emulator, 'token', { ...form, code, code_verifier: verifier })
    expect(body).toMatchObject({ expires_in: 3600, scope: query.get('scope') })
    const claims: unknown = JSON.parse(Buffer.from(String(body['id_token']).split('.')[1]!, 'base64url').toString('utf8'))
    expect(claims).toMatchObject({ email: 'ana@example.org' })
    expect((await post(at.emulator, 'token', { ...form, code, code_verifier: verifier })).body['error']).toBe('invalid_grant')
    const refresh = { grant_type: 'refresh_token', client_id: 'sqlflow', refresh_token: String(body['refresh_token']) }
    const again = await post(at.emulator, 'token', refresh)
    expect((await post(at.emulator, 'tokeninfo', { access_token: String(again.body['access_token']) })).body['email']).toBe(
      'ana@example.org',
    )
    expect((await post(at.emulator, 'token', { ...refresh, client_id: 'other' })).status).toBe(401)
    await post(at.emulator, 'revoke', { token: refresh.refresh_token })
    expect((await post(at.emulator, 'token', refresh)).body).toEqual({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    })
  })

  it('leads back with a refusal, and nowhere but to this machine', async () => {
    await using at = await connect()
    expect((await consent(at, asked(), { choice: 'deny' })).searchParams.get('error')).toBe('access_denied')
    for (const [name, value] of [
      ['redirect_uri', 'https://example.org/'],
      ['response_type', 'token'],
      ['client_id', ''],
    ] as const)
      expect((await fetch(address(at, `o/oauth2/auth?${asked({ [name]: value }).toString()}`))).status).toBe(400)
    expect(
      (await fetch(address(at, `o/oauth2/auth?${asked({ code_challenge: challenge, code_challenge_method: 'plain' }).toString()}`))).status,
    ).toBe(400)
  })
})

describe.skipIf(chromium === undefined)('The page in a browser (skipped where no Chromium is installed)', () => {
  let browser: Browser
  beforeAll(async () => {
    const { chromium: driver } = await import('playwright-core')
    browser = await driver.launch({ executablePath: chromium!, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

  interface Opened extends AsyncDisposable {
    readonly at: Connected
    readonly page: Page
    readonly errors: readonly string[]
    readonly cell: (row: number, column: number) => ReturnType<Page['locator']>
  }

  const open = async (path: string, fill: (at: Connected) => Promise<unknown> = async () => undefined): Promise<Opened> => {
    const at = await connect({}, ['Turf', 'Log'])
    await fill(at)
    const page = await browser.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('dialog', (dialog) => errors.push(`dialog ${dialog.message()}`))
    await page.goto(address(at, path))
    return {
      at,
      page,
      errors,
      cell: (row, column) => page.locator(`#cell-${row}-${column}`),
      [Symbol.asyncDispose]: async () => {
        await page.close()
        await at[Symbol.asyncDispose]()
      },
    }
  }
  const edit = '/spreadsheets/d/field-plan/edit'

  it('lists spreadsheets, follows what is made, and makes one', async () => {
    await using opened = await open('/')
    const { at, page, errors } = opened
    await page.getByRole('link', { name: 'Field plan' }).waitFor()
    at.emulator.createSpreadsheet({ title: '<img src=x onerror=alert(1)>' })
    await page.getByRole('link', { name: '<img src=x onerror=alert(1)>' }).waitFor()
    await page.getByRole('button', { name: 'New spreadsheet' }).click()
    await page.waitForURL('**/spreadsheets/d/*/edit')
    await page.getByRole('heading', { name: 'Untitled spreadsheet' }).waitFor()
    expect(errors).toEqual([])
  })

  it('shows cells as people know them: formats, sides, bold headers, notes, frozen rows, hidden tabs', async () => {
    await using opened = await open(edit, async (at) => {
      await at.batch(
        {
          updateCells: {
            start: {},
            rows: [{ values: [{ userEnteredValue: { stringValue: 'Given' }, note: 'Data as of today' }] }],
            fields: '*',
          },
        },
        {
          repeatCell: {
            range: { endRowIndex: 1, endColumnIndex: 1 },
            cell: { userEnteredFormat: { textFormat: { bold: true } } },
            fields: 'userEnteredFormat',
          },
        },
        {
          updateCells: {
            start: { rowIndex: 1 },
            rows: [
              {
                values: [
                  {
                    userEnteredValue: { numberValue: 1234.5 },
                    userEnteredFormat: { numberFormat: { type: 'CURRENCY', pattern: '$#,##0.00' } },
                  },
                ],
              },
            ],
            fields: '*',
          },
        },
        { updateSheetProperties: { properties: { gridProperties: { frozenRowCount: 1 } }, fields: 'gridProperties.frozenRowCount' } },
        {
          updateSheetProperties: { properties: { sheetId: at.emulator.snapshot(at.id).tabs[1]!.sheetId, hidden: true }, fields: 'hidden' },
        },
      )
      await at.write('A3', [['<b>Ana</b>']])
    })
    const { page, errors, cell } = opened
    await cell(1, 0).getByText('$1,234.50').waitFor()
    expect(await cell(1, 0).evaluate((box) => box.className)).toContain('right')
    expect(await cell(0, 0).evaluate((box) => box.className)).toMatch(/bold.*noted/)
    expect(await cell(2, 0).textContent()).toBe('<b>Ana</b>')
    await cell(0, 0).hover()
    await page.getByRole('tooltip').getByText('Data as of today').waitFor()
    await page.getByRole('tab', { name: 'Log hidden' }).waitFor()
    await page.locator('#grid').evaluate((grid) => grid.scrollTo(0, 10_000))
    await cell(430, 0).waitFor()
    expect(await cell(0, 0).isVisible()).toBe(true)
    expect(errors).toEqual([])
  })

  it('shows what is pushed while it is open', async () => {
    await using opened = await open(edit)
    const { at, page, errors, cell } = opened
    await cell(0, 0).waitFor()
    await at.write('Turf!A1', [['new']])
    await cell(0, 0).getByText('new').waitFor()
    await at.batch({ addSheet: { properties: { title: 'Shifts', sheetId: 5 } } })
    await page.getByRole('tab', { name: 'Shifts' }).click()
    expect(page.url()).toContain('#gid=5')
    expect(errors).toEqual([])
  })

  it('draws what is in view of a long and wide tab, and reaches its end by keys', async () => {
    await using opened = await open(edit, async (at) => {
      await at.batch({
        updateSheetProperties: {
          properties: { gridProperties: { rowCount: 50_000, columnCount: 60 } },
          fields: 'gridProperties(rowCount,columnCount)',
        },
      })
      await at.write(
        'A1',
        Array.from({ length: 20_000 }, (_, k) => [k + 1, 'Ana']),
      )
      await at.write('BH20000', [['last']])
    })
    const { page, errors, cell } = opened
    await cell(0, 1).getByText('Ana').waitFor()
    expect(await page.locator('.cell').count()).toBeLessThan(1500)
    await page.keyboard.press('Control+End')
    await cell(19_999, 0).getByText('20000').waitFor()
    await page.keyboard.press('End')
    await cell(19_999, 59).getByText('last').waitFor()
    expect(await page.locator('#address').textContent()).toBe('BH20000')
    await page.keyboard.press('Control+Home')
    await cell(0, 0).getByText('1').waitFor()
    expect(errors).toEqual([])
  })

  it('is typed into as by a person, while rows are pushed', async () => {
    await using opened = await open(edit, (at) => at.write('A1', [['00501', 'x'], ['Ben']]))
    const { at, page, errors, cell } = opened
    await cell(0, 0).getByText('00501').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.type('Call')
    await at.write('C1', [['pushed']])
    await cell(0, 2).getByText('pushed').waitFor()
    await page.keyboard.type(' again')
    await page.keyboard.press('Enter')
    await cell(0, 1).getByText('Call again').waitFor()
    await page.keyboard.type('02134')
    await page.keyboard.press('Tab')
    await cell(1, 1).getByText('2134').waitFor()
    await page.keyboard.type('dropped')
    await page.keyboard.press('Escape')
    await cell(0, 0).dblclick()
    expect(await page.locator('.editor').inputValue()).toBe("'00501")
    await page.keyboard.press('Escape')
    await cell(1, 0).click()
    await page.keyboard.press('Delete')
    await cell(1, 0).locator('.text').waitFor({ state: 'detached' })
    expect(at.emulator.values(at.id, 'Turf')).toEqual([
      ['00501', 'Call again', 'pushed'],
      ['', 2134],
    ])
    await page.getByRole('button', { name: 'Add a row' }).waitFor({ state: 'detached' })
    expect(errors).toEqual([])
  })

  it('shows and changes whom it is shared with, and what exports keep in it', async () => {
    await using opened = await open(edit, (at) =>
      at.batch({
        createDeveloperMetadata: {
          developerMetadata: {
            metadataKey: 'sqlflow',
            metadataValue: '{"export":"turf"}',
            visibility: 'DOCUMENT',
            location: { sheetId: 0 },
          },
        },
      }),
    )
    const { at, page, errors } = opened
    await page.getByRole('button', { name: 'Sharing and details' }).click()
    await page.getByText('"export": "turf"').waitFor()
    await page.getByLabel('Email').fill('ana@example.org')
    await page.getByLabel('May').selectOption('reader')
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    await page.getByRole('button', { name: `Remove ana@example.org` }).waitFor()
    await page.getByRole('button', { name: `Remove ${at.email}` }).click()
    await page.getByRole('button', { name: `Remove ${at.email}` }).waitFor({ state: 'detached' })
    expect([...at.emulator.store.get(at.id).sharing]).toEqual([['ana@example.org', 'reader']])
    expect(errors).toEqual([])
  })
})
