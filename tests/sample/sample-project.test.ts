import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { builtinTests } from '../../src/project/builtin-tests.ts'
import { testOptionKeys } from '../../src/project/schemas/tests.ts'
import { createDatabase, createTemporaryFolder } from '../support/databases.ts'
import { copySample } from './copy-sample.ts'
import { nodeOutcomes, runSqlflow, serverEnvironment, unsuccessful } from './run-sqlflow.ts'

const repository = new URL('../../', import.meta.url)
const models = new URL('models/', repository)
const tests = new URL('tests/', repository)
const byDesign = ['warn test:relationships_stg_event_signups_supporter_id']

async function readExports(
  folder: string,
  target: string,
): Promise<{ readonly csv: string; readonly jsonl: string; readonly xlsx: Buffer }> {
  const exports = join(folder, 'target', target, 'exports')
  return {
    csv: await readFile(join(exports, 'turf_list.csv'), 'utf8'),
    jsonl: await readFile(join(exports, 'upcoming_events.jsonl'), 'utf8'),
    xlsx: await readFile(join(exports, 'region_scorecard.xlsx')),
  }
}

function sortedLines(text: string): readonly string[] {
  return text.split('\n').sort()
}

describe('the sample project', () => {
  it('builds alike on the embedded Postgres and on a server, with the one warning that is there by design', async () => {
    await using folder = await createTemporaryFolder()
    await using database = await createDatabase()
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

    const here = await readExports(folder.path, 'local')
    const there = await readExports(folder.path, 'server')
    expect(here.csv.split('\n')[0]).toBe('Region,Turf,Precinct,Last name,First name,Phone,Last result')
    expect(here.csv).toMatch(/,001 Oak Hill,/)
    // Databases sort text by their own collation: the same lines, in an order of their own.
    expect(sortedLines(here.csv)).toEqual(sortedLines(there.csv))
    expect(here.jsonl).toBe(there.jsonl)
    expect(here.xlsx.subarray(0, 2).toString()).toBe('PK')
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
