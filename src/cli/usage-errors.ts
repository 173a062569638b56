/** What commander refuses, in the words and the form of every other failure. */
import type { CommanderError } from 'commander'
import { SqlflowError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { commandGroups, commands, commandWords, findCommand } from './commands/index.ts'
import type { CommandSpec } from './command.ts'
import { longName, optionNames } from './option-values.ts'

/** What users of other tools type, and what it is here. */
const otherNames: Readonly<Record<string, string>> = {
  ls: 'list',
  parse: 'list',
  preview: 'show',
  new: 'init',
  create: 'init',
  docs: 'graph',
}

const shown = commands.filter((spec) => spec.hidden !== true)

export function toUsageError(error: CommanderError, argv: readonly string[]): SqlflowError {
  const name = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  switch (error.code) {
    case 'commander.unknownCommand':
      return unknownCommand(name, commandGroups.find((group) => group.name === argv[0])?.name)
    case 'commander.unknownOption':
      return unknownOption(name, argv)
    case 'commander.optionMissingArgument':
      return usageError(`\`${longName(name)}\` needs a value: \`${name}\`.`)
    case 'commander.missingArgument':
      return missingArgument(argv)
    case 'commander.excessArguments':
      return otherArguments(argv)
    default:
      return usageError(sentence(error.message), 'Run `sqlflow --help` for what there is.')
  }
}

/** `group`: the word that it stands behind. */
export function unknownCommand(name: string, group?: string): SqlflowError {
  if (group !== undefined) {
    const words = commandWords(group)
    return usageError(
      `\`sqlflow ${group}\` has no command \`${name}\`.`,
      didYouMean(name, words) ?? `It has ${words.map((word) => `\`${word}\``).join(', ')}.`,
    )
  }
  const meant = otherNames[name]
  const nearest = meant === undefined ? didYouMean(name, ['help', ...commandWords()]) : `That is \`sqlflow ${meant}\` here.`
  return usageError(
    `There is no command \`${name}\`.`,
    [nearest, '`sqlflow --help` lists them.'].filter((part) => part !== undefined).join(' '),
  )
}

function unknownOption(flag: string, argv: readonly string[]): SqlflowError {
  const spec = commandOf(argv)
  if (!spec || argv.indexOf(flag) < argv.indexOf(spec.name)) return unknownOptionOfAll(flag, spec)
  const nearest = didYouMean(flag, ['--help', '-h', ...spec.options.flatMap(optionNames)])
  const list = `\`sqlflow help ${spec.name}\` lists them.`
  return usageError(`\`sqlflow ${spec.name}\` has no option \`${flag}\`.`, nearest === undefined ? list : `${nearest} ${list}`)
}

/** Before any command, or before `given`. */
function unknownOptionOfAll(flag: string, given: CommandSpec | undefined): SqlflowError {
  const owner = [...(given ? [given] : []), ...shown].find((spec) => spec.options.flatMap(optionNames).includes(flag))
  const hint = owner
    ? `Options follow the command: \`sqlflow ${owner.name} ${flag}\`.`
    : [didYouMean(flag, ['--help', '-h', '--version', '-V']), '`sqlflow --help` lists the commands.']
        .filter((part) => part !== undefined)
        .join(' ')
  return usageError(`There is no option \`${flag}\` before a command.`, hint)
}

function missingArgument(argv: readonly string[]): SqlflowError {
  const spec = commandOf(argv)
  if (spec?.secondArgument) return otherArguments(argv)
  const about = spec?.argument ? `${spec.argument.usage}, ${spec.argument.description}` : 'an argument'
  return usageError(`\`sqlflow ${spec?.name ?? ''}\` needs ${about}.`, `\`sqlflow help ${spec?.name ?? ''}\` shows what it takes.`)
}

function otherArguments(argv: readonly string[]): SqlflowError {
  const spec = commandOf(argv)
  const [first, second] = [spec?.argument?.usage, spec?.secondArgument?.usage]
  const takes =
    first === undefined
      ? 'takes no arguments'
      : second === undefined
        ? `takes one argument, \`${first}\``
        : `takes two arguments, \`${first}\` and \`${second}\``
  return usageError(`\`sqlflow ${spec?.name ?? ''}\` ${takes}.`, `\`sqlflow help ${spec?.name ?? ''}\` shows what it takes.`)
}

function commandOf(argv: readonly string[]): CommandSpec | undefined {
  return findCommand(argv.filter((one) => !one.startsWith('-')))?.spec
}

function sentence(message: string): string {
  const text = message.replace(/^error: /, '')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}

function usageError(message: string, hint?: string): SqlflowError {
  return new SqlflowError('bad-usage', message, { hint })
}
