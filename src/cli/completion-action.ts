/**
 * Completion in a shell: the script asks `sqlflow __complete` at each Tab, so that what it offers (commands, options, names of nodes, targets)
 * is always that of this version and this project. A project that does not load completes nothing, silently.
 */
import { basename } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { commandWords, findCommand } from './commands/index.ts'
import type { CommandInput, CommandSpec, OptionSpec, Options } from './command.ts'
import { completionScripts } from './completion-scripts.ts'
import type { CliIo, ExitCode } from './io.ts'
import { longName, optionNames } from './option-values.ts'

export function printCompletionScript(io: CliIo, input: CommandInput): ExitCode {
  const shell = input.args[0] ?? basename(io.env['SHELL'] ?? 'bash')
  const script = completionScripts[shell]
  if (script === undefined) {
    const known = Object.keys(completionScripts)
    throw new SqlflowError('bad-usage', `There is no completion for \`${shell}\`.`, {
      hint: didYouMean(shell, known) ?? `There is one for ${known.join(', ')}.`,
    })
  }
  io.stdout.write(script)
  return 0
}

/** Prints what may stand in place of the last of `words`, a line each. */
export async function completeWords(io: CliIo, words: readonly string[]): Promise<ExitCode> {
  const { before, current, joined } = lastWord(words)
  const offers = await offersFor(io, before, current)
  for (const offer of offers) if (offer.startsWith(current) && offer !== current) io.stdout.write(`${joined}${offer}\n`)
  return 0
}

interface LastWord {
  readonly before: readonly string[]
  readonly current: string
  /** What stands before `current` in one word with it: `--target=`. */
  readonly joined: string
}

function lastWord(words: readonly string[]): LastWord {
  const before = words.slice(0, -1)
  const current = words.at(-1) ?? ''
  const [joined, option] = /^(--[\w-]+)=/.exec(current) ?? []
  if (joined === undefined || option === undefined) return { before, current, joined: '' }
  return { before: [...before, option], current: current.slice(joined.length), joined }
}

async function offersFor(io: CliIo, before: readonly string[], current: string): Promise<readonly string[]> {
  const [first, second] = before
  if (first === undefined) return [...commandWords(), 'help', '--help', '--version']
  if (first === 'help') return second === undefined ? commandWords() : before.length === 2 ? commandWords(second) : []
  const spec = findCommand(before)?.spec
  if (!spec) return before.length === 1 ? commandWords(first) : []
  if (spec.name === 'completion') return before.length === 1 ? Object.keys(completionScripts) : []
  const option = spec.options.find((one) => one.flags.includes('<') && optionNames(one).includes(before.at(-1) ?? ''))
  if (option?.choices) return option.choices
  if (current.startsWith('-')) return [...spec.options.flatMap(optionNames), '--help']
  if (option) return offersOfOption(io, before, spec, option, current)
  const takesOne = spec.secondArgument !== undefined && before.slice(1).some((word) => !word.startsWith('-'))
  return /selectors|node/.test(spec.argument?.usage ?? '') && !takesOne ? offersOfNodes(io, before, spec, current) : []
}

/** Values of an option that the project knows; none where a file or a number is asked for. */
async function offersOfOption(
  io: CliIo,
  before: readonly string[],
  spec: CommandSpec,
  option: OptionSpec,
  current: string,
): Promise<readonly string[]> {
  switch (longName(option.flags)) {
    case '--select':
    case '--exclude':
      return offersOfNodes(io, before, spec, current)
    case '--selector':
      return (await openQuietly(io, before, spec))?.project.selectors.map((selector) => selector.name) ?? []
    case '--target':
    case '--with':
      return (await openQuietly(io, before, spec))?.project.targetNames ?? []
    case '--var':
      return Object.keys((await openQuietly(io, before, spec))?.project.vars ?? {}).map((name) => `${name}=`)
    default:
      return []
  }
}

async function offersOfNodes(io: CliIo, before: readonly string[], spec: CommandSpec, current: string): Promise<readonly string[]> {
  const opened = await openQuietly(io, before, spec)
  if (!opened) return []
  const prefix = /^(@|\d*\+)?/.exec(current)?.[0] ?? ''
  const nodes = [...opened.linked.graph.nodes.values()]
  const names = nodes.filter((node) => node.kind !== 'test' || spec.name === 'test').map((node) => node.name)
  const tags = new Set(opened.project.models.flatMap((model) => model.tags))
  return [...names.map((name) => prefix + name), ...[...tags].map((tag) => `${prefix}tag:${tag}`)]
}

async function openQuietly(io: CliIo, before: readonly string[], spec: CommandSpec) {
  const { openProject } = await import('./open-project.ts')
  const silent: CliIo = { ...io, stdout: { ...io.stdout, write: () => {} }, stderr: { ...io.stderr, write: () => {} } }
  try {
    return await openProject(silent, { command: spec.name, args: [], options: folderOf(before) })
  } catch {
    return undefined
  }
}

/** The folder of the project, where the line names one. */
function folderOf(before: readonly string[]): Options {
  const at = before.indexOf('--project-dir')
  return at === -1 ? {} : { projectDir: before[at + 1] }
}
