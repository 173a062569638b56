import { describe, expect, it } from 'vitest'
import { createProject } from '../../support/cli.ts'
import { startSheets } from '../../support/sheets.ts'

const ada = 'exports@emulator.iam.gserviceaccount.com'

function sheetExport(spreadsheet: string, more = ''): string {
  return `query: select 1 as precinct\nto: { google_sheets: { spreadsheet: "${spreadsheet}", tab: Turf${more} } }\n`
}

/** Lines about exports, in the order in which they are told. */
function ofExports(stdout: string): readonly string[] {
  const lines = stdout.trimEnd().split('\n')
  return lines.slice(lines.findIndex((line) => /^. (?:account|exports) /.test(line)))
}

describe('sqlflow debug --exports', () => {
  it('says of each export whether it could be written, and whom to share with, and goes on past a failure', async () => {
    await using sheets = await startSheets()
    const { emulator } = sheets
    const key = emulator.serviceAccount('exports')
    const tabs = ['Turf']
    const open = emulator.createSpreadsheet({ title: 'Volunteers', tabs, sharedWith: [ada] })
    const closed = emulator.createSpreadsheet({ title: 'Board', tabs })
    const viewed = emulator.createSpreadsheet({ title: 'Press', tabs })
    emulator.share(viewed, ada, 'reader')
    const guarded = emulator.createSpreadsheet({ title: 'Field', tabs, sharedWith: [ada] })
    emulator.edit(guarded, [{ addProtectedRange: { protectedRange: { range: { sheetId: emulator.snapshot(guarded).tabs[0]!.sheetId } } } }])
    await using project = await createProject('pglite', {
      target: 'exports: live',
      files: {
        'exports/a_open.yml': sheetExport(open),
        'exports/b_new_tab.yml': sheetExport(open).replace('Turf', 'Turf by county'),
        'exports/c_no_gid.yml': sheetExport(open).replace('tab: Turf', 'tab: 77'),
        'exports/d_closed.yml': sheetExport(closed),
        'exports/e_viewed.yml': sheetExport(viewed),
        'exports/f_gone.yml': sheetExport('1AbCdEfGhIjKlMnOp'),
        'exports/g_guarded.yml': sheetExport(guarded),
        'exports/h_regions.yml': `query: select 'north' as region\nfor_each: select 'north' as region union all select 'south'\nto: { google_sheets: { spreadsheet: "${open}", tab: "Turf {region}" } }\n`,
        'exports/i_file.yml': 'query: select 1 as n\nto: { csv: { path: out.csv } }\n',
      },
    })
    const before = [open, closed, viewed, guarded].map((id) => emulator.snapshot(id).tabs)
    const env = { ...sheets.env, SQLFLOW_GOOGLE_CREDENTIALS: JSON.stringify(key) }
    const { exitCode, stdout, stderr } = await project.run(['debug', '--exports'], { env })
    expect(ofExports(stdout).join('\n').replaceAll(open, 'OPEN').replaceAll(closed, 'CLOSED').replaceAll(emulator.url, 'http://ENDPOINT/'))
      .toMatchInlineSnapshot(`
        "✓ account      exports@emulator.iam.gserviceaccount.com, by \`SQLFLOW_GOOGLE_CREDENTIALS\`
        ✓ export       a_open: "Volunteers" may be edited, the tab \`Turf\` is there, 9,974,000 of 10,000,000 cells left
        ✓ export       b_new_tab: "Volunteers" may be edited, the tab \`Turf by county\` will be made, 9,974,000 of 10,000,000 cells left
        ✗ export       c_no_gid: The spreadsheet \`Volunteers\` has no tab with the number 77.
          hint: Its tabs are \`Turf\` (0). A title that is not there is made.
        ✗ export       d_closed: Google refused access to "CLOSED".
          hint: Open http://ENDPOINT/spreadsheets/d/CLOSED, press Share, add exports@emulator.iam.gserviceaccount.com as Editor, and run again.
        ✗ export       e_viewed: exports@emulator.iam.gserviceaccount.com has view-only access to "Press".
          hint: Open it, press Share, change Viewer to Editor beside exports@emulator.iam.gserviceaccount.com, and run again.
        ✗ export       f_gone: No spreadsheet 1AbCdEfGhIjKlMnOp.
          hint: Check the URL; if it is right, open it, press Share, and add exports@emulator.iam.gserviceaccount.com as Editor.
        ✗ export       g_guarded: Tab "Turf" of "Field" is protected.
          hint: Open the menu Data, Protect sheets and ranges, and add exports@emulator.iam.gserviceaccount.com to those who may edit.
        ✓ export       h_regions[north]: "Volunteers" may be edited, the tab \`Turf north\` will be made, 9,974,000 of 10,000,000 cells left
        ✓ export       h_regions[south]: "Volunteers" may be edited, the tab \`Turf south\` will be made, 9,974,000 of 10,000,000 cells left"
      `)
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'error[exports-not-ready]: 5 exports cannot be written as things are.\n  hint: The lines above say what to do for each.\n',
    })
    expect([open, closed, viewed, guarded].map((id) => emulator.snapshot(id).tabs)).toEqual(before)
    const calls = emulator.requests.filter(({ kind }) => kind !== 'other').map(({ kind }) => kind)
    expect([calls.filter((kind) => kind === 'read').length, calls.filter((kind) => kind === 'write').length]).toEqual([5, 3])
  })

  it('ends well where all could be written, and prints JSON', async () => {
    await using sheets = await startSheets()
    const id = sheets.emulator.createSpreadsheet({
      title: 'Volunteers',
      tabs: ['Turf'],
      sharedWith: [sheets.emulator.serviceAccount().client_email],
    })
    await using project = await createProject('pglite', { target: 'exports: live', files: { 'exports/turf.yml': sheetExport(id) } })
    const { exitCode, stdout } = await project.run(['debug', '--exports', '--json'], { env: sheets.env })
    expect(exitCode).toBe(0)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .slice(-2)
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([
      { stage: 'account', ok: true, found: 'sqlflow@emulator.iam.gserviceaccount.com, by `SQLFLOW_GOOGLE_CREDENTIALS`' },
      { stage: 'export', ok: true, found: 'turf: "Volunteers" may be edited, the tab `Turf` is there, 9,974,000 of 10,000,000 cells left' },
    ])
  })

  it('says that there is no account, and that nothing goes to Google Sheets', async () => {
    await using project = await createProject('pglite', {
      files: { 'exports/turf.yml': 'query: select 1 as n\nto: { csv: { path: out.csv } }\n' },
    })
    const none = await project.run(['debug', '--exports'])
    expect(ofExports(none.stdout)).toEqual(['✓ exports      none goes to Google Sheets'])
    project.write({ 'exports/turf.yml': sheetExport('1AbCdEfGhIjKlMnOp') })
    const nobody = await project.run(['debug', '--exports'], { env: { HOME: project.root } })
    expect(ofExports(nobody.stdout)).toEqual(['✗ account      none'])
    expect(nobody.exitCode).toBe(2)
    expect(nobody.stderr).toContain('error[no-google-account]')
  })
})
