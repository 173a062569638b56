import type { CommandSpec } from '../command.ts'
import { buildOptions, outputOptions, projectOptions, runJson, runOptions, selectionOptions, selectorsArgument } from '../shared-options.ts'

export const seedCommand: CommandSpec = {
  name: 'seed',
  group: 'Build',
  summary: 'Load CSV files of seeds/ as tables',
  argument: selectorsArgument,
  options: [...runOptions, ...buildOptions, ...selectionOptions, ...projectOptions, ...outputOptions],
  examples: [
    { command: 'sqlflow seed', explains: 'all of them' },
    { command: 'sqlflow seed regions', explains: 'one' },
  ],
  json: runJson,
  run: async (io, input) => (await import('../run-action.ts')).runNodes(io, input, ['seed']),
}
