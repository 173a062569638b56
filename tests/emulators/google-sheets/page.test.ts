/** The page of the emulator in a real browser. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { startSheetsEmulator } from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))

if (executablePath === undefined) process.stderr.write('Skipped: the page of the emulator. There is no Chromium on this machine.\n')

describe.skipIf(executablePath === undefined)('the page', () => {
  it('lists spreadsheets, shows their tabs with their formats, escaped, and follows what is pushed', async () => {
    await using emulator = await startSheetsEmulator()
    const id = emulator.createSpreadsheet({ title: 'Field <plan>', tabs: ['Turf', 'Events'] })
    emulator.edit(id, [
      {
        updateCells: {
          start: { sheetId: 0 },
          rows: [
            { values: [{ userEnteredValue: { stringValue: '<b>Region</b>' } }] },
            {
              values: [
                {
                  userEnteredValue: { numberValue: 1234.5 },
                  userEnteredFormat: { numberFormat: { type: 'CURRENCY', pattern: '$#,##0.00' } },
                },
              ],
            },
          ],
          fields: 'userEnteredValue,userEnteredFormat.numberFormat',
        },
      },
    ])
    const browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      await page.goto(emulator.url)
      await page.getByRole('link', { name: 'Field <plan>' }).click()
      await page.getByText('$1,234.50').waitFor()
      expect(await page.getByText('<b>Region</b>').count()).toBeGreaterThan(0)
      expect(page.url()).toContain(`/spreadsheets/d/${id}`)
      emulator.edit(id, [
        {
          updateCells: {
            start: { sheetId: 0, rowIndex: 2 },
            rows: [{ values: [{ userEnteredValue: { stringValue: 'Harbor' } }] }],
            fields: 'userEnteredValue',
          },
        },
      ])
      await page.getByText('Harbor').waitFor()
    } finally {
      await browser.close()
    }
  })
})
