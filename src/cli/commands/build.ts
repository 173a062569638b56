import type { CommandSpec } from '../command.ts'
import { buildOptions, outputOptions, projectOptions, runJson, runOptions, selectionOptions, selectorsArgument } from '../shared-options.ts'

export const buildCommand: CommandSpec = {
  name: 'build',
  group: 'Build',
  summary: 'Build seeds and models in order, test them, write exports',
  description:
    'Each node starts as soon as what it reads is built and has passed its tests. A failure stops what is below it and nothing else. Every relation is replaced whole: a reader sees the old one or the new one.',
  argument: selectorsArgument,
  options: [...runOptions, ...buildOptions, ...selectionOptions, ...projectOptions, ...outputOptions],
  examples: [
    { command: 'sqlflow build', explains: 'the whole project' },
    { command: 'sqlflow build +turf_list', explains: 'turf_list and everything it is made from' },
    { command: 'sqlflow build tag:nightly --exclude donors+', explains: 'by tag, without donors and what reads it' },
    { command: 'sqlflow build --target prod --fail-fast --junit results.xml', explains: 'in CI' },
  ],
  json: runJson,
  run: async (io, input) => (await import('../run-action.ts')).runNodes(io, input, ['seed', 'model', 'test', 'export']),
}
