import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NodeOutcome } from '../../src/core/event.ts'
import { type CommandResult, nodeOutcomes, runSqlflow, serverEnvironment, unsuccessful } from '../sample/run-sqlflow.ts'
import { createDatabase, createTemporaryFolder } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'
import { parseCsv } from './parse-csv.ts'
import { copyRealProject, missing, readRealCsv } from './real-files.ts'

if (missing !== undefined) process.stderr.write(`Skipped: the project over real results. ${missing}\n`)

type CsvRow = Readonly<Record<string, string>>

const voteTypes = ['election_day_votes', 'advanced_votes', 'absentee_by_mail_votes', 'provisional_votes'] as const
const targets = [
  { target: 'local', on: 'the embedded Postgres' },
  { target: 'server', on: 'a Postgres server' },
  { target: 'redshift', on: 'the stand-in for Redshift' },
] as const

describe.skipIf(missing !== undefined).each(targets)('real precinct results on $on', ({ target }) => {
  const stack = new AsyncDisposableStack()
  let outcomes: readonly NodeOutcome[] = []
  let build: CommandResult | undefined
  let exported = ''

  beforeAll(async () => {
    const folder = stack.use(await createTemporaryFolder())
    const database = stack.use(await (target === 'redshift' ? startRedshift() : createDatabase()))
    await copyRealProject(folder.path)
    const result = await runSqlflow(folder.path, ['build', '--json', '-t', target], serverEnvironment('RESULTS_URL', database.url))
    build = result
    outcomes = nodeOutcomes(result.stdout)
    exported = join(folder.path, 'target', target, 'exports')
  })

  afterAll(() => stack.disposeAsync())

  it('build, pass their tests, and warn of nothing but the known differences', () => {
    expect(unsuccessful(outcomes)).toEqual(['warn test:precincts_follow_counties'])
    expect(build).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('leave as they came: each of the precincts, candidates and totals of the file', async () => {
    const came = await readRealCsv('general_2024_precinct.csv')
    const left = parseCsv(await readFile(join(exported, 'precinct_results.csv'), 'utf8'))
    expect(left.length).toBe(27_593)
    const key = (row: CsvRow, votes: string | undefined): string =>
      JSON.stringify([row['county'], row['precinct'], row['office'], row['district'], row['party'], row['candidate'], votes])
    expect(left.map((row) => key(row, row['votes'])).sort()).toEqual(came.map((row) => key(row, row['total_votes'])).sort())
  })

  it.each(['01', '11E1', '001 Harbins A', '1-05C'])('keep the precinct %s', async (precinct) => {
    const rows = parseCsv(await readFile(join(exported, 'precinct_results.csv'), 'utf8'))
    const came = await readRealCsv('general_2024_precinct.csv')
    expect(came.filter((row) => row['precinct'] === precinct).length).toBeGreaterThan(0)
    expect(rows.filter((row) => row['precinct'] === precinct).length).toBe(came.filter((row) => row['precinct'] === precinct).length)
  })

  it.each(['Earl L. "Buddy" Carter', "William 'Bill' Werkheiser", "Angie O'Steen", "Henry 'Hank' Johnson, Jr."])(
    'keep the candidate %s',
    async (candidate) => {
      const rows = parseCsv(await readFile(join(exported, 'precinct_results.csv'), 'utf8'))
      const came = (await readRealCsv('general_2024_precinct.csv')).filter((row) => row['candidate'] === candidate)
      expect(came.length).toBeGreaterThan(0)
      expect(sum(rows.filter((row) => row['candidate'] === candidate).map((row) => Number(row['votes'])))).toBe(
        sum(came.map((row) => Number(row['total_votes']))),
      )
    },
  )

  it('add up by county to the certified totals for President', async () => {
    const lines = (await readFile(join(exported, 'county_results.jsonl'), 'utf8')).trimEnd().split('\n')
    const counties = lines.map((line) => JSON.parse(line) as { office: string; candidate: string; votes: number })
    const totals = new Map<string, number>()
    for (const row of counties.filter(({ office }) => office === 'President')) {
      totals.set(row.candidate, (totals.get(row.candidate) ?? 0) + row.votes)
    }
    expect(Object.fromEntries(totals)).toEqual({
      'Donald J. Trump': 2_663_117,
      'Kamala D. Harris': 2_548_017,
      'Chase Oliver': 20_684,
      'Jill Stein': 18_229,
      'Claudia De la Cruz': 13,
      'Cornel West': 6,
    })
  })

  it('keep a statewide race without a district apart from an empty one', async () => {
    const lines = (await readFile(join(exported, 'county_results.jsonl'), 'utf8')).trimEnd().split('\n')
    const districts = new Set(
      lines
        .map((line) => JSON.parse(line) as { office: string; district: unknown })
        .filter(({ office }) => office === 'President')
        .map(({ district }) => district),
    )
    expect([...districts]).toEqual([null])
  })

  it('differ between precincts and counties exactly where the files do', async () => {
    const differences = countDifferences(await readRealCsv('general_2024_precinct.csv'), await readRealCsv('general_2024_county.csv'))
    expect(differences).toBe(40)
    expect(outcomes.find(({ node }) => node === 'test:precincts_follow_counties')?.rows).toBe(differences)
    expect(outcomes.find(({ node }) => node === 'model:precinct_county_discrepancies')?.rows).toBe(differences)
  })

  it('stay text in a workbook where they look like numbers, and numbers where they are', async () => {
    const came = (await readRealCsv('general_2024_precinct.csv')).filter((row) => row['office'] === 'President')
    const [header, ...rows] = await readSheet(join(exported, 'president_by_precinct.xlsx'), { trim: false })
    expect(header).toEqual(['County', 'Precinct', 'Candidate', 'Votes'])
    // JSON tells the text "1" from the number 1.
    expect(rows.map((row) => JSON.stringify(row)).sort()).toEqual(
      came.map((row) => JSON.stringify([row['county'], row['precinct'], row['candidate'], Number(row['total_votes'])])).sort(),
    )
  })

  it('find the closest races', async () => {
    const [, ...rows] = await readSheet(join(exported, 'close_races.xlsx'))
    expect(rows.map((row) => row.slice(1, 7))).toEqual([
      ['State House / 128', 'Mack Jackson', 13_926, 'Tracy Wheeler', 13_878, 48],
      ['State House / 105', 'Sandy Donatucci', 15_142, 'Farooq Mughal', 15_062, 80],
      ['State House / 145', 'Tangie Herring', 13_652, 'Noah Redding Harbuck', 13_379, 273],
    ])
  })
})

function countDifferences(precincts: readonly CsvRow[], counties: readonly CsvRow[]): number {
  const balance = new Map<string, number>()
  const add = (row: CsvRow, votes: number): void => {
    const key = JSON.stringify([row['county'], row['office'], row['district'], row['party'], row['candidate']])
    balance.set(key, (balance.get(key) ?? 0) + votes)
  }
  for (const row of precincts) add(row, -Number(row['total_votes']))
  for (const row of counties) add(row, sum(voteTypes.map((type) => Number(row[type]))))
  return [...balance.values()].filter((difference) => difference !== 0).length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
