import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions } from '../shared-options.ts'

export const debugCommand: CommandSpec = {
  name: 'debug',
  group: 'Maintain',
  summary: 'Check the project, the environment and the connection',
  description: 'Goes from the files to the warehouse, and stops at the first thing that is wrong, with what to do about it.',
  options: [...projectOptions, ...outputOptions],
  examples: [
    { command: 'sqlflow debug', explains: 'the default target' },
    { command: 'sqlflow debug --target prod', explains: 'another one' },
  ],
  json: 'One check a line: `{ check, found }`.',
  run: async (io, input) => (await import('../debug-action.ts')).debugProject(io, input),
}
