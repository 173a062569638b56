/** The command line as commander parses it, and its help, made from the registry of commands. What is wrong is thrown, never printed. */
import { type Argument, Command, Option } from 'commander'
import { commandGroups, commands } from './commands/index.ts'
import type { CommandGroup, CommandSpec, OptionSpec } from './command.ts'
import type { CliIo } from './io.ts'
import { describeOption, refuseOtherThan } from './option-values.ts'
import { chooseStyle, type Style } from './style.ts'
import { version } from './version.ts'

export interface CommandLineOptions {
  readonly noColor: boolean
  readonly run: (spec: CommandSpec, args: readonly string[], options: Readonly<Record<string, unknown>>) => Promise<void>
}

const widestHelp = 110

export function createCommandLine(io: CliIo, { noColor, run }: CommandLineOptions): Command {
  const style = chooseStyle({ isTerminal: io.stdout.isTerminal, noColor, env: io.env })
  const program = new Command('sqlflow')
    .description('Templated SQL models, built in order on Postgres, tested, and delivered.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .commandsGroup('Maintain:')
    .helpCommand('help [command]', 'Show what a command does, with examples')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.stdout.columns, widestHelp),
      getErrHelpWidth: () => Math.min(io.stderr.columns, widestHelp),
      getOutHasColors: () => true,
      outputError: () => {},
    })
    .configureHelp({
      styleTitle: (title) => style('bold', title),
      styleOptionTerm: (term) => style('cyan', term),
      styleSubcommandTerm: (term) => style('cyan', term),
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
      optionDescription: (option) => option.description,
    })
    .addHelpText('after', '\nBegin with `sqlflow init` in an empty folder. `sqlflow help build` shows what a command takes, with examples.')
  for (const spec of commands) addCommand(parentOf(program, spec), spec, style).action(actionOf(spec, run))
  return program
}

/** The group of a command of two words, made with its first one, so that help keeps the order of the registry. */
function parentOf(program: Command, { name }: CommandSpec): Command {
  const group = commandGroups.find((one) => name.startsWith(`${one.name} `))
  if (!group) return program
  return program.commands.find((command) => command.name() === group.name) ?? addGroup(program, group)
}

function addGroup(program: Command, { name, summary, group }: CommandGroup): Command {
  const command = program.command(name).summary(summary).description(`${summary}.`).helpGroup(`${group}:`).helpCommand(false)
  return command.addHelpOption(new Option('-h, --help', 'show help').helpGroup('Output:'))
}

function addCommand(parent: Command, spec: CommandSpec, style: Style): Command {
  const command = parent.command(spec.name.split(' ').at(-1)!, { hidden: spec.hidden ?? false }).summary(spec.summary)
  command.description([`${spec.summary}.`, spec.description].filter((part) => part !== undefined).join('\n\n'))
  if (spec.group !== undefined) command.helpGroup(`${spec.group}:`)
  for (const argument of [spec.argument, spec.secondArgument]) if (argument) command.argument(argument.usage, argument.description)
  for (const option of spec.options) command.addOption(createOption(option))
  command.addHelpOption(new Option('-h, --help', 'show help').helpGroup('Output:'))
  if (spec.examples.length > 0) command.addHelpText('after', renderExamples(spec, style))
  return command
}

/** commander keeps arguments (a list, where one may be repeated) and options in the command, which is `this`. */
function actionOf(spec: CommandSpec, run: CommandLineOptions['run']) {
  return async function (this: Command): Promise<void> {
    const args = this.processedArgs.flat().filter((one) => typeof one === 'string')
    await run(spec, args, this.opts())
  }
}

function createOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, describeOption(spec)).helpGroup(`${spec.group ?? 'Options'}:`)
  if (spec.default !== undefined) option.default(spec.default)
  if (!spec.flags.includes('<')) return option
  const isList = spec.repeatable === true || spec.flags.includes('...')
  return option.argParser((value: string, before: unknown): unknown => {
    refuseOtherThan(spec, value)
    return isList ? [...(Array.isArray(before) ? before : []), value] : value
  })
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

/** What an example does stands below it: commands are long, and help is read in narrow terminals too. */
function renderExamples({ examples }: CommandSpec, style: Style): string {
  const lines = examples.map(({ command, explains }) => `  ${style('cyan', command)}\n      ${explains}`)
  return `\n${style('bold', 'Examples:')}\n${lines.join('\n')}\n`
}
