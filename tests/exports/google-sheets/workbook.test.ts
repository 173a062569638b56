/** Where a run does not reach Google Sheets, a workbook shows what it would have written there. */
import path from 'node:path'
import readWorkbook from 'read-excel-file/node'
import { describe, expect, it } from 'vitest'
import { createProject, type CliProject } from '../../support/cli.ts'
import { startSheets } from '../../support/sheets.ts'
import { sheetId, told } from './sheet-project.ts'

const csv = 'id,region,name,zip,seen\n1,north,Ana,00501,2026-11-03\n2,south,Ben,,\n3,north,Cleo,11E1,2026-11-04\n'
const files = {
  'seeds/turf.csv': csv,
  'seeds/seeds.yml': 'seeds:\n  turf: { columns: { zip: { type: text }, seen: { type: date } } }\n',
  'exports/turf_sheet.yml': `from: turf\norder_by: id\ncolumns: { id: ID, name: Name, zip: , seen: Seen }\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf }\n`,
}

async function sheetsOf({
  root,
}: CliProject): Promise<readonly { readonly sheet: string; readonly data: readonly (readonly unknown[])[] }[]> {
  return await readWorkbook(path.join(root, 'target/dev/exports/turf_sheet.xlsx'))
}

describe('A workbook', () => {
  it('is written without an account, and holds what the sheet would hold', async () => {
    await using project = await createProject('pglite', { files, target: 'exports: live' })
    await project.run(['seed'])
    expect(told(await project.run(['export']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   target/dev/exports/turf_sheet.xlsx           3 rows, a workbook instead of Google Sheets: no account of Google is configured, N ms


      Done in N ms: 1 export written.
      Exports
        target/dev/exports/turf_sheet.xlsx: 3 rows (a workbook instead of Google Sheets: no account of Google is configured)
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
    expect(await sheetsOf(project)).toEqual([
      {
        sheet: 'Turf',
        data: [
          ['ID', 'Name', 'zip', 'Seen'],
          [1, 'Ana', '00501', new Date('2026-11-03')],
          [2, 'Ben', null, null],
          [3, 'Cleo', '11E1', new Date('2026-11-04')],
        ],
      },
    ])
  })

  it('has a sheet for each part, and is guarded as the sheet would be', async () => {
    await using project = await createProject('pglite', { files })
    const parts = `from: turf\nfor_each: select distinct region from {{ref 'turf'}} order by 1\norder_by: id\ncolumns: [id, name]\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: "Turf {region}" }\n`
    project.write({ 'exports/turf_sheet.yml': parts })
    await project.run(['seed'])
    expect((await project.run(['export'])).exitCode).toBe(0)
    const wanted = [
      {
        sheet: 'Turf north',
        data: [
          ['id', 'name'],
          [1, 'Ana'],
          [3, 'Cleo'],
        ],
      },
      {
        sheet: 'Turf south',
        data: [
          ['id', 'name'],
          [2, 'Ben'],
        ],
      },
    ]
    expect(await sheetsOf(project)).toEqual(wanted)
    project.write({ 'exports/turf_sheet.yml': `${parts}guards: { min_rows: 2 }\n` })
    expect(told(await project.run(['export']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✗ sheet   turf_sheet                                   failed, N ms
          exports/turf_sheet.yml:1:1 error[export-guard]: The export \`turf_sheet[south]\` has 1 row; its guard \`min_rows\` asks for 2.
            1 | from: turf
              | ^
            hint: What was exported before stands unchanged. Look upstream, or lower the guard.


      Failed in N ms: 1 failed.
      Failed
        export turf_sheet (exports/turf_sheet.yml:1:1): The export \`turf_sheet[south]\` has 1 row; its guard \`min_rows\` asks for 2.
      Next
        sqlflow build turf_sheet+  once it is mended: it, and what was skipped below
        target/dev/                compiled SQL, run_results.json, manifest.json

      exit 1"
    `)
    expect(await sheetsOf(project)).toEqual(wanted)
  })

  it('is written on a target whose exports are previews, with an account too; a plan reaches the sheet', async () => {
    await using sheets = await startSheets()
    const { emulator, env } = sheets
    emulator.createSpreadsheet({ id: sheetId, title: 'Field plan', sharedWith: [emulator.serviceAccount().client_email] })
    await using project = await createProject('pglite', { files, target: 'exports: preview' })
    await project.run(['seed'], { env })
    expect(told(await project.run(['export'], { env }))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   target/dev/exports/turf_sheet.xlsx           3 rows, a workbook instead of Google Sheets: target dev is not live, N ms


      Done in N ms: 1 export written.
      Exports
        target/dev/exports/turf_sheet.xlsx: 3 rows (a workbook instead of Google Sheets: target dev is not live)
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
    expect(emulator.requests).toEqual([])
    expect(await sheetsOf(project)).toHaveLength(1)
    expect(told(await project.run(['export', '--plan'], { env }))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   Field plan › Turf                            3 rows, planned, N ms


      turf_sheet → Field plan › Turf (replace)
        tab      is made
        rows     3: 3 added, 0 changed, 0 removed
        columns  4
        grid     grows by 16 cells
        calls    1 read, 1 write, 2 kB
           ID  Name  zip    Seen
        ─  ──  ────  ─────  ──────────
        +  1   Ana   00501  2026-11-03
        +  2   Ben
        +  3   Cleo  11E1   2026-11-04

      Done in N ms: 1 export planned.
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
    expect(emulator.snapshot(sheetId).tabs.map(({ title }) => title)).toEqual(['Sheet1'])
  })
})
