import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions } from '../shared-options.ts'

export const debugCommand: CommandSpec = {
  name: 'debug',
  group: 'Maintain',
  summary: 'Check the project, the environment and the connection',
  description:
    'Goes from the files to the warehouse stage by stage (files, environment, what AWS is asked, name or tunnel, port, TLS, login, database, schemas, sources), and stops at the first that is wrong: what it is, and what to ask whom for.',
  options: [
    {
      flags: '--exports',
      description: 'then look at each export to Google Sheets: may its spreadsheet be edited, is the tab there, how many cells are left',
    },
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow debug', explains: 'the default target' },
    { command: 'sqlflow debug --target prod', explains: 'another one' },
    { command: 'sqlflow debug --target prod --exports', explains: 'whether every export could be written, and whom to share with' },
  ],
  json: 'One stage a line: `{ stage, ok, found }`; an export that cannot be written has `code` and `hint` too.',
  run: async (io, input) => (await import('../debug-action.ts')).debugProject(io, input),
}
