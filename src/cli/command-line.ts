/** The command line as commander parses it, and its help, made from the registry of commands. What is wrong is thrown, never printed. */
import { Command, Option } from 'commander'
import { SqlflowError } from '../core/errors.ts'
import { commands } from './commands/index.ts'
import type { CommandSpec, OptionSpec } from './command.ts'
import type { CliIo } from './io.ts'
import { chooseStyle } from './style.ts'
import { version } from './version.ts'
import { alternatives } from './wording.ts'

export interface CommandLineOptions {
  readonly noColor: boolean
  readonly run: (spec: CommandSpec, args: readonly string[], options: Readonly<Record<string, unknown>>) => Promise<void>
}

/** The widest line of help. */
const widest = 110

export function createCommandLine(io: CliIo, options: CommandLineOptions): Command {
  const style = chooseStyle({ isTerminal: io.stdout.isTerminal, noColor: options.noColor, env: io.env })
  const program = new Command('sqlflow')
    .description('Templated SQL models, built in order on Postgres, tested, and delivered.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'Show what a command does, with examples')
    .helpOption('-h, --help', 'show help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.stdout.columns, widest),
      getErrHelpWidth: () => Math.min(io.stderr.columns, widest),
      getOutHasColors: () => true,
      outputError: () => {},
    })
    .configureHelp({
      styleTitle: (title) => style('bold', title),
      styleOptionTerm: (term) => style('cyan', term),
      styleSubcommandTerm: (term) => style('cyan', term),
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map((argument) => `[${argument.name()}]`)].join(' '),
    })
    .addHelpText('after', '\nBegin with `sqlflow init` in an empty folder. `sqlflow help build` shows what a command takes, with examples.')
  for (const spec of commands) addCommand(program, spec, options)
  return program.commandsGroup('Around it:')
}

function addCommand(program: Command, spec: CommandSpec, { run }: CommandLineOptions): void {
  const command = program.command(spec.name, { hidden: spec.hidden ?? false }).summary(spec.summary).helpGroup(`${spec.group}:`)
  command.description([`${spec.summary}.`, spec.description].filter((part) => part !== undefined).join('\n\n'))
  if (spec.argument) command.argument(spec.argument.usage, spec.argument.description)
  for (const option of spec.options) command.addOption(createOption(option))
  command.addHelpOption(new Option('-h, --help', 'show help').helpGroup('Output:'))
  if (spec.examples.length > 0) command.addHelpText('after', ({ command: shown }) => renderExamples(spec, shown.createHelp().styleTitle))
  command.action(async (...given: unknown[]) => {
    const args = spec.argument ? [given[0]].flat().filter((one) => typeof one === 'string') : []
    await run(spec, args, command.opts())
  })
}

function createOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, describeOption(spec)).helpGroup(`${spec.group ?? 'Options'}:`)
  if (spec.default !== undefined) option.default(spec.default)
  const adds = spec.repeatable === true
  return option.argParser((value: string, before: unknown) => {
    refuseOtherThan(spec, value)
    return adds ? [...(Array.isArray(before) ? before : []), value] : value
  })
}
