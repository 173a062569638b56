/** Loading and linking a project of 1,000 models. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { median, repeat, seconds, type Measure } from '../measure.ts'
import { writeModelProject } from '../model-project.ts'
import { createFolder, runSqlflow, runSqlflowForMemory } from '../processes.ts'

export const list: Measure = {
  name: 'list',
  run: async () => {
    await using folder = await createFolder()
    writeModelProject(folder.path, 1000)
    const run = async (): Promise<number> => (await runSqlflow(['list'], { cwd: folder.path })).ms
    const cold = await repeat(5, async () => {
      await rm(join(folder.path, '.sqlflow'), { recursive: true, force: true })
      return run()
    })
    const warm = await repeat(9, run)
    const { cpu } = await runSqlflowForMemory(['list'], { cwd: folder.path })
    return [
      { measure: 'list on 1,000 models, cold', figure: seconds(median(cold)), bar: 'at most 1.0 s', met: median(cold) <= 1000 },
      {
        measure: 'list on 1,000 models, warm',
        figure: `${seconds(median(warm))} (${seconds(cpu)} of CPU time)`,
        bar: 'at most 0.25 s',
        met: median(warm) <= 250,
      },
    ]
  },
}
