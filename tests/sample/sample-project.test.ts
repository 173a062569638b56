import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import readWorkbook from 'read-excel-file/node'
import { describe, expect, it } from 'vitest'
import { builtinTests } from '../../src/project/builtin-tests.ts'
import { testOptionKeys } from '../../src/project/schemas/tests.ts'
import { createDatabase, createTemporaryFolder } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'
import { startSheets } from '../support/sheets.ts'
import { copySample } from './copy-sample.ts'
import { nodeOutcomes, runSqlflow, serverEnvironment, unsuccessful } from './run-sqlflow.ts'

const repository = new URL('../../', import.meta.url)
const models = new URL('models/', repository)
const tests = new URL('tests/', repository)
const byDesign = ['warn test:relationships_stg_event_signups_supporter_id']

/** Sheets of the workbooks that stand in for Google Sheets, by workbook and title. */
async function readExports(folder: string, target: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, readonly string[]> = {}
  for (const name of ['turf_list_sheet', 'upcoming_events_sheet', 'region_scorecard_sheet']) {
    const sheets = await readWorkbook(join(folder, 'target', target, 'exports', `${name}.xlsx`))
    for (const { sheet, data } of sheets) found[`${name} ${sheet}`] = data.map((row) => JSON.stringify(row))
  }
  return found
}

describe('the sample project', () => {
  it('builds alike on the embedded Postgres, on a server and on the stand-in for Redshift, with the one warning that is there by design', async () => {
    await using folder = await createTemporaryFolder()
    await using database = await createDatabase()
    await using redshift = await startRedshift()
    await copySample(folder.path)

    const local = await runSqlflow(folder.path, ['build', '--json'])
    expect(local.stderr).toBe('')
    expect(unsuccessful(nodeOutcomes(local.stdout))).toEqual(byDesign)
    expect(local.exitCode).toBe(0)

    const server = await runSqlflow(folder.path, ['build', '--json', '-t', 'server'], {
      ...serverEnvironment('DATABASE_URL', database.url),
      USER: 'ana',
    })
    expect(server.stderr).toBe('')
    expect(unsuccessful(nodeOutcomes(server.stdout))).toEqual(byDesign)
    expect(server.exitCode).toBe(0)

    const elsewhere = await runSqlflow(folder.path, ['build', '--json', '-t', 'redshift'], {
      ...serverEnvironment('REDSHIFT_URL', redshift.url),
      USER: 'ana',
    })
    expect(elsewhere.stderr).toBe('')
    expect(unsuccessful(nodeOutcomes(elsewhere.stdout))).toEqual(byDesign)
    expect(elsewhere.exitCode).toBe(0)

    const here = await readExports(folder.path, 'local')
    const there = await readExports(folder.path, 'server')
    const onRedshift = await readExports(folder.path, 'redshift')
    expect(Object.keys(here).sort()).toEqual([
      'region_scorecard_sheet Scorecard',
      'turf_list_sheet Call list',
      'upcoming_events_sheet Foothills',
      'upcoming_events_sheet Harbor',
      'upcoming_events_sheet Mill Valley',
      'upcoming_events_sheet Prairie, East',
      "upcoming_events_sheet St. Anne's Lakes",
    ])
    expect(here['turf_list_sheet Call list']![0]).toBe('["ID","Region","Turf","Precinct","Last name","First name","Phone","Last result"]')
    expect(here['turf_list_sheet Call list']!.some((line) => line.includes('"001 Oak Hill"'))).toBe(true)
    // Databases sort text by their own collation: the same rows, in an order of their own.
    for (const [name, lines] of Object.entries(here)) {
      expect([...there[name]!].sort()).toEqual([...lines].sort())
      expect([...onRedshift[name]!].sort()).toEqual([...lines].sort())
    }
  })

  it('fills the sheets of an emulated Google Sheets, writes nothing again, and keeps what organizers wrote beside', async () => {
    await using folder = await createTemporaryFolder()
    await using sheets = await startSheets({ createMissing: true })
    await copySample(folder.path)
    const { emulator } = sheets
    const build = async (args: readonly string[]): Promise<readonly string[]> => {
      const result = await runSqlflow(folder.path, ['build', '--json', '-t', 'rehearsal', ...args], sheets.env)
      expect(result.exitCode).toBe(0)
      return nodeOutcomes(result.stdout).flatMap(({ node, notes = [] }) => (node.startsWith('export:') ? [`${node} ${notes.join()}`] : []))
    }
    await build([])
    expect(emulator.snapshot('sample-field-plan').tabs.map(({ title }) => title)).toEqual(['Sheet1', 'Scorecard', 'Call list'])
    expect([...(await build([]))].sort()).toEqual([
      'export:region_scorecard_sheet unchanged',
      'export:turf_list_sheet unchanged',
      'export:upcoming_events_sheet 5 unchanged',
    ])
    const { sheetId } = emulator.snapshot('sample-field-plan').tabs[2]!
    const [, first] = emulator.values('sample-field-plan', 'Call list')
    emulator.edit('sample-field-plan', [
      { appendDimension: { sheetId, dimension: 'COLUMNS', length: 1 } },
      {
        updateCells: {
          start: { sheetId, rowIndex: 1, columnIndex: 8 },
          rows: [{ values: [{ userEnteredValue: { stringValue: 'call after six' } }] }],
          fields: 'userEnteredValue',
        },
      },
    ])
    await build(['--var', 'cycle=2025'])
    const noted = emulator.values('sample-field-plan', 'Call list').filter((row) => row[8] === 'call after six')
    expect(noted.map((row) => row[0])).toEqual([first![0]])
  })

  it('builds a second time over what stands, and again with another cycle', async () => {
    await using folder = await createTemporaryFolder()
    await copySample(folder.path)
    for (const args of [[], [], ['--var', 'cycle=2025']]) {
      const { stdout, stderr, exitCode } = await runSqlflow(folder.path, ['build', '--json', ...args])
      expect(stderr).toBe('')
      expect(unsuccessful(nodeOutcomes(stdout)).filter((line) => !line.startsWith('warn'))).toEqual([])
      expect(exitCode).toBe(0)
    }
  })

  it('describes and tests every model, but for the ephemeral one, which is never built', async () => {
    const files = await readdir(models, { recursive: true })
    const untold: string[] = []
    for (const file of files.filter((name) => name.endsWith('.sql'))) {
      const text = await readFile(new URL(file, models), 'utf8')
      if (!text.startsWith('/*---\ndescription: ')) untold.push(`${file} has no description`)
      if (!text.includes('tests:') && !text.includes('materialized: ephemeral')) untold.push(`${file} has no test`)
    }
    expect(untold).toEqual([])
  })

  it('shows every built-in test and every option of a test in use', async () => {
    const files = [
      ...(await readdir(models, { recursive: true })).map((file) => `models/${file}`),
      ...(await readdir(tests)).map((file) => `tests/${file}`),
    ]
    const texts = await Promise.all(
      files.filter((file) => file.endsWith('.sql')).map((file) => readFile(new URL(file, repository), 'utf8')),
    )
    const words = [...Object.keys(builtinTests), ...Object.keys(testOptionKeys).filter((key) => key !== 'enabled')]
    expect(words.filter((word) => !texts.some((text) => text.includes(word)))).toEqual([])
  })
})
