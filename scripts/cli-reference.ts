/** The reference of the command line as Markdown, made from the specs that the command line itself is made from. */
import type { CommandSpec, OptionGroup, OptionSpec } from '../src/cli/command.ts'
import { commands } from '../src/cli/commands/index.ts'
import { describeOption } from '../src/cli/option-values.ts'
import { outputOptions, projectOptions, runOptions, selectionOptions, selectorsArgument } from '../src/cli/shared-options.ts'

const shown = commands.filter((spec) => spec.hidden !== true)

const head = `<!-- Written by scripts/write-cli-reference.ts from src/cli/commands: change it there. -->
# Command line

\`\`\`
sqlflow <command> [selectors] [options]
\`\`\`

\`sqlflow --help\` lists the commands, \`sqlflow help COMMAND\` shows one with examples, \`sqlflow --version\` prints the version.
`

const around = `## Exit codes

| code | means |
|---|---|
| 0 | all is well; warnings count as well |
| 1 | something that was built, tested or exported failed |
| 2 | wrong usage, a mistake of the project, or a warehouse that cannot be reached: nothing was built |
| 130 | stopped by Ctrl-C or a signal, after what ran was cancelled in the server |

## Streams and colours

Results go to stdout, progress and warnings to stderr. A reader that stops early (\`sqlflow list | head\`) is no failure. Colours and live progress are
for terminals alone; \`--no-color\` and \`NO_COLOR\` turn colours off, \`FORCE_COLOR=1\` turns them on through a pipe.

## JSON

With \`--json\` a command prints nothing but JSON on stdout, an object a line unless said otherwise. Each command below says which. A command that cannot
do its work prints what is wrong there too:

- a mistake of the project: \`{ type: "diagnostic", severity, code, message, at?: { file, start, end, line, column }, hint?, related?: [{ message, at }] }\`;
  \`start\` and \`end\` are UTF-16 offsets into the file, \`line\` and \`column\` count from 1
- any other failure: \`{ type: "error", code, message, hint?, sqlState?, place?: { file, line, column, frame } }\`

Codes are those of [errors.md](errors.md). Warnings are \`diagnostic\` objects on stderr.

## Environment

| variable | for |
|---|---|
| \`SQLFLOW_PROJECT_DIR\` | \`--project-dir\` |
| \`SQLFLOW_TARGET\` | \`--target\` |
| \`SQLFLOW_THREADS\` | \`--threads\` |
| \`NO_COLOR\`, \`FORCE_COLOR\` | colours |
| \`GITHUB_ACTIONS\` | \`true\`: failures become annotations of the pull request |

An option wins over its variable, and a variable over \`sqlflow.yml\`. What a project itself reads is declared in it: \`sqlflow env\` lists that.
`

export function renderCliReference(): string {
  return [head, renderContents(), ...shared.map(renderShared), around, ...shown.map(renderCommand)].join('\n')
}

function renderContents(): string {
  const rows = shown.map((spec) => `| [\`${spec.name}\`](#sqlflow-${spec.name.replaceAll(' ', '-')}) | ${spec.summary} |`)
  return `| command | what it does |\n|---|---|\n${rows.join('\n')}\n`
}

interface Shared {
  readonly group: OptionGroup
  readonly title: string
  readonly about: string
  readonly options: readonly OptionSpec[]
}

const shared: readonly Shared[] = [
  {
    group: 'Selection',
    title: 'Selection options',
    about: `\`${selectorsArgument.usage}\`: ${selectorsArgument.description.replace('docs/selectors.md', '[selectors.md](selectors.md)')}.`,
    options: selectionOptions,
  },
  { group: 'Run', title: 'Run options', about: 'For commands that run nodes.', options: runOptions },
  { group: 'Project', title: 'Project options', about: 'For commands that read a project.', options: projectOptions },
  { group: 'Output', title: 'Output options', about: 'For all commands.', options: outputOptions },
]

function renderShared({ title, about, options }: Shared): string {
  return `## ${title}\n\n${about}\n\n${renderOptions(options)}`
}

function renderCommand(spec: CommandSpec): string {
  const { name, summary, description, argument, secondArgument, options, json } = spec
  const parts = [
    `## sqlflow ${name}`,
    `\`sqlflow ${[name, argument?.usage, secondArgument?.usage, options.length > 0 && '[options]'].filter((part) => typeof part === 'string').join(' ')}\``,
    prose(`${summary}.${description === undefined ? '' : ` ${description}`}`),
    argument && argument !== selectorsArgument && `\`${argument.usage}\`: ${argument.description}.`,
    secondArgument && `\`${secondArgument.usage}\`: ${secondArgument.description}.`,
    renderOwnOptions(options),
    json !== undefined && `**\`--json\`**: ${json}`,
    `\`\`\`sh\n${renderExamples(spec)}\n\`\`\``,
  ]
  return `${parts.filter((part) => typeof part === 'string' && part !== '').join('\n\n')}\n`
}

function renderExamples({ examples }: CommandSpec): string {
  const widest = Math.max(...examples.map(({ command }) => command.length))
  return examples.map(({ command, explains }) => `${command.padEnd(Math.min(widest, 70))}   # ${explains}`).join('\n')
}

/** Options of its own in a table; of those that it shares with others, the names of the groups that it takes whole. */
function renderOwnOptions(options: readonly OptionSpec[]): string {
  const groups = shared.filter((group) => group.options.every((option) => options.includes(option)))
  const own = options.filter((option) => !groups.some(({ group }) => group === option.group))
  const links = groups.map(({ title }) => `[${title.toLowerCase()}](#${title.toLowerCase().replaceAll(' ', '-')})`)
  const also = links.length === 0 ? '' : `${own.length > 0 ? 'Also' : 'Takes'} ${links.join(', ')}.`
  return [own.length > 0 && renderOptions(own).trimEnd(), also].filter((part) => typeof part === 'string' && part !== '').join('\n\n')
}

/** `<target>` in running text would be read as HTML. */
function prose(text: string): string {
  return text.replaceAll('<', String.raw`\<`)
}

function renderOptions(options: readonly OptionSpec[]): string {
  const rows = options.map((option) => `| \`${option.flags.replaceAll('|', '\\|')}\` | ${prose(describeOption(option))} |`)
  return `| option | what it does |\n|---|---|\n${rows.join('\n')}\n`
}
