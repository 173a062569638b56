/**
 * What dependents cost: a table that 100 views of others read, swapped again and again, compared with the same table without views; then beside 8
 * sessions that read the views, which wait for the statements of the swap and for nothing else.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import type { RunEvent } from '../../src/core/event.ts'
import { median, seconds, type Figure, type Measure } from '../measure.ts'
import { createFolder, runSqlflow } from '../processes.ts'
import { recordStatements } from '../recording-proxy.ts'
import { openDatabase, type BenchDatabase } from '../server.ts'

const views = 100
const readers = 8
const swaps = 10

export const swap: Measure = {
  name: 'swap',
  run: async () => {
    await using folder = await createFolder()
    await using database = await openDatabase(folder.path)
    await mkdir(join(folder.path, 'models'))
    await writeFile(join(folder.path, 'sqlflow.yml'), `name: bench\n${database.target}`)
    for (const name of ['turf', 'alone']) {
      const select = "select n as turf_id, 'area ' || n % 100 as area from generate_series(1, 1000) as n"
      await writeFile(join(folder.path, 'models', `${name}.sql`), `/*---\nmaterialized: table\n---*/\n${select}\n`)
    }
    await runSqlflow(['run'], { cwd: folder.path, env: database.env })
    const client = await connectTo(database.url)
    for (let index = 0; index < views; index++)
      await client.query(`create view area_${index} as select turf_id from turf where area = 'area ${index}'`)
    await client.end()
    return [await costOfViews(folder.path, database), ...(await besideReaders(folder.path, database))]
  },
}

/** In turn, so that what the machine does besides meets both. */
async function costOfViews(cwd: string, { env }: BenchDatabase): Promise<Figure> {
  const [withViews, alone]: [number[], number[]] = [[], []]
  for (let round = 0; round < swaps; round++) {
    withViews.push(nodeTime((await runSqlflow(['run', 'turf', '--json'], { cwd, env })).stdout))
    alone.push(nodeTime((await runSqlflow(['run', 'alone', '--json'], { cwd, env })).stdout))
  }
  const cost = median(withViews) - median(alone)
  return {
    measure: `a table with ${views} dependent views, rebuilt: over the same table without`,
    figure: `${cost.toFixed(0)} ms (${median(withViews).toFixed(0)} and ${median(alone).toFixed(0)} ms)`,
    bar: 'at most 50 ms',
    met: cost <= 50,
  }
}

/** Milliseconds of the one node of a run. */
function nodeTime(stdout: string): number {
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunEvent)
  return events.reduce((sum, event) => sum + (event.type === 'node-finished' ? event.ms : 0), 0)
}

async function besideReaders(cwd: string, { url, env }: BenchDatabase): Promise<readonly Figure[]> {
  await using proxy = await recordStatements(url)
  const through = { ...env, DATABASE_URL: Object.assign(new URL(proxy.url), { password: '' }).href }
  const stop = new AbortController()
  const progress: Progress = { longest: 0 }
  const reading = Promise.all(Array.from({ length: readers }, (_, index) => read(url, index, { signal: stop.signal, progress })))
  const beyond: number[] = []
  const longest: number[] = []
  for (let round = 0; round < swaps; round++) {
    const usual = await longestBeside(progress, () => runSqlflow(['run', 'alone'], { cwd, env: through }))
    const sent = proxy.queries.length
    const found = await longestBeside(progress, () => runSqlflow(['run', 'turf'], { cwd, env: through }))
    const publishes = proxy.queries.flatMap((sql, index) => (index >= sent && sql.includes(' rename to ') ? [proxy.times[index]!] : []))
    longest.push(found)
    beyond.push(found - Math.max(usual, ...publishes))
  }
  stop.abort()
  const results = await reading
  const errors = results.flatMap((one) => one.errors)
  const queries = results.reduce((sum, one) => sum + one.queries, 0)
  return [
    {
      measure: `the same, swapped ${swaps} times beside ${readers} readers: errors`,
      figure: `${errors.length} in ${queries} queries${errors[0] === undefined ? '' : ` (${errors[0]})`}`,
      bar: 'none',
      met: errors.length === 0,
    },
    {
      measure:
        'the same: longest wait of a reader, beyond the statements of the swap (or what it waits beside another, where that is more)',
      figure: `${median(beyond).toFixed(0)} ms (${Math.min(...beyond).toFixed(0)} to ${Math.max(...beyond).toFixed(0)}); in all ${seconds(median(longest))}`,
      bar: 'at most 20 ms',
      met: median(beyond) <= 20,
    },
  ]
}

/** Milliseconds of the longest query of any reader while something runs. Beside a swap that they do not read, it is what the machine makes them wait. */
async function longestBeside(progress: Progress, work: () => Promise<unknown>): Promise<number> {
  progress.longest = 0
  await work()
  return progress.longest
}

interface Progress {
  longest: number
}

interface Reading {
  readonly queries: number
  readonly errors: readonly string[]
}

async function read(
  url: string,
  reader: number,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: Progress },
): Promise<Reading> {
  const client = await connectTo(url)
  const errors: string[] = []
  let queries = 0
  while (!signal.aborted) {
    const started = performance.now()
    try {
      const { rows } = await client.query<{ count: string }>(`select count(*) from area_${(reader * 13 + queries) % views}`)
      if (rows[0]?.count !== '10') errors.push(`${rows[0]?.count} rows instead of 10`)
    } catch (error) {
      errors.push(String(error))
    }
    progress.longest = Math.max(progress.longest, performance.now() - started)
    queries++
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await client.end()
  return { queries, errors }
}

async function connectTo(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}
