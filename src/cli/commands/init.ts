import type { CommandSpec } from '../command.ts'
import { outputOptions } from '../shared-options.ts'

export const initCommand: CommandSpec = {
  name: 'init',
  group: 'Begin',
  summary: 'Make a small working project in a folder',
  description:
    'Overwrites nothing: a README.md, .gitignore or .vscode that is there stays (.gitignore gets the lines that it lacks), and any other file that is in the way is named, and nothing written.',
  argument: { usage: '[folder]', description: 'where (default: this folder)' },
  options: [{ flags: '--name <name>', description: "the project's name (default: the folder's)" }, ...outputOptions],
  examples: [
    { command: 'sqlflow init', explains: 'in this folder' },
    { command: 'sqlflow init field-data', explains: 'in a new one' },
  ],
  json: 'One object: `{ folder, files, extended, kept }`.',
  run: async (io, input) => (await import('../init-action.ts')).initProject(io, input),
}
