/**
 * Completion in a shell: the script asks `sqlflow __complete` at each Tab, so that what it offers (commands, options, names of nodes, targets)
 * is always that of this version and this project. A project that does not load completes nothing, silently.
 */
import { basename } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { commands } from './commands/index.ts'
import type { CommandInput, CommandSpec, OptionSpec } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'

const scripts: Readonly<Record<string, string>> = {
  bash: `_sqlflow() {
  local IFS=$'\\n'
  COMPREPLY=($(sqlflow __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  compopt -o nosort 2>/dev/null
}
complete -o default -F _sqlflow sqlflow
`,
  zsh: `#compdef sqlflow
_sqlflow() {
  local -a offers
  offers=(\${(f)"$(sqlflow __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#offers} )); then compadd -Q -- \${offers}; else _files; fi
}
compdef _sqlflow sqlflow
`,
  fish: `function __sqlflow_complete
  set -l words (commandline -opc) (commandline -ct)
  sqlflow __complete -- $words[2..-1] 2>/dev/null
end
complete -c sqlflow -f -a '(__sqlflow_complete)'
`,
}

export function printCompletionScript(io: CliIo, input: CommandInput): ExitCode {
  const shell = input.args[0] ?? basename(io.env['SHELL'] ?? 'bash')
  const script = scripts[shell]
  if (script === undefined)
    throw new SqlflowError('bad-usage', `There is no completion for \`${shell}\`.`, { hint: 'Known are bash, zsh and fish.' })
  io.stdout.write(script)
  return 0
}

export async function completeWords(io: CliIo, words: readonly string[]): Promise<ExitCode> {
  const current = words.at(-1) ?? ''
  const offers = await offersFor(io, words.slice(0, -1), current)
  for (const offer of offers) if (offer.startsWith(current) && offer !== current) io.stdout.write(`${offer}\n`)
  return 0
}

async function offersFor(io: CliIo, before: readonly string[], current: string): Promise<readonly string[]> {
  const spec = commands.find((command) => command.name === before.find((word) => !word.startsWith('-')))
  if (!spec) return [...commands.filter((command) => command.hidden !== true).map((command) => command.name), 'help', '--help', '--version']
  if (spec.name === 'completion') return Object.keys(scripts)
  if (current.startsWith('-')) return [...spec.options.flatMap(namesOf), '--help']
  const option = spec.options.find((one) => namesOf(one).includes(before.at(-1) ?? ''))
  if (option?.choices) return option.choices
  if (option && !/select|exclude/.test(option.flags) && option.flags.includes('<')) return offersOfProject(io, spec, option, current)
  return spec.argument?.usage.includes('folder') ? [] : offersOfProject(io, spec, undefined, current)
}

function namesOf(option: OptionSpec): readonly string[] {
  return option.flags.split(/[ ,]+/).filter((word) => word.startsWith('-'))
}

async function offersOfProject(io: CliIo, spec: CommandSpec, option: OptionSpec | undefined, current: string): Promise<readonly string[]> {
  const { openProject } = await import('./open-project.ts')
  const silent: CliIo = { ...io, stdout: { ...io.stdout, write: () => {} }, stderr: { ...io.stderr, write: () => {} } }
  try {
    const { project, linked } = await openProject(silent, { command: spec.name, args: [], options: {} })
    if (option) return offersOfOption(option, Object.keys(project.vars), project.targetNames)
    const prefix = /^(@|\d*\+)?/.exec(current)?.[0] ?? ''
    const names = [...linked.graph.nodes.values()].filter((node) => node.kind !== 'test' || spec.name === 'test').map((node) => node.name)
    const tags = new Set(project.models.flatMap((model) => model.tags))
    return [...names.map((name) => prefix + name), ...[...tags].map((tag) => `${prefix}tag:${tag}`)]
  } catch {
    return []
  }
}

function offersOfOption(option: OptionSpec, vars: readonly string[], targets: readonly string[]): readonly string[] {
  if (option.flags.includes('--target')) return targets
  if (option.flags.includes('--var ')) return vars.map((name) => `${name}=`)
  return []
}
