/** The door to the command line: arguments in, exit code out. Loads no more than the command that runs; how failures look is loaded when one happens. */
import { CommanderError } from 'commander'
import { createCommandLine } from './command-line.ts'
import { commandWords, findCommand } from './commands/index.ts'
import type { CliIo, ExitCode } from './io.ts'

/** Parses `argv` (without node and script) and runs the command; never throws for what a user can cause. */
export async function runProgram(io: CliIo, argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const commandLine = createCommandLine(io, {
    noColor: argv.includes('--no-color'),
    run: async (spec, args, options) => {
      exitCode = await spec.run(io, { command: spec.name, args, options })
    },
  })
  try {
    await refuseHelpOnNothing(argv)
    await commandLine.parseAsync(helpOfTwoWords(argv), { from: 'user' })
    return exitCode
  } catch (error) {
    return endWith(io, argv, error)
  }
}

async function endWith(io: CliIo, argv: readonly string[], error: unknown): Promise<ExitCode> {
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help')) return error.exitCode === 0 ? 0 : 2
  const { reportFailure } = await import('./report-failure.ts')
  const cause = error instanceof CommanderError ? (await import('./usage-errors.ts')).toUsageError(error, argv) : error
  return reportFailure(io, cause, { json: argv.includes('--json'), noColor: argv.includes('--no-color') })
}

/** `sqlflow help modles`: commander would answer with the help of everything. */
async function refuseHelpOnNothing([first, name]: readonly string[]): Promise<void> {
  if (first !== 'help' || name === undefined || name.startsWith('-') || commandWords().includes(name)) return
  throw (await import('./usage-errors.ts')).unknownCommand(name)
}

/** `sqlflow help sources pull`: commander's help takes one word. */
function helpOfTwoWords(argv: readonly string[]): string[] {
  const [first, ...words] = argv
  const found = first === 'help' ? findCommand(words) : undefined
  return found?.words === 2 ? [...words.slice(0, 2), '--help'] : [...argv]
}
