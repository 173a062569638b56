/** 500 views in ten layers and the table below them, rebuilt by 4 and by 8 threads ten times each while 8 sessions read all of them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { layeredViews } from '../../tests/support/layered-views.ts'
import { median, seconds, type Measure } from '../measure.ts'
import { createFolder, runSqlflow } from '../processes.ts'
import { openDatabase } from '../server.ts'

const readers = 8
const rounds = 10

export const rebuiltViews: Measure = {
  name: 'views',
  run: async () => {
    await using folder = await createFolder()
    await using database = await openDatabase(folder.path)
    await mkdir(join(folder.path, 'models'))
    await writeFile(join(folder.path, 'sqlflow.yml'), `name: bench\n${database.target}`)
    const write = async (columns: string): Promise<void> => {
      for (const [file, text] of Object.entries(layeredViews(columns))) await writeFile(join(folder.path, file), text)
    }
    const run = (threads: number): ReturnType<typeof runSqlflow> =>
      runSqlflow(['run', '--quiet', '--threads', String(threads)], { cwd: folder.path, env: database.env })
    await write('a.id')
    await runSqlflow(['run', '--quiet'], { cwd: folder.path, env: database.env })
    const stop = new AbortController()
    const reading = Promise.all(Array.from({ length: readers }, (_, reader) => read(database.url, reader, stop.signal)))
    const times: number[] = []
    let failed = 0
    for (let round = 0; round < rounds; round++) {
      if (round % 3 === 2) await write(`${round} as round, a.id`)
      for (const threads of [4, 8]) {
        try {
          times.push((await run(threads)).ms)
        } catch (error) {
          failed++
          console.error(error)
        }
      }
    }
    stop.abort()
    const results = await reading
    const errors = results.flatMap((one) => one.errors)
    const queries = results.reduce((sum, one) => sum + one.queries, 0)
    return [
      {
        measure: `500 views in ten layers and their table, rebuilt ${rounds} times by 4 and by 8 threads beside ${readers} readers: failures`,
        figure: `${failed} runs and ${errors.length} of ${queries} reads${errors[0] === undefined ? '' : ` (${errors[0]})`}; ${seconds(median(times))} a run`,
        bar: 'none',
        met: failed + errors.length === 0,
      },
    ]
  },
}

async function read(
  url: string,
  reader: number,
  signal: AbortSignal,
): Promise<{ readonly queries: number; readonly errors: readonly string[] }> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const errors: string[] = []
  let queries = 0
  for (; !signal.aborted; queries++) {
    try {
      const { rows } = await client.query<{ count: string }>(
        `select count(id) from v_${(queries + reader) % 10}_${(queries * 7 + reader) % 50}`,
      )
      if (rows[0]?.count !== '1') errors.push(`${rows[0]?.count} rows instead of 1`)
    } catch (error) {
      errors.push(String(error))
    }
    await new Promise((resolve) => setTimeout(resolve, 5)) // 8 readers without a pause leave 2 cores nothing for the runs
  }
  await client.end()
  return { queries, errors }
}
