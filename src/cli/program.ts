/** The command line as commander parses it, made from the registry of commands. Prints help; runs one command. */
import { Command, CommanderError, Option } from 'commander'
import { commands } from './commands/index.ts'
import type { CommandSpec, OptionSpec } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { reportFailure } from './report-failure.ts'
import { chooseStyle } from './style.ts'
import { version } from './version.ts'

/** Parses `argv` (without node and script) and runs the command; never throws for what a user can cause. */
export async function runProgram(io: CliIo, argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const program = createProgram(io, async (spec, args, options) => {
    exitCode = await spec.run(io, { command: spec.name, args, options })
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    return reportFailure(io, error, { json: argv.includes('--json'), noColor: argv.includes('--no-color') })
  }
}

type Run = (spec: CommandSpec, args: readonly string[], options: Readonly<Record<string, unknown>>) => Promise<void>

export function createProgram(io: CliIo, run: Run): Command {
  const program = new Command('sqlflow')
    .description('Templated SQL models, built in order on Postgres, tested, and delivered.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show what a command does, with examples')
    .helpOption('-h, --help', 'show help')
    .showSuggestionAfterError(true)
    .showHelpAfterError('(run with --help for what it takes)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.stdout.columns, 110),
      getErrHelpWidth: () => Math.min(io.stderr.columns, 110),
      outputError: (text, write) => write(`sqlflow: ${text.replace(/^error: /, '')}`),
    })
    .configureHelp({ styleTitle: styleTitle(io), sortSubcommands: false })
    .addHelpText(
      'after',
      `\nStart with \`sqlflow init\` in an empty folder, or \`sqlflow build\` in a project.\nDocumentation: docs/ of the package.\n`,
    )
  for (const spec of commands) addCommand(program, spec, run)
  return program
}

function styleTitle(io: CliIo): (title: string) => string {
  const style = chooseStyle({ isTerminal: io.stdout.isTerminal, noColor: false, env: io.env })
  return (title) => style('bold', title)
}

function addCommand(program: Command, spec: CommandSpec, run: Run): void {
  const command = program.command(spec.name, { hidden: spec.hidden ?? false }).summary(spec.summary)
  command.description([`${spec.summary}.`, spec.description].filter((part) => part !== undefined).join('\n\n'))
  if (spec.argument) command.argument(spec.argument.usage, spec.argument.description)
  for (const option of spec.options) command.addOption(createOption(option))
  if (spec.examples.length > 0) command.addHelpText('after', renderExamples(spec))
  command.exitOverride().action(async (...given: unknown[]) => {
    const args = spec.argument ? [given[0]].flat().filter((one) => typeof one === 'string') : []
    await run(spec, args, command.opts())
  })
}

function createOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description)
  if (spec.choices) option.choices([...spec.choices])
  if (spec.default !== undefined) option.default(spec.default)
  if (spec.repeatable && !spec.flags.includes('...')) {
    option.argParser<readonly string[]>((value, before) => [...(before ?? []), value])
  }
  return option
}

function renderExamples(spec: CommandSpec): string {
  const widest = Math.max(...spec.examples.map((example) => example.command.length))
  const lines = spec.examples.map(({ command, explains }) => `  ${command.padEnd(widest)}  ${explains}`)
  return `\nExamples:\n${lines.join('\n')}\n`
}
