import type { CommandSpec } from '../command.ts'
import { outputOptions, projectOptions } from '../shared-options.ts'

export const sourcesPullCommand: CommandSpec = {
  name: 'sources pull',
  group: 'Maintain',
  summary: 'Write sources from what a schema holds, and update them when it changes',
  description:
    'Tables and views with their columns, types and comments go to a YAML file. The next pull shows what came, went and changed its type, and changes that alone: descriptions, tests, owners, comments and order stay as people wrote them. What is gone stays in the file as long as people wrote more of it than a type and a description.',
  argument: { usage: '<schema>', description: 'a schema of the target, as the warehouse spells it' },
  options: [
    { flags: '--table <glob>', description: 'only tables whose name in the warehouse matches', repeatable: true },
    { flags: '--name <name>', description: 'name of the source (default: the name of the schema)' },
    { flags: '--file <file>', description: 'file to write (default: the one that has the source, or models/sources/SCHEMA.yml)' },
    { flags: '--check', description: 'show what has changed, write nothing, and exit 1 if anything has' },
    ...projectOptions,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow sources pull tmc_van', explains: 'all of it, to models/sources/tmc_van.yml' },
    { command: "sqlflow sources pull tmc_van --name van --table 'tsm_*'", explains: 'some tables, as the source van' },
    { command: 'sqlflow sources pull tmc_van --check --target prod', explains: 'in CI: has anything changed?' },
  ],
  json: 'One object: `{ file, source, schema, written, changes, unreadable }`; each of `changes` has `change` (`table-added`, `table-gone`, `column-added`, `column-gone`, `column-retyped`), `table`, and where they apply `column`, `columns`, `type`, `was`, `kept`; `unreadable` are tables that this role may not read.',
  run: async (io, input) => (await import('../sources-pull-action.ts')).pullSources(io, input),
}
