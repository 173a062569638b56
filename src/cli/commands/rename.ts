import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions } from '../shared-options.ts'

export const renameCommand: CommandSpec = {
  name: 'rename',
  group: 'Maintain',
  summary: 'Rename a node or a macro, and all that uses it',
  description:
    'Moves the file and rewrites every use: templates, tests, exports, properties, selectors. All files change, or none; the project is loaded again, and everything is put back where it does not link as before. The next build renames the relation of a model or seed, and leaves a view under the old name until a date.',
  argument: {
    usage: '<node>',
    description: 'what to rename: a model, seed, source.table, macro, test or export; `macro:pct` where a name is that of two',
  },
  secondArgument: { usage: '<name>', description: 'its new name' },
  options: [
    { flags: '--dry-run', description: 'print what would change, line by line, and change nothing' },
    { flags: '--until <date>', description: 'last day of the view under the old name (default: in 30 days)' },
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow rename turf_list walk_list --dry-run', explains: 'every line that would change' },
    { command: 'sqlflow rename turf_list walk_list', explains: 'rename the model; the next build renames its relation' },
    { command: 'sqlflow rename van.contacts van.people', explains: "what the project calls a source's table; the table keeps its name" },
    { command: 'sqlflow rename macro:pct percent', explains: 'a macro, where a model has the name too' },
  ],
  json: 'One object: `{ kind, from, to, until?, dryRun, files: [{ file, to?, places }], notes }`; `places` counts the edits of a file.',
  run: async (io, input) => (await import('../rename-action.ts')).renameNode(io, input),
}
