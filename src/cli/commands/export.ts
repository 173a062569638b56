import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions, runJson, runOptions, selectionOptions, selectorsArgument } from '../shared-options.ts'

export const exportCommand: CommandSpec = {
  name: 'export',
  group: 'Build',
  summary: 'Write exports, after the tests of what they read',
  description: 'Builds nothing. A target whose `exports:` is not `live` writes previews under target/<target>/exports/.',
  argument: selectorsArgument,
  options: [
    { flags: '--no-tests', description: 'do not run the tests of what is read first' },
    ...runOptions,
    ...selectionOptions,
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow export', explains: 'all of them' },
    { command: 'sqlflow export turf_by_region', explains: 'one, tests of turf_list first' },
  ],
  json: runJson,
  run: async (io, input) => (await import('../run-action.ts')).runExports(io, input),
}
