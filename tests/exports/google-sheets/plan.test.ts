/** `sqlflow export --plan` says what a run would do, and the run does that. */
import { describe, expect, it } from 'vitest'
import { eventsOf } from '../../support/cli.ts'
import { createSheetProject, sheetId, tabOf, told, typed, type SheetProject } from './sheet-project.ts'

const seeds = 'seeds:\n  turf: { columns: { phone: { type: text, sensitive: true }, seen: { type: date } } }\n'
const csv = 'id,name,phone,seen\n1,Ana,412-555-0101,2026-10-01\n2,Ben,412-555-0102,2026-10-02\n3,Cleo,,\n'
const next = 'id,name,phone,seen\n1,Ana,412-555-0199,2026-10-01\n3,Cleo,412-555-0103,2026-11-03\n4,Dan,412-555-0104,2026-11-02\n'

/** What the calls of a run were, and by how many cells the grid grew. */
async function counted({
  emulator,
  run,
}: SheetProject): Promise<{ readonly reads: number; readonly writes: number; readonly bytes: number; readonly growth: number }> {
  const cells = (): number => emulator.snapshot(sheetId).tabs.reduce((sum, { rowCount, columnCount }) => sum + rowCount * columnCount, 0)
  const [from, before] = [emulator.requests.length, cells()]
  expect((await run(['export'])).exitCode).toBe(0)
  const calls = emulator.requests.slice(from)
  const writes = calls.filter(({ kind }) => kind === 'write')
  return {
    reads: calls.filter(({ kind }) => kind === 'read').length,
    writes: writes.length,
    bytes: writes.reduce((sum, { bytes }) => sum + bytes, 0),
    growth: cells() - before,
  }
}

async function planned({ run, emulator }: SheetProject): Promise<Awaited<ReturnType<typeof counted>> & { readonly rows: number }> {
  const version = emulator.snapshot(sheetId).version
  const { stdout, exitCode } = await run(['export', '--plan', '--json'])
  expect(exitCode).toBe(0)
  expect(emulator.snapshot(sheetId).version).toBe(version)
  const plan = eventsOf(stdout).find((event) => event.type === 'export-planned')
  const { reads, writes, bytes, growth, rows } = plan!
  return { reads, writes, bytes, growth, rows }
}

describe('A plan', () => {
  it('shows rows, columns, cells and calls, hides what is sensitive, and writes nothing', async () => {
    await using sheets = await createSheetProject({ csv, seeds })
    const version = sheets.emulator.snapshot(sheetId).version
    expect(told(await sheets.run(['export', '--plan']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   Field plan › Turf                            3 rows, planned, N ms


      turf_sheet → Field plan › Turf (replace)
        tab      is made
        rows     3: 3 added, 0 changed, 0 removed
        columns  4
        grid     grows by 16 cells
        calls    1 read, 1 write, 2 kB
           id  name  phone  seen
        ─  ──  ────  ─────  ──────────
        +  1   Ana   ***    2026-10-01
        +  2   Ben   ***    2026-10-02
        +  3   Cleo

      Done in N ms: 1 export planned.
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
    expect(sheets.emulator.snapshot(sheetId).version).toBe(version)
    await sheets.run(['export'])
    await sheets.load(next)
    expect(told(await sheets.run(['export', '--plan']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   Field plan › Turf                            3 rows, planned, N ms


      turf_sheet → Field plan › Turf (replace)
        tab      is there
        rows     3 → 3: 1 added, 2 changed, 1 removed
        columns  4
        grid     stays as it is
        calls    1 read, 1 write, 2 kB
           id  name  phone      seen
        ─  ──  ────  ─────────  ─────────────
        ~  1   Ana   *** → ***  2026-10-01
        ~  3   Cleo   → ***      → 2026-11-03
        +  4   Dan   ***        2026-11-02
        -  2   Ben   ***        2026-10-02

      Done in N ms: 1 export planned.
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
    await sheets.run(['export'])
    expect(told(await sheets.run(['export', '--plan']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   Field plan › Turf                            3 rows, planned, N ms


      turf_sheet → Field plan › Turf (replace)
        nothing to write

      Done in N ms: 1 export planned.
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
  })

  it('of columns that come and go', async () => {
    await using sheets = await createSheetProject({ csv: 'id,name,ward\n1,Ana,4\n' })
    await sheets.run(['export'])
    await sheets.load('id,name,phone\n1,Ana,x\n')
    expect(told(await sheets.run(['export', '--plan']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   Field plan › Turf                            1 row, planned, N ms


      turf_sheet → Field plan › Turf (replace)
        tab      is there
        rows     1 → 1: 0 added, 1 changed, 0 removed
        columns  3, \`phone\` added, \`ward\` removed
        grid     stays as it is
        calls    1 read, 1 write, 1 kB
           id  name  phone
        ─  ──  ────  ─────
        ~  1   Ana    → x

      Done in N ms: 1 export planned.
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
  })

  it('of upsert by its key, wherever people moved rows', async () => {
    await using sheets = await createSheetProject({ csv, seeds, to: 'mode: upsert, key: id, on_removed: delete_row' })
    await sheets.run(['export'])
    const { sheetId: tab } = tabOf(sheets, 'Turf')
    sheets.emulator.edit(sheetId, [
      typed(tab, 'A2', [2, 'Ben', '412-555-0102', 46297]),
      typed(tab, 'A3', [1, 'Ana', '412-555-0101', 46296]),
    ])
    await sheets.load(next)
    expect(told(await sheets.run(['export', '--plan']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   Field plan › Turf                            3 rows, planned, 1 added, 2 changed, 1 removed, N ms


      turf_sheet → Field plan › Turf (upsert)
        tab      is there
        rows     3 → 3: 1 added, 2 changed, 1 no longer in the query
        columns  4
        grid     stays as it is
        calls    3 reads, 1 write, 1 kB
        note     1 added, 2 changed, 1 removed
           id  name  phone      seen
        ─  ──  ────  ─────────  ─────────────
        ~  1   Ana   *** → ***  2026-10-01
        ~  3   Cleo   → ***      → 2026-11-03
        +  4   Dan   ***        2026-11-02
        -  2   Ben   ***        2026-10-02

      Done in N ms: 1 export planned.
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
  })

  it('of append, and of a snapshot', async () => {
    await using sheets = await createSheetProject({ csv, seeds, to: 'mode: append' })
    await sheets.run(['export', '--run-id', 'monday'])
    expect(told(await sheets.run(['export', '--plan', '--run-id', 'monday']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   Field plan › Turf                            3 rows, planned, already appended by this run, N ms


      turf_sheet → Field plan › Turf (append)
        already appended by this run, nothing to write

      Done in N ms: 1 export planned.
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
    expect(told(await sheets.run(['export', '--plan', '--run-id', 'tuesday']))).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 1 node
      ✓ sheet   Field plan › Turf                            3 rows, planned, N ms


      turf_sheet → Field plan › Turf (append)
        tab      is there
        rows     3 → 6: 3 added, 0 changed, 0 removed
        columns  4
        grid     grows by 12 cells
        calls    2 reads, 1 write, 1 kB
           id  name  phone  seen
        ─  ──  ────  ─────  ──────────
        +  1   Ana   ***    2026-10-01
        +  2   Ben   ***    2026-10-02
        +  3   Cleo

      Done in N ms: 1 export planned.
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json

      exit 0"
    `)
  })

  it('of what is refused ends as the run would', async () => {
    await using sheets = await createSheetProject({ csv, seeds, tabs: ['Turf'], lines: 'guards: { min_rows: 9 }\n' })
    expect((await sheets.run(['export', '--plan'])).exitCode).toBe(1)
  })

  it.each([
    ['replace', ''],
    ['append', 'mode: append'],
    ['upsert', 'mode: upsert, key: id, on_removed: clear'],
    ['upsert that deletes rows', 'mode: upsert, key: id, on_removed: delete_row'],
    ['upsert that marks rows', 'mode: upsert, key: id, on_removed: { mark: Gone on }'],
  ])('is what the run then does: %s', async (_, to) => {
    await using sheets = await createSheetProject({ csv, seeds, to })
    for (const text of [csv, next, csv.replace('id,name', to.includes('append') ? 'id,name' : 'id,alias')]) {
      await sheets.load(text)
      const { rows, ...plan } = await planned(sheets)
      expect(rows).toBe(3)
      const real = await counted(sheets)
      expect({ ...real, bytes: Math.abs(real.bytes - plan.bytes) < 20 }).toEqual({ ...plan, bytes: true })
    }
  })

  it('of a table that is staged is what the run then does', async () => {
    await using sheets = await createSheetProject({
      files: {
        'exports/turf_sheet.yml': `query: "select g as id, 'Voter ' || g as name, g % 7 as ward from generate_series(1, 20000) g"\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf }\n`,
      },
    })
    const { rows, ...plan } = await planned(sheets)
    const real = await counted(sheets)
    expect([rows, plan.writes]).toEqual([20_000, 3])
    expect({ ...real, bytes: 0 }).toEqual({ ...plan, bytes: 0 })
    expect(Math.abs(real.bytes - plan.bytes)).toBeLessThan(1000)
  })
})
