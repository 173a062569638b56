/** The sample project on the embedded Postgres, as a newcomer runs it. */
import { seconds, median, repeat, type Measure } from '../measure.ts'
import { copySample } from '../../tests/sample/copy-sample.ts'
import { createFolder, runSqlflow } from '../processes.ts'

export const sample: Measure = {
  name: 'sample',
  run: async () => {
    await using folder = await createFolder()
    await copySample(folder.path)
    const run = async (): Promise<number> => (await runSqlflow(['build'], { cwd: folder.path })).ms
    const first = await run()
    const again = median(await repeat(3, run))
    return [
      { measure: 'build of the sample on PGlite, the first time', figure: seconds(first), bar: 'under 15 s', met: first < 15_000 },
      { measure: 'build of the sample on PGlite, again', figure: seconds(again), bar: 'under 3 s', met: again < 3000 },
    ]
  },
}
