/** A graph whose nodes take a known time: what the scheduler adds to its critical path. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { median, repeat, seconds, type Measure } from '../measure.ts'
import { createFolder, runPhase, runSqlflow } from '../processes.ts'
import { openDatabase } from '../server.ts'

const chain = 5
const leaves = 24

export const criticalPath: Measure = {
  name: 'critical-path',
  run: async () => {
    await using folder = await createFolder()
    await using database = await openDatabase(folder.path)
    await mkdir(join(folder.path, 'models'))
    await writeFile(join(folder.path, 'sqlflow.yml'), `name: bench\n${database.target}`)
    const write = (name: string, sleep: number, parent?: string): Promise<void> =>
      writeFile(
        join(folder.path, 'models', `${name}.sql`),
        `/*---\nmaterialized: table\n---*/\nselect 1 as slept${parent === undefined ? '' : ` from {{ref '${parent}'}}`} where pg_sleep(${sleep}) is not null\n`,
      )
    for (let index = 0; index < chain; index++) await write(`path_${index}`, 1, index === 0 ? undefined : `path_${index - 1}`)
    for (let index = 0; index < leaves; index++) await write(`area_${index}`, 0.6)
    const phases = await repeat(3, async () => {
      const { stdout } = await runSqlflow(['build', '--threads', '8', '--full-refresh', '--json'], { cwd: folder.path, env: database.env })
      return runPhase(stdout)
    })
    const over = median(phases) / (chain * 1000) - 1
    const figure = `${(over * 100).toFixed(1)}% over (${seconds(median(phases))} of ${chain} s)`
    return [{ measure: 'a graph of pg_sleep nodes, 8 threads', figure, bar: 'within 5% of its critical path', met: over <= 0.05 }]
  },
}
