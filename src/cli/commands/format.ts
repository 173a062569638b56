import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions } from '../shared-options.ts'

export const formatCommand: CommandSpec = {
  name: 'format',
  group: 'Maintain',
  summary: 'Lay out the SQL of models, macros, tests and exports',
  description:
    'Tags stay as they are, and lines of block tags stay where they stand; front matter, comments and the case of letters are kept. What would not be the same SQL afterwards is left alone, and named.',
  argument: {
    usage: '[selectors...]',
    description: 'files, folders or selectors; `-` for stdin to stdout; every .sql file of the project when left out',
  },
  options: [
    { flags: '--check', description: 'change nothing; list the files that would change, and exit 1 if there are any' },
    { flags: '--stdout', description: 'print the one file that is named instead of writing it' },
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow format', explains: 'every .sql file of the project' },
    { command: 'sqlflow format models/marts tag:nightly', explains: 'a folder, and what a selector selects' },
    { command: 'sqlflow format --check', explains: 'for CI: exit 1 where a file is not laid out' },
    { command: 'sqlflow format - < models/turf_list.sql', explains: 'for an editor' },
  ],
  json: 'One object: `{ changed, unchanged, left: [{ file, reason }] }`: files that were changed (with `--check`, that would be), how many are laid out already, and those left alone.',
  run: async (io, input) => (await import('../format-action.ts')).formatFiles(io, input),
}
