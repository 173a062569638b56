import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions, runJson, runOptions, selectionOptions, selectorsArgument } from '../shared-options.ts'

export const testCommand: CommandSpec = {
  name: 'test',
  group: 'Build',
  summary: 'Run data tests on what is built',
  description: 'Shows up to five failing rows of each test, sensitive columns masked. The examples of macros are compiled too.',
  argument: selectorsArgument,
  options: [...runOptions, ...selectionOptions, ...projectOptions, ...outputOptions],
  examples: [
    { command: 'sqlflow test stg_supporters', explains: 'the tests of one model' },
    { command: 'sqlflow test test_name:unique', explains: 'all tests of a kind' },
    { command: 'sqlflow test test_type:singular', explains: 'those of tests/*.sql' },
  ],
  json: runJson,
  run: async (io, input) => (await import('../run-action.ts')).runNodes(io, input, ['test']),
}
