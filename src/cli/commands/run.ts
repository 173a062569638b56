import type { CommandSpec } from '../command.ts'
import { buildOptions, outputOptions, projectOptions, runJson, runOptions, selectionOptions, selectorsArgument } from '../shared-options.ts'

export const runCommand: CommandSpec = {
  name: 'run',
  group: 'Build',
  summary: 'Build models alone: no seeds, tests or exports',
  argument: selectorsArgument,
  options: [...runOptions, ...buildOptions, ...selectionOptions, ...projectOptions, ...outputOptions],
  examples: [
    { command: 'sqlflow run stg_*', explains: 'all staging models, in whichever folder' },
    { command: 'sqlflow run turf_list+1', explains: 'turf_list and what reads it directly' },
  ],
  json: runJson,
  run: async (io, input) => (await import('../run-action.ts')).runNodes(io, input, ['model']),
}
