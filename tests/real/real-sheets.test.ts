/** Real results in a spreadsheet: every value that is read back is the query's. */
import { describe, expect, it, vi } from 'vitest'
import { Client } from 'pg'
import { startSheets } from '../support/sheets.ts'
import { createDatabase, createTemporaryFolder } from '../support/databases.ts'
import { nodeOutcomes, runSqlflow, serverEnvironment } from '../sample/run-sqlflow.ts'
import { copyRealProject, missing } from './real-files.ts'

vi.setConfig({ testTimeout: 180_000 })

if (missing !== undefined) process.stderr.write(`Skipped: real results in a spreadsheet. ${missing}\n`)

const sheet = 'georgia-results'
const exported = [
  ['Counties', 'select * from results.county_results order by county, race, party, candidate', true],
  [
    'Close races',
    'select election, race, winner, winner_votes, runner_up, runner_up_votes, margin, margin_pct from results.close_races order by margin_pct, election, race',
    true,
  ],
  ['Precincts', 'select county, precinct, office, district, party, candidate, votes from results.precinct_results', false],
] as const

describe.skipIf(missing !== undefined)('real precinct results in Google Sheets', () => {
  it('are three tabs of one spreadsheet, written at once, with every value as the query has it, and not written again', async () => {
    await using folder = await createTemporaryFolder()
    await using database = await createDatabase()
    await using sheets = await startSheets()
    const { emulator } = sheets
    emulator.createSpreadsheet({ id: sheet, title: 'Georgia results', sharedWith: [emulator.serviceAccount().client_email] })
    await copyRealProject(folder.path)
    const env = { ...serverEnvironment('RESULTS_URL', database.url), ...sheets.env }
    const states: number[] = []
    emulator.onCommit((id) => states.push(emulator.snapshot(id).tabs.filter(({ hidden, rows }) => !hidden && rows.length > 0).length))
    const build = await runSqlflow(folder.path, ['build', '--json', '-t', 'sheets'], env)
    const outcomes = nodeOutcomes(build.stdout).filter(({ node }) => node.startsWith('export:') && node.endsWith('_sheet'))
    expect(outcomes.map(({ node, status }) => `${status} ${node}`).sort()).toEqual([
      'success export:close_races_sheet',
      'success export:county_results_sheet',
      'success export:precinct_results_sheet',
    ])
    expect(states.at(-1)).toBe(3)
    expect(new Set(states)).toEqual(new Set([0, 3])) // no reader ever saw one tab without the others
    for (const [tab, sql, isOrdered] of exported) {
      const [, ...rows] = emulator.values(sheet, tab)
      const wanted = await query(database.url, sql)
      expect(compared(rows, isOrdered)).toEqual(compared(wanted, isOrdered))
    }
    const before = emulator.requests.length
    await runSqlflow(folder.path, ['export', '--json', '-t', 'sheets', '--no-tests', '*_sheet'], env)
    expect(emulator.requests.slice(before).flatMap(({ kind }) => (kind === 'other' ? [] : [kind]))).toEqual(['read'])
  })
})

/** JSON tells the text "1" from the number 1. Trailing empty cells do not count. */
function compared(rows: readonly (readonly unknown[])[], isOrdered: boolean): readonly string[] {
  const lines = rows.map((row) => JSON.stringify(row.slice(0, row.findLastIndex((value) => value !== '') + 1)))
  return isOrdered ? lines : lines.sort()
}

async function query(url: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows, fields } = await client.query<(string | null)[]>({
      text: sql,
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    })
    const isNumber = fields.map(({ dataTypeID }) => [20, 21, 23, 1700, 700, 701].includes(dataTypeID))
    return rows.map((row) => row.map((value, k) => (value === null ? '' : isNumber[k] === true ? Number(value) : value)))
  } finally {
    await client.end()
  }
}
