import type { CommandSpec } from '../command.ts'
import { outputOptions } from '../shared-options.ts'

export const initCommand: CommandSpec = {
  name: 'init',
  group: 'Begin',
  summary: 'Make a small working project in a folder',
  description:
    'Overwrites nothing: a README.md, .gitignore or .vscode that is there stays (.gitignore gets the lines that it lacks), and any other file that is in the way is named, and nothing written.',
  argument: { usage: '[folder]', description: 'where (default: this folder)' },
  options: [
    {
      flags: '--warehouse <type>',
      description: 'where the data is: nowhere yet (pglite, the embedded Postgres), or on a server; asked for in a terminal',
      choices: ['pglite', 'postgres', 'redshift'],
    },
    { flags: '--no-connect', description: 'do not try the connection that DATABASE_URL gives' },
    { flags: '--name <name>', description: "the project's name (default: the folder's)" },
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow init', explains: 'in this folder' },
    { command: 'sqlflow init field-data', explains: 'in a new one' },
    { command: 'sqlflow init --warehouse postgres', explains: 'for a team on a Postgres server, whose address is in DATABASE_URL' },
    { command: 'sqlflow init --warehouse redshift', explains: 'for a team on Redshift; asks whether IAM logs in' },
  ],
  json: 'One object: `{ folder, files, extended, kept }`.',
  run: async (io, input) => (await import('../init-action.ts')).initProject(io, input),
}
