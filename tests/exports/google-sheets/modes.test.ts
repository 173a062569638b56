/** What each mode does to a tab, through the command line. */
import { describe, expect, it } from 'vitest'
import { createSheetProject, sheetId, typed, writesSince } from './sheet-project.ts'

describe('replace', () => {
  it('makes the tab, then writes nothing while nothing changes', async () => {
    await using sheets = await createSheetProject({
      csv: 'id,name,zip\n1,Ana,00501\n2,Ben,11E1\n',
      seeds: 'seeds:\n  turf: { columns: { zip: { type: text } } }\n',
    })
    const { emulator, run } = sheets
    const first = await run(['export'])
    expect(first.stderr).not.toContain('error')
    expect(first.exitCode).toBe(0)
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'name', 'zip'],
      [1, 'Ana', '00501'],
      [2, 'Ben', '11E1'],
    ])
    const before = emulator.requests.length
    const again = await run(['export'])
    expect(again.stdout).toContain('unchanged')
    expect(emulator.requests.slice(before).filter(({ kind }) => kind === 'read')).toHaveLength(1)
    expect(writesSince(emulator, before)).toEqual([])
  })

  it('empties what is left over, keeps the tab, and never makes the grid smaller', async () => {
    await using sheets = await createSheetProject({ csv: 'id,name\n1,Ana\n2,Ben\n3,Cleo\n' })
    const { emulator, run, load } = sheets
    await run(['export'])
    const tab = emulator.snapshot(sheetId).tabs.find(({ title }) => title === 'Turf')!
    await load('id,name\n3,Cleo\n')
    const { exitCode } = await run(['export'])
    expect(exitCode).toBe(0)
    const after = emulator.snapshot(sheetId).tabs.find(({ title }) => title === 'Turf')!
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'name'],
      [3, 'Cleo'],
    ])
    expect([after.sheetId, after.rowCount, after.columnCount]).toEqual([tab.sheetId, tab.rowCount, tab.columnCount])
  })

  it('follows a tab that people renamed, and leaves a formula that reads it whole', async () => {
    await using sheets = await createSheetProject({ csv: 'id,votes\n1,10\n2,20\n3,30\n' })
    const { emulator, run, load } = sheets
    await run(['export'])
    const { sheetId: tab } = emulator.snapshot(sheetId).tabs.find(({ title }) => title === 'Turf')!
    emulator.edit(sheetId, [
      { updateSheetProperties: { properties: { sheetId: tab, title: 'Wards' }, fields: 'title' } },
      {
        updateCells: {
          range: { sheetId: 0, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 },
          rows: [{ values: [{ userEnteredValue: { formulaValue: '=SUM(Wards!B2:B4)' } }] }],
          fields: 'userEnteredValue',
        },
      },
    ])
    await load('id,votes\n1,11\n')
    expect((await run(['export'])).exitCode).toBe(0)
    expect(emulator.values(sheetId, 'Wards')).toEqual([
      ['id', 'votes'],
      [1, 11],
    ])
    expect(emulator.values(sheetId, 'Sheet1')).toEqual([['=SUM(Wards!B2:B4)']])
  })

  it('is refused onto data of others, until it is told once to take them over', async () => {
    await using sheets = await createSheetProject({ tabs: ['Turf'] })
    const { emulator, run, load } = sheets
    emulator.edit(sheetId, [typed(0, 'A1', ['Call', 'these']), typed(0, 'A5', ['Zoe'])])
    const refused = await run(['export'])
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('The tab `Turf` holds data that this export did not write: 3 cells, from A1 on.')
    expect(emulator.values(sheetId, 'Turf')).toEqual([['Call', 'these'], [], [], [], ['Zoe']])
    expect((await run(['export', '--adopt', 'turf_sheet'])).exitCode).toBe(0)
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'name'],
      [1, 'Ana'],
    ])
    await load('id,name\n2,Ben\n')
    expect((await run(['export'])).exitCode).toBe(0)
  })

  it('keeps columns of people, and refuses to move rows under what they typed', async () => {
    await using sheets = await createSheetProject({ csv: 'id,name\n1,Ana\n2,Ben\n', tabs: ['Turf'] })
    const { emulator, run, load } = sheets
    await run(['export'])
    emulator.edit(sheetId, [typed(0, 'C2', ['called']), typed(0, 'F2', ['far away'])])
    await load('id,name\n1,Ana\n2,Benjamin\n')
    expect((await run(['export'])).exitCode).toBe(0)
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'name'],
      [1, 'Ana', 'called', '', '', 'far away'],
      [2, 'Benjamin'],
    ])
    await load('id,name\n0,Zoe\n1,Ana\n2,Benjamin\n')
    const refused = await run(['export'])
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('People typed into a row beside the table in the tab `Turf`')
    expect(emulator.values(sheetId, 'Turf')[1]).toEqual([1, 'Ana', 'called', '', '', 'far away'])
  })

  it('gets wider into cells of others only where they may be moved', async () => {
    await using sheets = await createSheetProject({ csv: 'id,name\n1,Ana\n', tabs: ['Turf'] })
    const { emulator, run, load, project } = sheets
    await run(['export'])
    emulator.edit(sheetId, [typed(0, 'C1', ['Notes'])])
    await load('id,name,phone\n1,Ana,412\n')
    const refused = await run(['export'])
    expect(refused.stderr).toContain('The table gets 1 wider, and column C of the tab `Turf` holds cells of others.')
    const file = 'exports/turf_sheet.yml'
    project.write({ [file]: project.read(file)!.replace('tab: Turf', 'tab: Turf, on_new_columns: insert') })
    expect((await run(['export'])).exitCode).toBe(0)
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'name', 'phone', 'Notes'],
      [1, 'Ana', 412],
    ])
  })

  it('knows that a copy of the spreadsheet is a copy', async () => {
    await using sheets = await createSheetProject()
    const { emulator, run, project, load } = sheets
    await run(['export'])
    const copy = emulator.copySpreadsheet(sheetId, { title: 'Copy of Field plan', sharedWith: [emulator.serviceAccount().client_email] })
    const file = 'exports/turf_sheet.yml'
    project.write({ [file]: project.read(file)!.replace(sheetId, copy) })
    await load('id,name\n2,Ben\n')
    const refused = await run(['export'])
    expect(refused.stderr).toContain('holds data that this export did not write')
  })
})

describe('append', () => {
  it('adds rows below, once for each run', async () => {
    await using sheets = await createSheetProject({ to: 'mode: append', csv: 'day,calls\nMon,12\n' })
    const { emulator, run, load } = sheets
    await run(['export', '--run-id', 'monday'])
    await load('day,calls\nTue,15\n')
    await run(['export', '--run-id', 'tuesday'])
    const again = await run(['export', '--run-id', 'tuesday'])
    expect(again.stdout).toContain('already appended by this run')
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['day', 'calls'],
      ['Mon', 12],
      ['Tue', 15],
    ])
  })

  it('adds a row once although the answer to the call is lost', async () => {
    await using sheets = await createSheetProject({ to: 'mode: append', csv: 'day,calls\nMon,12\n' })
    const { emulator, run, load } = sheets
    await run(['export'])
    await load('day,calls\nTue,15\n')
    emulator.faults.add({ match: /POST .*:batchUpdate/, kind: 'reset-after-commit' })
    expect((await run(['export'])).exitCode).toBe(0)
    expect(emulator.values(sheetId, 'Turf')).toHaveLength(3)
  })

  it('takes new columns at the end, and refuses others', async () => {
    await using sheets = await createSheetProject({ to: 'mode: append', csv: 'day,calls\nMon,12\n' })
    const { emulator, run, load } = sheets
    await run(['export'])
    await load('day,calls,doors\nTue,15,7\n')
    expect((await run(['export'])).exitCode).toBe(0)
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['day', 'calls', 'doors'],
      ['Mon', 12],
      ['Tue', 15, 7],
    ])
    await load('day,doors,calls\nWed,1,2\n')
    const refused = await run(['export'])
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('Column 2 of the table in the tab `Turf` is `calls`; the rows to append have `doors` there.')
  })
})

describe('append to a table whose columns people changed', () => {
  it('is refused where rows would stand under other titles, and goes on under a title that was renamed', async () => {
    await using sheets = await createSheetProject({ to: 'mode: append', csv: 'day,calls\nMon,12\n' })
    const { emulator, run, load } = sheets
    await run(['export'])
    const { sheetId: tab } = emulator.snapshot(sheetId).tabs.find(({ title }) => title === 'Turf')!
    emulator.edit(sheetId, [typed(tab, 'A1', ['Day'])])
    await load('day,calls\nTue,15\n')
    expect((await run(['export'])).exitCode).toBe(0)
    emulator.edit(sheetId, [{ insertDimension: { range: { sheetId: tab, dimension: 'COLUMNS', startIndex: 1, endIndex: 2 } } }])
    await load('day,calls\nWed,9\n')
    const refused = await run(['export'])
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('Column 2 of the table in the tab `Turf` is empty; the rows to append have `calls` there.')
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['Day', '', 'calls'],
      ['Mon', '', 12],
      ['Tue', '', 15],
    ])
  })
})

describe('upsert', () => {
  it('finds rows and columns wherever people moved them, and writes only what differs', async () => {
    await using sheets = await createSheetProject({ to: 'mode: upsert, key: id', csv: 'id,name\n1,Ana\n2,Ben\n' })
    const { emulator, run, load } = sheets
    await run(['export'])
    const { sheetId: tab } = emulator.snapshot(sheetId).tabs.find(({ title }) => title === 'Turf')!
    // People sort, put their own column between, and type notes.
    emulator.edit(sheetId, [
      { insertDimension: { range: { sheetId: tab, dimension: 'COLUMNS', startIndex: 1, endIndex: 2 } } },
      typed(tab, 'A1', ['id', 'Notes', 'name']),
      typed(tab, 'A2', [2, 'called twice', 'Ben']),
      typed(tab, 'A3', [1, 'moved', 'Ana']),
    ])
    await load('id,name\n1,Ana Maria\n2,Ben\n3,Cleo\n')
    const { exitCode, stdout } = await run(['export'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('1 added, 1 changed, 0 removed')
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'Notes', 'name'],
      [2, 'called twice', 'Ben'],
      [1, 'moved', 'Ana Maria'],
      [3, '', 'Cleo'],
    ])
  })

  it.each([
    [
      'keep',
      [
        ['id', 'name'],
        [1, 'Ana'],
        [2, 'Ben'],
      ],
    ],
    ['clear', [['id', 'name'], [], [2, 'Ben']]],
    [
      'delete_row',
      [
        ['id', 'name'],
        [2, 'Ben'],
      ],
    ],
  ])('leaves rows that are gone as `on_removed: %s` says', async (onRemoved, wanted) => {
    await using sheets = await createSheetProject({ to: `mode: upsert, key: id, on_removed: ${onRemoved}`, csv: 'id,name\n1,Ana\n2,Ben\n' })
    await sheets.run(['export'])
    await sheets.load('id,name\n2,Ben\n')
    expect((await sheets.run(['export'])).exitCode).toBe(0)
    expect(sheets.emulator.values(sheetId, 'Turf')).toEqual(wanted)
  })

  it('marks rows that are gone with the day, and takes the mark away when they are back', async () => {
    await using sheets = await createSheetProject({
      to: 'mode: upsert, key: id, on_removed: { mark: Gone on }, time_zone: UTC',
      csv: 'id,name\n1,Ana\n2,Ben\n',
    })
    const { emulator, run, load } = sheets
    const now = new Date('2026-11-03T12:00:00Z')
    await run(['export'], { now })
    await load('id,name\n2,Ben\n')
    await run(['export'], { now })
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'name', 'Gone on'],
      [1, 'Ana', 46329],
      [2, 'Ben'],
    ])
    await load('id,name\n1,Ana\n2,Ben\n')
    await run(['export'], { now })
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'name', 'Gone on'],
      [1, 'Ana'],
      [2, 'Ben'],
    ])
  })

  it.each([
    ['id,name\n1,Ana\n1,Ben\n', 'Row 2 of the query has the same key, `id`, as one before.'],
    ['id,name\n1,Ana\n,Ben\n', 'Row 2 of the query has no value in its key, `id`.'],
  ])('refuses keys that name no row', async (csv, message) => {
    await using sheets = await createSheetProject({ to: 'mode: upsert, key: id', csv })
    const { exitCode, stderr } = await sheets.run(['export'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(message)
  })

  it('plans again when people sort the sheet while it is planned', async () => {
    await using sheets = await createSheetProject({ to: 'mode: upsert, key: id', csv: 'id,name\n1,Ana\n2,Ben\n' })
    const { emulator, run, load } = sheets
    await run(['export'])
    const { sheetId: tab } = emulator.snapshot(sheetId).tabs.find(({ title }) => title === 'Turf')!
    await load('id,name\n1,Ana Maria\n2,Ben\n')
    let reads = 0
    emulator.onRequest(({ path }) => {
      if (!path.includes('values:batchGet') || ++reads !== 2) return
      emulator.edit(sheetId, [typed(tab, 'A2', [2, 'Ben']), typed(tab, 'A3', [1, 'Ana'])])
    })
    const { exitCode } = await run(['export'])
    expect(exitCode).toBe(0)
    expect(emulator.values(sheetId, 'Turf')).toEqual([
      ['id', 'name'],
      [2, 'Ben'],
      [1, 'Ana Maria'],
    ])
  })
})

describe('snapshot', () => {
  it('makes a tab for each day, and keeps as many as it is told', async () => {
    await using sheets = await createSheetProject({
      files: {
        'exports/turf_sheet.yml': `from: turf\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: "Turf {date}", mode: snapshot, keep: 2, time_zone: UTC }\n`,
      },
    })
    const { emulator, run, load } = sheets
    for (const day of ['01', '02', '03']) {
      await load(`id,name\n${day},Ana\n`)
      expect((await run(['export'], { now: new Date(`2026-11-${day}T12:00:00Z`) })).exitCode).toBe(0)
    }
    await run(['export'], { now: new Date('2026-11-03T18:00:00Z') })
    expect(emulator.snapshot(sheetId).tabs.map(({ title }) => title)).toEqual(['Sheet1', 'Turf 2026-11-02', 'Turf 2026-11-03'])
  })
})
