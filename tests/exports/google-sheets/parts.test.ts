/** Exports of many parts, and exports that share a spreadsheet: what one of them cannot do, and what the others do then. */
import { describe, expect, it } from 'vitest'
import { createSheetProject, sheetId, told, writesSince, type SheetProject } from './sheet-project.ts'

const byRegion = `from: turf
for_each: select distinct region from {{ref 'turf'}} order by 1
columns: [id, name]
order_by: [id]
to:
  google_sheets: { spreadsheet: ${sheetId}, tab: "Turf {region}" }
guards: { min_rows: 1, max_shrink: 50% }
`

function tabsOf({ emulator }: SheetProject, id = sheetId): Readonly<Record<string, unknown>> {
  return Object.fromEntries(emulator.snapshot(id).tabs.map(({ title }) => [title, emulator.values(id, title)]))
}

describe('`for_each` over tabs', () => {
  const csv = 'id,region,name\n1,north,Ana\n2,south,Ben\n3,north,Cleo\n4,east,Dan\n5,north,Eve\n'

  it('makes a tab for each value, in one commit', async () => {
    await using sheets = await createSheetProject({ csv, files: { 'exports/turf_sheet.yml': byRegion } })
    const from = sheets.emulator.requests.length
    expect(told(await sheets.run(['export']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   Field plan › 3 tabs                          5 rows, 3 written, N ms


      Done in N ms: 1 export written.
      Exports
        Field plan › 3 tabs: 5 rows (3 written)
          http://HOST/spreadsheets/d/field-plan-spreadsheet/edit
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
    expect(writesSince(sheets.emulator, from)).toEqual([`POST /v4/spreadsheets/${sheetId}:batchUpdate`])
    expect(tabsOf(sheets)).toEqual({
      Sheet1: [],
      'Turf east': [
        ['id', 'name'],
        [4, 'Dan'],
      ],
      'Turf north': [
        ['id', 'name'],
        [1, 'Ana'],
        [3, 'Cleo'],
        [5, 'Eve'],
      ],
      'Turf south': [
        ['id', 'name'],
        [2, 'Ben'],
      ],
    })
  })

  it('names a value that vanished, keeps its tab, and refuses the part that shrinks too much while it writes the others', async () => {
    await using sheets = await createSheetProject({ csv, files: { 'exports/turf_sheet.yml': byRegion } })
    await sheets.run(['export'])
    await sheets.load('id,region,name\n1,north,Ana\n2,south,Benjamin\n6,west,Fay\n')
    expect(told(await sheets.run(['export']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      exports/turf_sheet.yml:6:33 warning: \`for_each\` of the export \`turf_sheet\` has no \`east\` any more; its tab stays as it is.
        hint: Delete the tab by hand if nobody needs it.
      ✗ sheet   Field plan › 3 tabs                          failed, 1 of 3 parts, 2 written, N ms
          exports/turf_sheet.yml:1:1 error[export-guard]: The export \`turf_sheet[north]\` has 1 row, 67% fewer than the 3 of the last time; its guard \`max_shrink\` allows 50%.
            1 | from: turf
              | ^
            hint: What was exported before stands unchanged. Look upstream, or raise the guard for one run.


      Failed in N ms: 1 failed.
      Failed
        export turf_sheet (exports/turf_sheet.yml:1:1): The export \`turf_sheet[north]\` has 1 row, 67% fewer than the 3 of the last time; its guard \`max_shrink\` allows 50%.
      Next
        sqlflow build turf_sheet+  once it is mended: it, and what was skipped below
        target/dev/                compiled SQL, run_results.json, manifest.json

      exit 1"
    `)
    expect(tabsOf(sheets)).toEqual({
      Sheet1: [],
      'Turf east': [
        ['id', 'name'],
        [4, 'Dan'],
      ],
      'Turf north': [
        ['id', 'name'],
        [1, 'Ana'],
        [3, 'Cleo'],
        [5, 'Eve'],
      ],
      'Turf south': [
        ['id', 'name'],
        [2, 'Benjamin'],
      ],
      'Turf west': [
        ['id', 'name'],
        [6, 'Fay'],
      ],
    })
  })

  it('has nothing to do where it has no rows', async () => {
    await using sheets = await createSheetProject({ csv: 'id,region,name\n', files: { 'exports/turf_sheet.yml': byRegion } })
    expect(told(await sheets.run(['export']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   turf_sheet                                   0 rows, \`for_each\` has no rows, N ms


      Done in N ms: 1 export written.
      Exports
        turf_sheet: 0 rows (\`for_each\` has no rows)
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
    expect(tabsOf(sheets)).toEqual({ Sheet1: [] })
  })

  it.each([
    ['a column that what is read does not have', "select 'north' as area", 'Turf {area}'],
    ['a placeholder that is no column of it', "select 'north' as region", 'Turf {regoin}'],
    [
      'two values that go to one tab',
      "select distinct region, 'all' as title from {{ref 'turf'}} where region in ('north', 'east')",
      'Turf {title}',
    ],
  ])('is refused with %s', async (_, query, tab) => {
    await using sheets = await createSheetProject({
      csv,
      files: {
        'exports/turf_sheet.yml': `from: turf\nfor_each: ${JSON.stringify(`${query} order by 1`)}\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: "${tab}" }\n`,
      },
    })
    expect(told(await sheets.run(['export']))).toMatchSnapshot()
    expect(tabsOf(sheets)).toEqual({ Sheet1: [] })
  })
})

describe('`for_each` over spreadsheets', () => {
  const ids = ['north-spreadsheet-0123456789', 'south-spreadsheet-0123456789', 'east-spreadsheet-01234567890']
  const csv = `id,region,name,sheet\n1,north,Ana,${ids[0]}\n2,south,Ben,${ids[1]}\n3,east,Cleo,${ids[2]}\n4,east,Dan,${ids[2]}\n`
  const file = `from: turf
for_each: select distinct region, sheet from {{ref 'turf'}} order by 1
columns: [id, name]
order_by: [id]
to:
  google_sheets: { spreadsheet: "{sheet}", tab: Turf }
guards: { max_shrink: 40% }
`

  async function open(): Promise<SheetProject> {
    const sheets = await createSheetProject({ csv, files: { 'exports/turf_sheet.yml': file } })
    for (const id of ids)
      sheets.emulator.createSpreadsheet({ id, title: id.split('-')[0]!, sharedWith: [sheets.emulator.serviceAccount().client_email] })
    return sheets
  }

  it('writes those that it can, and reports each that it cannot', async () => {
    await using sheets = await open()
    expect((await sheets.run(['export'])).exitCode).toBe(0)
    sheets.emulator.share(ids[1]!, sheets.emulator.serviceAccount().client_email, 'none')
    await sheets.load(csv.replace(/4,east.*\n/, '').replaceAll(/Ana|Ben|Cleo/g, (name) => `${name} Maria`))
    expect(told(await sheets.run(['export']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✗ sheet   turf_sheet: 3 parts                          failed, 2 of 3 parts, 1 written, N ms
          exports/turf_sheet.yml:1:1 error[export-guard]: The export \`turf_sheet[east]\` has 1 row, 50% fewer than the 2 of the last time; its guard \`max_shrink\` allows 40%.
            1 | from: turf
              | ^
            hint: What was exported before stands unchanged. Look upstream, or raise the guard for one run.
          exports/turf_sheet.yml:6:34 error[google-not-shared]: south: Google refused access to "south-spreadsheet-0123456789".
            5 | to:
            6 |   google_sheets: { spreadsheet: "{sheet}", tab: Turf }
              |                                  ^^^^^^^
            hint: Open http://HOST/spreadsheets/d/south-spreadsheet-0123456789, press Share, add sqlflow@emulator.iam.gserviceaccount.com as Editor, and run again.


      Failed in N ms: 1 failed.
      Failed
        export turf_sheet (exports/turf_sheet.yml:1:1): The export \`turf_sheet[east]\` has 1 row, 50% fewer than the 2 of the last time; its guard \`max_shrink\` allows 40%.
      Next
        sqlflow build turf_sheet+  once it is mended: it, and what was skipped below
        target/dev/                compiled SQL, run_results.json, manifest.json

      exit 1"
    `)
    expect(ids.map((id) => sheets.emulator.values(id, 'Turf').slice(1))).toEqual([
      [[1, 'Ana Maria']],
      [[2, 'Ben']],
      [
        [3, 'Cleo'],
        [4, 'Dan'],
      ],
    ])
  })
})

describe('Exports that share a spreadsheet', () => {
  const exportTo = (tab: string, lines = '', from = 'turf'): string =>
    `from: ${from}\n${lines}to:\n  google_sheets: { spreadsheet: ${sheetId}, tab: ${tab} }\n`

  it('are one commit', async () => {
    await using sheets = await createSheetProject({
      files: { 'exports/walk_list.yml': exportTo('Walk'), 'exports/call_list.yml': exportTo('Call') },
    })
    const seen: string[] = []
    sheets.emulator.onCommit(() => seen.push(Object.keys(tabsOf(sheets)).toSorted().join()))
    expect((await sheets.run(['export'])).exitCode).toBe(0)
    expect(seen).toEqual(['Call,Sheet1,Turf,Walk'])
  })

  it('wait for one that a guard or the sheet refuses; each that is refused is told of', async () => {
    await using sheets = await createSheetProject({
      tabs: ['Walk'],
      files: { 'exports/walk_list.yml': exportTo('Walk'), 'exports/call_list.yml': exportTo('Call', 'guards: { min_rows: 5 }\n') },
    })
    sheets.emulator.edit(sheetId, [
      {
        updateCells: {
          range: { sheetId: 0, startRowIndex: 1, endRowIndex: 2, startColumnIndex: 1, endColumnIndex: 2 },
          rows: [{ values: [{ userEnteredValue: { stringValue: 'mine' } }] }],
          fields: 'userEnteredValue',
        },
      },
    ])
    expect(told(await sheets.run(['export']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 3 nodes
      ✗ sheet   Field plan › Call                            failed, N ms
          exports/call_list.yml:1:1 error[export-guard]: The export \`call_list\` has 1 row; its guard \`min_rows\` asks for 5.
            1 | from: turf
              | ^
            hint: What was exported before stands unchanged. Look upstream, or lower the guard.
      - sheet   Field plan › Turf                            skipped: held: export call_list, export walk_list of the same spreadsheet could not be written
      ✗ sheet   Field plan › Walk                            failed, N ms
          exports/walk_list.yml:3:33 error[sheet-occupied]: The tab \`Walk\` holds data that this export did not write: 1 cell, from B2 on.
            2 | to:
            3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Walk }
              |                                 ^^^^^^^^^^^^^^^^^^^^^^
            hint: Nothing was written. Choose another \`tab\`, or take these cells over, once, with \`--adopt\`.


      Failed in N ms: 2 failed, 1 skipped.
      Failed
        export call_list (exports/call_list.yml:1:1): The export \`call_list\` has 1 row; its guard \`min_rows\` asks for 5.
        export walk_list (exports/walk_list.yml:3:33): The tab \`Walk\` holds data that this export did not write: 1 cell, from B2 on.
      Skipped
        1 node: held: export call_list, export walk_list of the same spreadsheet could not be written
      Next
        sqlflow build call_list+  once it is mended: it, and what was skipped below
        target/dev/               compiled SQL, run_results.json, manifest.json

      exit 1"
    `)
    expect(tabsOf(sheets)).toEqual({ Walk: [[], ['', 'mine']] })
  })

  it('wait for one whose rows do not fit, and one whose SELECT fails', async () => {
    await using sheets = await createSheetProject({
      files: {
        'exports/walk_list.yml': `query: select repeat('x', 50001) as note\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Walk }\n`,
        'exports/call_list.yml': exportTo('Call'),
      },
    })
    expect(told(await sheets.run(['export']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 3 nodes
      ✗ sheet   Field plan › Walk                            failed, N ms
          exports/walk_list.yml:3:33 error[sheet-limit]: A cell holds 50,000 characters; column \`note\` has 50,001 in row 1.
            2 | to:
            3 |   google_sheets: { spreadsheet: field-plan-spreadsheet, tab: Walk }
              |                                 ^^^^^^^^^^^^^^^^^^^^^^
            hint: Shorten the text in the query, or write \`long_text: truncate\`.
      - sheet   Field plan › Call                            skipped: held: export walk_list of the same spreadsheet could not be written
      - sheet   Field plan › Turf                            skipped: held: export walk_list of the same spreadsheet could not be written


      Failed in N ms: 1 failed, 2 skipped.
      Failed
        export walk_list (exports/walk_list.yml:3:33): A cell holds 50,000 characters; column \`note\` has 50,001 in row 1.
      Skipped
        2 nodes: held: export walk_list of the same spreadsheet could not be written
      Next
        sqlflow build walk_list+  once it is mended: it, and what was skipped below
        target/dev/               compiled SQL, run_results.json, manifest.json

      exit 1"
    `)
    sheets.project.write({
      'exports/walk_list.yml': `query: select 1 / (id - 1) as share from {{ref 'turf'}}\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Walk }\n`,
    })
    expect(told(await sheets.run(['export']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 3 nodes
      - sheet   call_list                                    skipped: held: export walk_list of the same spreadsheet could not be written
      - sheet   turf_sheet                                   skipped: held: export walk_list of the same spreadsheet could not be written
      ✗ sheet   walk_list                                    failed, N ms
          error[warehouse-error 22012]: division by zero
            hint: The warehouse does not say where; the SQL that it ran stands in target/dev/compiled/exports/walk_list.sql.


      Failed in N ms: 1 failed, 2 skipped.
      Failed
        export walk_list (exports/walk_list.yml): division by zero
      Skipped
        2 nodes: held: export walk_list of the same spreadsheet could not be written
      Next
        sqlflow build walk_list+  once it is mended: it, and what was skipped below
        target/dev/               compiled SQL, run_results.json, manifest.json

      exit 1"
    `)
    expect(tabsOf(sheets)).toEqual({ Sheet1: [] })
  })

  it('wait for one below a model or a test that fails', async () => {
    await using sheets = await createSheetProject({
      files: {
        'models/doors.sql': "select id, 1 / (id - 1) as share from {{ref 'turf'}}",
        'models/calls.sql': "select id from {{ref 'turf'}}",
        'models/models.yml':
          'models:\n  doors: { materialized: table }\n  calls: { columns: { id: { tests: [{ accepted_values: { values: [7] } }] } } }\n',
        'exports/walk_list.yml': exportTo('Walk', '', 'doors'),
        'exports/call_list.yml': exportTo('Call', '', 'calls'),
      },
    })
    expect(told(await sheets.run(['build', '--threads', '1']))).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 7 nodes
      ✓ seed    analytics.turf                               1 row, N ms
      ✓ view    analytics.calls                              N ms
      ✗ table   analytics.doors                              failed, N ms
          error[warehouse-error 22012]: division by zero
            hint: The warehouse does not say where; the SQL that it ran stands in target/dev/compiled/models/doors.sql.
      ✗ test    accepted_values_calls_id                     1 of 1 row of \`calls\` has a \`id\` that is not one of 7, N ms
          id
          ──
          1
      - export  turf_sheet                                   skipped: held: export walk_list of the same spreadsheet could not be written, because model doors failed
      - export  call_list                                    skipped: held: export walk_list of the same spreadsheet could not be written, because model doors failed
      - export  walk_list                                    skipped: model doors failed


      Failed in N ms: 1 seed loaded, 1 model built, 2 failed, 3 skipped.
      Failed
        model doors (models/doors.sql): division by zero
        test accepted_values_calls_id (models/models.yml): 1 of 1 row of \`calls\` has a \`id\` that is not one of 7.
      Skipped
        2 nodes: held: export walk_list of the same spreadsheet could not be written, because model doors failed
        1 node: model doors failed
      Next
        sqlflow build doors+  once it is mended: it, and what was skipped below
        target/dev/           compiled SQL, run_results.json, manifest.json

      exit 1"
    `)
    expect(tabsOf(sheets)).toEqual({ Sheet1: [] })
  })
})
