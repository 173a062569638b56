/**
 * One event a line on stdout, for programs. What happens within a few milliseconds is one write: a write to a pipe keeps the process, which would
 * stand still between two statements.
 */
import type { Reporter } from '../../runner/emitter.ts'
import type { CliIo } from '../io.ts'

/** Milliseconds for which a line may wait for others. */
const longestWait = 20

export function createJsonReporter(io: CliIo): Reporter {
  let lines = ''
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (lines !== '') io.stdout.write(lines)
    lines = ''
  }
  return {
    onEvent: (event) => {
      lines += `${JSON.stringify(event)}\n`
      timer ??= setTimeout(flush, longestWait)
    },
    end: flush,
    abandon: flush,
  }
}
