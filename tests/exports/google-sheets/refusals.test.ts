/** What keeps an export from being written: guards, limits, and what Google refuses. In each case what stands in the sheet stays. */
import { describe, expect, it } from 'vitest'
import {
  createSheetProject,
  failure,
  sheetId,
  tabOf,
  told,
  typed,
  writesSince,
  type SheetProject,
  type SheetProjectOptions,
} from './sheet-project.ts'

/** Runs the export, which must fail without a call that writes, or with one that is refused whole. */
async function refused({ run, emulator }: SheetProject, ...args: readonly string[]): Promise<string> {
  const before = emulator.snapshot(sheetId).version
  const result = await run(['export', ...args])
  expect(result.exitCode).toBe(1)
  expect(emulator.snapshot(sheetId).version).toBe(before)
  return failure(result)
}

async function written(options: SheetProjectOptions = {}): Promise<SheetProject> {
  const sheets = await createSheetProject(options)
  expect((await sheets.run(['export'])).exitCode).toBe(0)
  return sheets
}

describe('A guard', () => {
  it('compares with what the sheet remembers, wherever the run before was', async () => {
    await using sheets = await written({
      lines: 'guards: { min_rows: 1, max_shrink: 50% }\n',
      csv: 'id,name\n1,Ana\n2,Ben\n3,Cleo\n4,Dan\n',
    })
    sheets.project.remove('target')
    sheets.project.remove('.sqlflow')
    await sheets.load('id,name\n1,Ana\n')
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:1:1 error[export-guard]: The export \`turf_sheet\` has 1 row, 75% fewer than the 4 of the last time; its guard \`max_shrink\` allows 50%.
        1 | from: turf
          | ^
        hint: What was exported before stands unchanged. Look upstream, or raise the guard for one run."
    `)
    await sheets.load('id,name\n')
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:1:1 error[export-guard]: The export \`turf_sheet\` has 0 rows; its guard \`min_rows\` asks for 1.
        1 | from: turf
          | ^
        hint: What was exported before stands unchanged. Look upstream, or lower the guard."
    `)
    await sheets.load('id,name\n1,Ana\n2,Ben\n')
    expect((await sheets.run(['export'])).exitCode).toBe(0)
  })

  it('counts rows of append by the run', async () => {
    await using sheets = await written({ to: 'mode: append', lines: 'guards: { min_rows: 2, max_shrink: 10% }\n', csv: 'id\n1\n2\n3\n4\n' })
    await sheets.load('id\n5\n6\n')
    expect((await sheets.run(['export'])).exitCode).toBe(0)
    await sheets.load('id\n7\n')
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:1:1 error[export-guard]: The export \`turf_sheet\` has 1 row; its guard \`min_rows\` asks for 2.
        1 | from: turf
          | ^
        hint: What was exported before stands unchanged. Look upstream, or lower the guard."
    `)
  })

  it('asks for tests that passed in the same run', async () => {
    await using sheets = await createSheetProject({
      lines: 'guards: { required_tests: ids_are_small }\n',
      csv: 'id\n1\n',
      files: { 'tests/ids_are_small.sql': "select id from {{ref 'turf'}} where id > 5" },
    })
    const alone = await sheets.run(['build', '-s', 'turf_sheet'])
    expect([alone.exitCode, failure(alone)]).toMatchInlineSnapshot(`
      [
        1,
        "exports/turf_sheet.yml:2:27 error[export-guard]: The export \`turf_sheet\` requires the test \`ids_are_small\`, which is no part of this run.
        1 | from: turf
        2 | guards: { required_tests: ids_are_small }
          |                           ^^^^^^^^^^^^^
        hint: What was exported before stands unchanged. Select it too: \`sqlflow export turf_sheet\` does so by itself.",
      ]
    `)
    expect(sheets.emulator.snapshot(sheetId).tabs.map(({ title }) => title)).toEqual(['Sheet1'])
    expect((await sheets.run(['export', '--no-tests'])).exitCode).toBe(0)
    await sheets.load('id\n7\n')
    expect(told(await sheets.run(['export']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 2 nodes
      ✗ test    ids_are_small                                \`ids_are_small\` found 1 failing row, N ms
          id
          ──
          7
      - export  turf_sheet                                   skipped: test ids_are_small failed


      Failed in N ms: 1 failed, 1 skipped.
      Failed
        test ids_are_small (tests/ids_are_small.sql): \`ids_are_small\` found 1 failing row.
      Skipped
        1 node: test ids_are_small failed
      Next
        sqlflow build turf+  once it is mended: it, and what was skipped below
        target/dev/          compiled SQL, run_results.json, manifest.json

      exit 1"
    `)
    expect(sheets.emulator.values(sheetId, 'Turf')).toEqual([['id'], [1]])
  })
})

describe('A limit of Google', () => {
  it('of ten million cells names the tabs that use most of them, before anything is written', async () => {
    await using sheets = await createSheetProject({ tabs: ['Sheet1', 'Archive', 'Small'] })
    const [, archive] = sheets.emulator.snapshot(sheetId).tabs
    sheets.emulator.edit(sheetId, [
      {
        updateSheetProperties: {
          properties: { sheetId: archive!.sheetId, gridProperties: { rowCount: 382_000, columnCount: 26 } },
          fields: 'gridProperties(rowCount,columnCount)',
        },
      },
    ])
    const from = sheets.emulator.requests.length
    sheets.project.write({
      'exports/turf_sheet.yml': `query: select g from generate_series(1, 20000) g\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf }\n`,
    })
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[sheet-limit]: The spreadsheet \`Field plan\` holds at most 10,000,000 cells, empty ones included; it has 9,984,000, and this export needs 20,001 more.
        2 | to:
        3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Turf }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^
        hint: Nothing was written. Most cells are in \`Archive\` 9,932,000, \`Sheet1\` 26,000, \`Small\` 26,000: delete their empty rows and columns, or export fewer rows."
    `)
    expect(writesSince(sheets.emulator, from)).toEqual([])
  })

  it('of columns, of characters in a cell and of digits', async () => {
    await using sheets = await createSheetProject()
    const query = (sql: string, to = ''): void =>
      sheets.project.write({
        'exports/turf_sheet.yml': `query: ${sql}\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf${to} }\n`,
      })
    query("select 1 as id, repeat('x', 50001) as note")
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[sheet-limit]: A cell holds 50,000 characters; column \`note\` has 50,001 in row 1.
        2 | to:
        3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Turf }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^
        hint: Shorten the text in the query, or write \`long_text: truncate\`."
    `)
    query('select 12345678901234567890 as id', ', big_numbers: error')
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[sheet-limit]: A sheet keeps 15 digits of a number; column \`id\` has 19 in row 1.
        2 | to:
        3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Turf, big_numbers: error }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^
        hint: Write \`big_numbers: text\` to keep every digit, or \`big_numbers: number\` to let them be rounded."
    `)
    query("select 1 as id, repeat('😀', 30000) as note", ', long_text: truncate')
    expect((await sheets.run(['export'])).exitCode).toBe(0)
    expect(String(sheets.emulator.values(sheetId, 'Turf')[1]![1])).toHaveLength(50_000)
  })
})

describe('Google refuses', () => {
  it('a spreadsheet that is not there, not shared, or shared for viewing alone', async () => {
    await using sheets = await createSheetProject()
    const account = sheets.emulator.serviceAccount().client_email
    sheets.emulator.share(sheetId, account, 'reader')
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[google-view-only]: sqlflow@emulator.iam.gserviceaccount.com has view-only access to "Field plan".
        2 | to:
        3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Turf }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^
        hint: Open it, press Share, change Viewer to Editor beside sqlflow@emulator.iam.gserviceaccount.com, and run again."
    `)
    sheets.emulator.share(sheetId, account, 'none')
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[google-not-shared]: Google refused access to "field-plan-spreadsheet".
        2 | to:
        3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Turf }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^
        hint: Open http://HOST/spreadsheets/d/field-plan-spreadsheet, press Share, add sqlflow@emulator.iam.gserviceaccount.com as Editor, and run again."
    `)
    sheets.project.write({
      'exports/turf_sheet.yml': 'from: turf\nto:\n  google_sheets: { spreadsheet: 1AbCdEfGhIjKlMnOpQrStUvWxYz, tab: Turf }\n',
    })
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[google-no-spreadsheet]: No spreadsheet 1AbCdEfGhIjKlMnOpQrStUvWxYz.
        2 | to:
        3 |   google_sheets: { spreadsheet: 1AbCdEfGhIjKlMnOpQrStUvWxYz, tab: Turf }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Check the URL; if it is right, open it, press Share, and add sqlflow@emulator.iam.gserviceaccount.com as Editor."
    `)
  })

  it('an Excel file of Drive', async () => {
    await using sheets = await createSheetProject()
    const id = 'excel-file-0123456789'
    sheets.emulator.createSpreadsheet({
      id,
      title: 'Plan.xlsx',
      isExcel: true,
      sharedWith: [sheets.emulator.serviceAccount().client_email],
    })
    sheets.project.write({ 'exports/turf_sheet.yml': `from: turf\nto:\n  google_sheets: { spreadsheet: ${id}, tab: Turf }\n` })
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[google-not-a-sheet]: This is an Excel file, and no Google spreadsheet: "excel-file-0123456789".
        2 | to:
        3 |   google_sheets: { spreadsheet: excel-file-0123456789, tab: Turf }
          |                                 ^^^^^^^^^^^^^^^^^^^^^
        hint: Open it, choose File, Save as Google Sheets, and use the new URL."
    `)
  })

  it('cells that are protected from the account', async () => {
    await using sheets = await written()
    const { sheetId: tab } = tabOf(sheets, 'Turf')
    sheets.emulator.edit(sheetId, [
      {
        addProtectedRange: {
          protectedRange: { range: { sheetId: tab, startRowIndex: 0, endRowIndex: 1 }, editors: { users: ['field@example.org'] } },
        },
      },
    ])
    await sheets.load('id,name\n2,Ben\n')
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[google-protected]: Cells of "Field plan" that would be written are protected.
        2 | to:
        3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Turf }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^
        hint: Open the menu Data, Protect sheets and ranges, and add sqlflow@emulator.iam.gserviceaccount.com to those who may edit."
    `)
    expect(sheets.emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'name'],
      [1, 'Ana'],
    ])
  })

  it('a key that was deleted', async () => {
    await using sheets = await written()
    sheets.emulator.accounts.remove(sheets.emulator.serviceAccount().client_email)
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[google-token-refused]: Service account sqlflow@emulator.iam.gserviceaccount.com no longer exists.
        2 | to:
        3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Turf }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^
        hint: Make another, or correct its name; then share the spreadsheets with it."
    `)
  })

  it('a number of a tab that is not there', async () => {
    await using sheets = await createSheetProject({ tabs: ['Plan', 'Walk'] })
    const number = sheets.emulator.snapshot(sheetId).tabs[1]!.sheetId
    sheets.project.write({ 'exports/turf_sheet.yml': `from: turf\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: 77 }\n` })
    expect((await refused(sheets)).replace(String(number), 'NUMBER')).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[sheet-tab-missing]: The spreadsheet \`Field plan\` has no tab with the number 77.
        2 | to:
        3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: 77 }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^
        hint: Its tabs are \`Plan\` (0), \`Walk\` (NUMBER). A title that is not there is made."
    `)
  })
})

describe('The sheet refuses', () => {
  it('a table that would lie over that of another export', async () => {
    await using sheets = await written({ csv: 'id,name\n1,Ana\n2,Ben\n' })
    sheets.project.write({
      'exports/turf_sheet.yml': `from: turf\nenabled: false\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf }\n`,
      'exports/walk_list.yml': `from: turf\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf, start: B2 }\n`,
    })
    expect(await refused(sheets, 'walk_list')).toMatchInlineSnapshot(`
      "exports/walk_list.yml:3:33 error[sheet-tables-overlap]: The tab \`Turf\` holds the table of the export \`turf_sheet\` of project \`field\` where this one would be written.
        2 | to:
        3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Turf, start: B2 }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^
        hint: Nothing was written. Choose another \`tab\` or \`start\`; if the export was renamed, take its table over, once, with \`--adopt\`."
    `)
    sheets.project.write({
      'exports/walk_list.yml': `from: turf\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf, start: D2 }\n`,
    })
    expect((await sheets.run(['export', 'walk_list'])).exitCode).toBe(0)
    expect(sheets.emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'name'],
      [1, 'Ana', '', 'id', 'name'],
      [2, 'Ben', '', 1, 'Ana'],
      ['', '', '', 2, 'Ben'],
    ])
  })

  it('columns that people moved, and keys that are of another type', async () => {
    await using sheets = await written({ csv: 'id,name\n1,Ana\n' })
    const { sheetId: tab } = tabOf(sheets, 'Turf')
    sheets.emulator.edit(sheetId, [{ insertDimension: { range: { sheetId: tab, dimension: 'COLUMNS', startIndex: 1, endIndex: 2 } } }])
    await sheets.load('id,name\n2,Ben\n')
    expect(await refused(sheets)).toMatchInlineSnapshot(`
      "exports/turf_sheet.yml:3:33 error[sheet-columns-moved]: In the tab \`Turf\`, \`name\` stands in column C; it was written to column B.
        2 | to:
        3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Turf }
          |                                 ^^^^^^^^^^^^^^^^^^^^^^
        hint: Nothing was written, because cells of others would be overwritten. Move columns of your own to the right of the table, or use \`mode: upsert\`, which finds its columns by their titles."
    `)
  })

  it.each([
    [
      'a title that is gone',
      [
        ['ID', 'name'],
        [1, 'Ana'],
      ],
    ],
    [
      'a title that stands there twice',
      [
        ['id', 'name', 'name'],
        [1, 'Ana'],
      ],
    ],
    [
      'a key that stands there twice',
      [
        ['id', 'name'],
        [1, 'Ana'],
        [1, 'Anna'],
      ],
    ],
    [
      'keys that are text',
      [
        ['id', 'name'],
        ['1', 'Ana'],
      ],
    ],
  ])('upsert onto %s', async (_, cells) => {
    await using sheets = await written({ to: 'mode: upsert, key: id', csv: 'id,name\n1,Ana\n' })
    const { sheetId: tab, rowCount, columnCount } = tabOf(sheets, 'Turf')
    sheets.emulator.edit(sheetId, [
      { appendDimension: { sheetId: tab, dimension: 'ROWS', length: 5 - rowCount } },
      { appendDimension: { sheetId: tab, dimension: 'COLUMNS', length: 5 - columnCount } },
      ...cells.map((row, r) => typed(tab, `A${r + 1}`, row)),
    ])
    await sheets.load('id,name\n1,Ana Maria\n')
    expect(await refused(sheets)).toMatchSnapshot()
    expect(sheets.emulator.values(sheetId, 'Turf')).toEqual(cells)
  })
})
