import type { CommandSpec } from '../command.ts'
import { allowProtectedOption, outputOptions, projectOptions } from '../shared-options.ts'

export const cleanCommand: CommandSpec = {
  name: 'clean',
  group: 'Maintain',
  summary: 'Remove what sqlflow wrote, or what it built in a target',
  description:
    'Removes `target/` and the cache. Relations in a warehouse stay, and so does the embedded database, unless an option asks for more. With --orphans or --schemas the folder is left alone instead: relations that carry the stamp of this project are dropped in the schemas of the target, after asking, never with CASCADE. What others depend on is kept and named, and the exit code is 1.',
  options: [
    { flags: '--database', description: 'also remove the embedded databases of this project' },
    { flags: '--orphans', description: 'drop relations that this project built in the target and no node builds any more' },
    {
      flags: '--schemas',
      description: 'drop all that this project built in the target, then the schemas that sqlflow created and that are empty',
    },
    { flags: '-y, --yes', description: 'drop without asking' },
    allowProtectedOption,
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow clean', explains: 'compiled SQL, artifacts and cache' },
    { command: 'sqlflow clean --database', explains: 'begin again from nothing' },
    { command: 'sqlflow clean --orphans', explains: 'what renamed and deleted nodes left in the warehouse' },
    { command: 'sqlflow clean --schemas --target ci --yes', explains: 'when a pull request closes' },
  ],
  json: 'One object: `{ removed }`, the folders that are gone. With --orphans or --schemas: `{ dropped, kept, droppedSchemas, keptSchemas }`, relations as `list --orphans --json` has them.',
  run: async (io, input) => (await import('../clean-action.ts')).runClean(io, input),
}
