/** A table that 100 views of others depend on, swapped again and again while 8 sessions read the views. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { seconds, type Measure } from '../measure.ts'
import { createFolder, runSqlflow } from '../processes.ts'
import { openDatabase } from '../server.ts'

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
    await writeFile(
      join(folder.path, 'models', 'turf.sql'),
      "/*---\nmaterialized: table\n---*/\nselect n as turf_id, 'area ' || n % 100 as area from generate_series(1, 1000) as n\n",
    )
    const build = (): Promise<unknown> => runSqlflow(['run'], { cwd: folder.path, env: database.env })
    await build()
    const client = await connectTo(database.url)
    for (let index = 0; index < views; index++)
      await client.query(`create view area_${index} as select turf_id from turf where area = 'area ${index}'`)
    await client.end()
    const stop = new AbortController()
    const reading = Promise.all(Array.from({ length: readers }, (_, index) => read(database.url, index, stop.signal)))
    for (let round = 0; round < swaps; round++) await build()
    stop.abort()
    const results = await reading
    const errors = results.flatMap((one) => one.errors)
    const longest = Math.max(...results.map((one) => one.longest))
    const queries = results.reduce((sum, one) => sum + one.queries, 0)
    return [
      {
        measure: `a table with ${views} dependent views, swapped ${swaps} times beside ${readers} readers: errors`,
        figure: `${errors.length} in ${queries} queries${errors[0] === undefined ? '' : ` (${errors[0]})`}`,
        bar: 'none',
        met: errors.length === 0,
      },
      { measure: 'the same: longest wait of a reader', figure: seconds(longest), bar: 'at most 0.3 s', met: longest <= 300 },
    ]
  },
}

interface Reading {
  readonly queries: number
  readonly errors: readonly string[]
  /** Milliseconds of the longest query. */
  readonly longest: number
}

async function read(url: string, reader: number, signal: AbortSignal): Promise<Reading> {
  const client = await connectTo(url)
  const errors: string[] = []
  let longest = 0
  let queries = 0
  while (!signal.aborted) {
    const started = performance.now()
    try {
      const { rows } = await client.query<{ count: string }>(`select count(*) from area_${(reader * 13 + queries) % views}`)
      if (rows[0]?.count !== '10') errors.push(`${rows[0]?.count} rows instead of 10`)
    } catch (error) {
      errors.push(String(error))
    }
    longest = Math.max(longest, performance.now() - started)
    queries++
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await client.end()
  return { queries, errors, longest }
}

async function connectTo(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}
