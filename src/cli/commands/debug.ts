import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions } from '../shared-options.ts'

export const debugCommand: CommandSpec = {
  name: 'debug',
  group: 'Maintain',
  summary: 'Check the project, the environment and the connection',
  description:
    'Goes from the files to the warehouse stage by stage (files, environment, name, port, TLS, login, database, schemas, sources), and stops at the first that is wrong: what it is, and what to ask whom for.',
  options: [...projectOptions, ...outputOptions],
  examples: [
    { command: 'sqlflow debug', explains: 'the default target' },
    { command: 'sqlflow debug --target prod', explains: 'another one' },
  ],
  json: 'One stage a line: `{ stage, ok, found }`.',
  run: async (io, input) => (await import('../debug-action.ts')).debugProject(io, input),
}
