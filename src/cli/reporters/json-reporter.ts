/** One event a line on stdout, for programs. */
import type { Reporter } from '../../runner/emitter.ts'
import type { CliIo } from '../io.ts'

export function createJsonReporter(io: CliIo): Reporter {
  return { onEvent: (event) => io.stdout.write(`${JSON.stringify(event)}\n`) }
}
