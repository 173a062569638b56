/** Options that several commands share, so that they read the same everywhere. */
import type { ArgumentSpec, OptionGroup, OptionSpec } from './command.ts'

export const selectorsArgument: ArgumentSpec = {
  usage: '[selectors...]',
  description: 'what to select: names, tag:nightly, path:models/marts, +model, model+ (docs/selectors.md); everything when left out',
}

export const selectionOptions = inGroup('Selection', [
  { flags: '-s, --select <selector...>', description: 'select nodes; the same as selectors without a flag', repeatable: true },
  { flags: '-x, --exclude <selector...>', description: 'leave these out of what is selected', repeatable: true },
  { flags: '--selector <name>', description: 'select what a named selector of sqlflow.yml selects' },
  {
    flags: '--indirect-selection <mode>',
    description: 'which tests come along with selected nodes',
    choices: ['eager', 'cautious', 'buildable', 'empty'],
    default: 'eager',
  },
  { flags: '--fail-on-empty', description: 'exit 2 when a selector matches nothing' },
])

/** For every command that looks for a project, and needs no more of it than its folder. */
export const projectDirOption: OptionSpec = {
  flags: '--project-dir <dir>',
  description: 'folder of sqlflow.yml (default: SQLFLOW_PROJECT_DIR, or the nearest above)',
  group: 'Project',
}

/** For every command that reads a project. */
export const projectOptions: readonly OptionSpec[] = [
  ...inGroup('Project', [
    { flags: '-t, --target <name>', description: 'target of sqlflow.yml to use (default: SQLFLOW_TARGET, or its default_target)' },
    { flags: '--var <name=value>', description: 'set a variable of the project', repeatable: true },
    { flags: '--vars <file|json>', description: 'set variables from JSON: the name of a file, or the text itself' },
  ]),
  projectDirOption,
]

/** For every command. */
export const outputOptions = inGroup('Output', [
  { flags: '--json', description: 'print JSON instead of text' },
  { flags: '-q, --quiet', description: 'print results and failures alone' },
  { flags: '--no-color', description: 'print without colours (NO_COLOR does the same)' },
])

/** For every command that writes to a target. */
export const allowProtectedOption: OptionSpec = {
  flags: '--allow-protected',
  description: 'write to a protected target from elsewhere than CI or a clean commit of the default branch',
}

/** For commands that run nodes. */
export const runOptions = inGroup('Run', [
  { flags: '--threads <count>', description: 'nodes that may run at once (default: SQLFLOW_THREADS, or what the target says)' },
  {
    flags: '-f, --full-refresh',
    description: 'build from nothing what would otherwise be added to or written in place (`swap: in_place`)',
  },
  { flags: '--fail-fast', description: 'start nothing more after the first failure' },
  { flags: '--no-wait', description: 'refuse, instead of waiting, while another run works on a relation' },
  { ...allowProtectedOption },
  {
    flags: '--run-id <id>',
    description:
      'what exports know this run by: with one id, rows are appended once (default: SQLFLOW_RUN_ID, the run of GitHub Actions, or a new one)',
  },
  { flags: '--junit <file>', description: 'write the results as JUnit XML' },
])

/** For commands that build relations. */
export const buildOptions = inGroup('Run', [
  {
    flags: '--adopt <name>',
    description: 'let this node take over, once, the relation of its name that this project did not build',
    repeatable: true,
  },
  {
    flags: '--drop-dependents <name>',
    description: 'a view, materialized view or function (schema.name) that may be dropped where it keeps a relation from being replaced',
    repeatable: true,
  },
])

/** What `--json` of these commands prints. */
export const runJson = 'One event a line, from `run-started` to `run-finished`; [artifacts.md](artifacts.md) has their shapes.'

function inGroup(group: OptionGroup, options: readonly OptionSpec[]): readonly OptionSpec[] {
  return options.map((option) => Object.assign(option, { group }))
}
