import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions } from '../shared-options.ts'

export const compareCommand: CommandSpec = {
  name: 'compare',
  group: 'Inspect',
  summary: 'Compare what a model built with another target, or another relation',
  description:
    'Columns, counts, rows that stand only here or only there (duplicates count), and rows by key where there is one. Reads alone, in one snapshot. Exit code 0: equal; 1: different; 2: they cannot be compared.',
  argument: { usage: '[node]', description: 'a model, seed or source' },
  options: [
    { flags: '--with <target|relation>', description: 'another target on the same database, or a relation as schema.name' },
    { flags: '--key <columns>', description: 'columns that name a row, with commas between (default: the primary_key of the model)' },
    { flags: '--exclude-columns <columns>', description: 'leave these columns out, with commas between' },
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow compare turf_list --with prod', explains: 'what this branch would change in production' },
    { command: 'sqlflow compare turf_list --with archive.turf_list_2024 --key person_id', explains: 'against any relation, row by row' },
    { command: 'sqlflow compare turf_list --with prod --exclude-columns built_at', explains: 'but for a column that always differs' },
  ],
  json: 'One object: `{ equal, here: { target, relation }, there: { target?, relation }, columns: { onlyHere, onlyThere, otherTypes, compared, asText }, rows: { here, there, onlyHere, onlyThere }, keys?: { columns, onlyHere, onlyThere, differing, byColumn }, sample?, notes }`. `sample` holds at most five rows that differ, sensitive columns masked.',
  run: async (io, input) => (await import('../compare-action.ts')).compareNode(io, input),
}
