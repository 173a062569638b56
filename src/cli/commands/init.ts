import type { CommandSpec } from '../command.ts'
import { outputOptions } from '../shared-options.ts'

export const initCommand: CommandSpec = {
  name: 'init',
  group: 'Begin',
  summary: 'Make a small working project in a folder',
  description: 'Writes nothing over a file that exists: if one does, nothing is written and each is named.',
  argument: { usage: '[folder]', description: 'where (default: this folder)' },
  options: [{ flags: '--name <name>', description: "the project's name (default: the folder's)" }, ...outputOptions],
  examples: [
    { command: 'sqlflow init', explains: 'in this folder' },
    { command: 'sqlflow init field-data', explains: 'in a new one' },
  ],
  json: 'One object: `{ folder, files }`.',
  run: async (io, input) => (await import('../init-action.ts')).initProject(io, input),
}
