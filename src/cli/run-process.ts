/** Binds a command to this process: its streams, its environment, its signals. The only reader of `process.env`. */
import { getEventListeners } from 'node:events'
import type { CliIo, ExitCode, Output } from './io.ts'
import { terminalPrompts } from './prompts.ts'
import { runProgram } from './program.ts'

/** How long a command may take to stop once it is asked to. */
const graceMs = 15_000

/** Runs the command line of this process. A first Ctrl-C asks the command to stop; a second, or too long a wait, ends the process at once. */
export async function runProcess(): Promise<ExitCode> {
  const aborter = new AbortController()
  const stop = (): void => {
    if (aborter.signal.aborted || getEventListeners(aborter.signal, 'abort').length === 0) process.exit(130)
    aborter.abort()
    setTimeout(() => process.exit(130), graceMs).unref()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  process.stdout.on('error', endWithoutOutput)
  process.stderr.on('error', () => undefined) // progress that nobody reads stops no run
  const io: CliIo = {
    cwd: process.cwd(),
    env: process.env,
    stdout: outputOf(process.stdout, (text) => io.mask(text)),
    stderr: outputOf(process.stderr, (text) => io.mask(text)),
    readStdin: async () => (await import('node:stream/consumers')).text(process.stdin),
    now: () => new Date(),
    signal: aborter.signal,
    ...(canAnswer() && { prompts: terminalPrompts(aborter.signal) }),
    mask: (text) => text,
  }
  const exitCode = await runProgram(io, process.argv.slice(2))
  process.off('SIGINT', stop).off('SIGTERM', stop)
  return exitCode
}

function canAnswer(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY && (process.env['CI'] ?? '') === ''
}

function outputOf(stream: NodeJS.WriteStream, mask: (text: string) => string): Output {
  return {
    write: (text) => void stream.write(mask(text)),
    isTerminal: stream.isTTY,
    get columns() {
      return stream.columns > 0 ? stream.columns : 100
    },
  }
}

/** `sqlflow list | head` is no failure; a full disk is one. */
function endWithoutOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  const code = 'output-refused'
  process.stderr.write(`error[${code}]: The output could not be written: ${error.message}\n`)
  process.exit(2)
}
