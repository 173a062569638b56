import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions, selectionOptions, selectorsArgument } from '../shared-options.ts'

export const compileCommand: CommandSpec = {
  name: 'compile',
  group: 'Inspect',
  summary: 'Print the SQL of a model, or write that of many',
  description: 'One model by name: its SQL on stdout. Otherwise files under target/<target>/compiled/. Nothing is connected to.',
  argument: selectorsArgument,
  options: [
    { flags: '--format', description: 'lay out the SQL that is printed (sql-formatter)' },
    ...selectionOptions,
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow compile turf_list', explains: 'what the warehouse would be sent' },
    { command: 'sqlflow compile turf_list --format --var cycle=2028', explains: 'laid out, with another variable' },
    { command: 'sqlflow compile', explains: 'everything, into target/<target>/compiled/' },
  ],
  json: 'Of one node, `{ node, hash, sql }`; of several, `{ compiled, folder, ms }`, `compiled` being how many files were written for.',
  run: async (io, input) => (await import('../compile-action.ts')).compileNodes(io, input),
}
