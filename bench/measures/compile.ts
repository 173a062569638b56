/** Compiling 10,000 models to files: from nothing, again, and after one file was edited. */
import { appendFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { median, megabytes, repeat, seconds, type Figure, type Measure } from '../measure.ts'
import { modelFile, writeModelProject } from '../model-project.ts'
import { createFolder, runSqlflow, runSqlflowForMemory } from '../processes.ts'

export const compile: Measure = {
  name: 'compile',
  run: async () => {
    await using folder = await createFolder()
    const cwd = folder.path
    writeModelProject(cwd, 10_000)
    const run = async (): Promise<number> => (await runSqlflow(['compile'], { cwd })).ms
    const forget = async (): Promise<void> => {
      for (const name of ['.sqlflow', 'target']) await rm(join(cwd, name), { recursive: true, force: true })
    }
    const cold = await repeat(3, async () => {
      await forget()
      return run()
    })
    const warm = await repeat(7, run)
    const edited = await repeat(7, async (round) => {
      await appendFile(modelFile(cwd, 600), `-- edit ${round}\n`)
      return run()
    })
    const again = await runSqlflowForMemory(['compile'], { cwd })
    await forget()
    const first = await runSqlflowForMemory(['compile'], { cwd })
    const peak = Math.max(first.resident, again.resident)
    return [
      timed('compile of 10,000 models, cold', median(cold), first.cpu, 4000),
      timed('compile of 10,000 models, warm', median(warm), again.cpu, 800),
      timed('compile of 10,000 models, one file edited', median(edited), undefined, 800),
      { measure: 'compile of 10,000 models, peak memory', figure: megabytes(peak), bar: 'at most 500 MB', met: peak <= 500 },
    ]
  },
}

function timed(measure: string, ms: number, cpu: number | undefined, bar: number): Figure {
  const computed = cpu === undefined ? '' : ` (${seconds(cpu)} of CPU time)`
  return { measure, figure: `${seconds(ms)}${computed}`, bar: `at most ${bar / 1000} s`, met: ms <= bar }
}
