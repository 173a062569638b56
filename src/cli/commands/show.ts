import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions } from '../shared-options.ts'

export const showCommand: CommandSpec = {
  name: 'show',
  group: 'Inspect',
  summary: 'Print the first rows of a node, or of a query',
  description: "Runs a model's SQL as it stands in its file, over relations that are built; builds nothing. Sensitive columns are masked.",
  argument: { usage: '[node]', description: 'a model, seed, source or export' },
  options: [
    { flags: '--inline <sql>', description: 'a template to run instead' },
    { flags: '-l, --limit <rows>', description: 'most rows to print', default: '20' },
    { flags: '--format <format>', description: 'how to print them', choices: ['table', 'csv', 'json'], default: 'table' },
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow show turf_list --limit 5', explains: 'five rows as a table' },
    {
      command: 'sqlflow show --inline "select state, count(*) from {{ref \'stg_supporters\'}} group by 1"',
      explains: 'a question, in the language of the project',
    },
    { command: 'sqlflow show turf_list --format csv > turf.csv', explains: 'for a spreadsheet' },
  ],
  json: 'One row a line: an object by column, values as text or null.',
  run: async (io, input) => (await import('../show-action.ts')).showRows(io, input),
}
