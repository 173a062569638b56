/** What a command costs before it does anything. */
import { median, times, type Measure } from '../measure.ts'
import { runProcess, sqlflowMain } from '../processes.ts'

const rounds = 31

export const version: Measure = {
  name: 'version',
  run: async () => {
    const ours: number[] = []
    const empty: number[] = []
    for (let round = 0; round < rounds; round++) {
      empty.push((await runProcess(process.execPath, ['-e', '0'])).ms)
      ours.push((await runProcess(process.execPath, [sqlflowMain, '--version'])).ms)
    }
    const ratio = median(ours) / median(empty)
    const figure = `${times(ratio)} (${Math.round(median(ours))} ms against ${Math.round(median(empty))} ms)`
    return [{ measure: 'sqlflow --version, against node -e 0', figure, bar: 'at most 1.6 times', met: ratio <= 1.6 }]
  },
}
