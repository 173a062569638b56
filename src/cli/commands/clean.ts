import type { CommandSpec } from '../command.ts'
import { outputOptions, projectDirOption } from '../shared-options.ts'

export const cleanCommand: CommandSpec = {
  name: 'clean',
  group: 'Maintain',
  summary: 'Remove what sqlflow wrote: target/ and its cache',
  description: 'Relations in a warehouse stay. The embedded database stays too, unless --database is given.',
  options: [{ flags: '--database', description: 'also remove the embedded databases of this project' }, projectDirOption, ...outputOptions],
  examples: [
    { command: 'sqlflow clean', explains: 'compiled SQL, artifacts and cache' },
    { command: 'sqlflow clean --database', explains: 'begin again from nothing' },
  ],
  json: 'One object: `{ removed }`, the folders that are gone.',
  run: async (io, input) => (await import('../clean-action.ts')).cleanProject(io, input),
}
