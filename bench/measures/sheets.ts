/** Exports to Google Sheets against the emulator: calls, memory and computing time of a large one, none for an unchanged one, quota, and an upsert. */
import { fork } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSheetsEmulator } from '../../src/emulators/google-sheets/start-sheets-emulator.ts'
import { megabytes, median, repeat, seconds, times, type Figure, type Measure } from '../measure.ts'
import { createFolder, runNodeForMemory, runSqlflow, runSqlflowForMemory } from '../processes.ts'
import { pushMany } from '../push-many.ts'
import { openDatabase, type BenchDatabase } from '../server.ts'
import type { SheetsAnswer, SheetsQuestion } from '../sheets-process.ts'

export const sheets: Measure = {
  name: 'sheets',
  run: async () => [...(await largeExport()), ...(await upsertOfFew()), await manyExports()],
}

interface SheetsProcess extends AsyncDisposable {
  readonly url: string
  readonly key: string
  readonly env: Readonly<Record<string, string>>
  readonly ask: (question: SheetsQuestion) => Promise<SheetsAnswer>
}

async function startProcess(): Promise<SheetsProcess> {
  const child = fork(fileURLToPath(new URL('../sheets-process.ts', import.meta.url)))
  const next = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      child.once('message', (message) => resolve(message as T)).once('error', reject)
    })
  const { url, key } = await next<{ readonly url: string; readonly key: string }>()
  return {
    url,
    key,
    env: { SQLFLOW_SHEETS_ENDPOINT: url, SQLFLOW_GOOGLE_CREDENTIALS: key },
    ask: (question) => {
      const answer = next<SheetsAnswer>()
      child.send(question)
      return answer
    },
    [Symbol.asyncDispose]: async () => {
      child.disconnect()
    },
  }
}

/** Twenty columns as a voter file has them. */
function peopleSql(rows: number, changed = 0): string {
  const texts = Array.from({ length: 8 }, (_, k) => `'value ' || ((n * ${k + 3}) % 9973) as text_${k}`)
  const numbers = Array.from({ length: 7 }, (_, k) => `(n * ${k + 7}) % 99991 as number_${k}`)
  const name = changed === 0 ? `'Person ' || n` : `case when n % ${Math.round(rows / changed)} = 0 then 'Changed ' else 'Person ' end || n`
  return `select n::integer as person_id, ${name} as name, lpad((n % 99999)::text, 5, '0') as zip, date '1940-01-01' + (n % 20000)::integer as born_on,
  n % 3 = 0 as voted, ${[...texts, ...numbers].join(', ')} from generate_series(1, ${rows}) as n`
}

async function createProject(root: string, database: BenchDatabase, to: string): Promise<void> {
  for (const name of ['models', 'exports']) await mkdir(join(root, name), { recursive: true })
  await writeFile(join(root, 'sqlflow.yml'), `name: bench\n${database.target.replace('schema: public', 'schema: public, exports: live')}`)
  await writeFile(
    join(root, 'exports', 'people_sheet.yml'),
    `from: people\nto:\n  google_sheets: { spreadsheet: people-of-the-bench, tab: People${to} }\n`,
  )
}

async function writeModel(root: string, sql: string): Promise<void> {
  await writeFile(join(root, 'models', 'people.sql'), `/*---\nmaterialized: table\n---*/\n${sql}\n`)
}

async function largeExport(): Promise<readonly Figure[]> {
  await using folder = await createFolder()
  await using database = await openDatabase(folder.path)
  await createProject(folder.path, database, '')
  await writeModel(folder.path, peopleSql(50_000))
  const plain = { cwd: folder.path, env: database.env }
  await runSqlflow(['run'], plain)
  const rounds = await repeat(3, async () => {
    await using emulator = await startProcess()
    const options = { cwd: folder.path, env: { ...database.env, ...emulator.env } }
    await emulator.ask('forget')
    const ours = await runSqlflowForMemory(['export'], options)
    const calls = await emulator.ask('requests')
    await emulator.ask('forget')
    const again = await runSqlflow(['export'], options)
    const unchanged = await emulator.ask('requests')
    const sql = 'select * from public.people'
    await emulator.ask('baseline')
    const script = fileURLToPath(new URL('../sheets-baseline.ts', import.meta.url))
    const bare = await runNodeForMemory([script, databaseUrl(database), sql, emulator.url, emulator.key, 'Sheet1'], {})
    return { ours, calls, again, unchanged, bare }
  })
  const { calls, unchanged } = rounds[0]!
  const cpu = median(rounds.map(({ ours }) => ours.cpu))
  const bareCpu = median(rounds.map(({ bare }) => bare.cpu))
  const resident = median(rounds.map(({ ours }) => ours.resident))
  const ms = median(rounds.map(({ ours }) => ours.ms))
  const size = `${(calls.bytes / 1_000_000).toFixed(1)} MB`
  return [
    {
      measure: 'exporting 1,000,000 cells to a sheet, calls',
      figure: `${calls.reads} read, ${calls.writes} writes, ${size}, in ${seconds(ms)}`,
      bar: '1 read, at most 6 writes',
      met: calls.reads === 1 && calls.writes <= 6,
    },
    { measure: 'exporting 1,000,000 cells to a sheet, memory', figure: megabytes(resident), bar: 'under 250 MB', met: resident < 250 },
    {
      measure: 'exporting 1,000,000 cells to a sheet, computing time over cursor, JSON and fetch alone',
      figure: `${times(cpu / bareCpu)} (${seconds(cpu)} over ${seconds(bareCpu)})`,
      bar: 'at most 2 times',
      met: cpu / bareCpu <= 2,
    },
    {
      measure: 'exporting the same 1,000,000 cells again',
      figure: `${unchanged.reads} read, ${unchanged.writes} writes, in ${seconds(median(rounds.map(({ again }) => again.ms)))}`,
      bar: '1 read, no write',
      met: unchanged.reads === 1 && unchanged.writes === 0,
    },
  ]
}

function databaseUrl({ env }: BenchDatabase): string {
  return Object.assign(new URL(env['DATABASE_URL']!), { password: env['PGPASSWORD'] ?? '' }).href
}

async function upsertOfFew(): Promise<readonly Figure[]> {
  await using folder = await createFolder()
  await using database = await openDatabase(folder.path)
  await using emulator = await startProcess()
  await createProject(folder.path, database, ', mode: upsert, key: person_id')
  await writeModel(folder.path, peopleSql(100_000))
  const options = { cwd: folder.path, env: { ...database.env, ...emulator.env } }
  await runSqlflow(['build'], options)
  await writeModel(folder.path, peopleSql(100_000, 1000))
  await runSqlflow(['run'], options)
  await emulator.ask('forget')
  const { ms, resident } = await runSqlflowForMemory(['export'], options)
  const { reads, writes, writtenCells, bytes } = await emulator.ask('written-cells')
  return [
    {
      measure: 'upsert of 100,000 rows with 1% changed, cells written',
      figure: `${writtenCells.toLocaleString('en-US')} of 2,000,000 (${reads} reads, ${writes} write, ${Math.round(bytes / 1000)} kB) in ${seconds(ms)}, ${megabytes(resident)}`,
      bar: '1,000: those that changed',
      met: writtenCells === 1000,
    },
  ]
}

/** By a clock that runs as fast as it is waited for: budget and quota read the same one. */
async function manyExports(): Promise<Figure> {
  let now = Date.now()
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms
      await Promise.resolve()
    },
  }
  await using emulator = await startSheetsEmulator({ createMissing: true, now: clock.now, quota: true })
  const started = now
  await pushMany(emulator, clock, 200)
  const refused = emulator.requests.filter(({ status }) => status === 429).length
  return {
    measure: '200 exports to 200 spreadsheets in one run, calls over the quota',
    figure: `${refused} of ${emulator.requests.length}; ${Math.round((now - started) / 1000)} s of waiting by the clock`,
    bar: '0',
    met: refused === 0,
  }
}
