import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions, runJson, runOptions, selectionOptions, selectorsArgument } from '../shared-options.ts'

export const exportCommand: CommandSpec = {
  name: 'export',
  group: 'Build',
  summary: 'Write exports, after the tests of what they read',
  description:
    'Builds nothing. A target whose `exports:` is not `live` writes previews under target/<target>/exports/. Exports that share a spreadsheet are written together or not at all.',
  argument: selectorsArgument,
  options: [
    { flags: '--plan', description: 'say what would change in each sheet, row by row, and write nothing' },
    { flags: '--no-tests', description: 'do not run the tests of what is read first' },
    { flags: '--force', description: 'write also what did not change, and append once more what this run has appended' },
    { flags: '--adopt <name>', description: 'let this export take over, once, the cells of others where it writes', repeatable: true },
    ...runOptions,
    ...selectionOptions,
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow export', explains: 'all of them' },
    { command: 'sqlflow export turf_by_region', explains: 'one, tests of turf_list first' },
    { command: 'sqlflow export turf_by_region --plan', explains: 'rows added, changed and removed, before anybody sees them' },
    { command: 'sqlflow export turf_by_region --adopt turf_by_region', explains: 'onto a tab that holds data already' },
  ],
  json: runJson,
  run: async (io, input) => (await import('../run-action.ts')).runExports(io, input),
}
