/** Answers to the habits of people who come from dbt, and to what comes in a later version: the spelling here. Pure. */

const keyAnswers: Readonly<Record<string, string>> = {
  config: 'Settings stand directly here, without `config:`: write `materialized: table`.',
  data_tests: 'Data tests stand under `tests:`.',
  version: 'No version is needed: remove the line.',
  name: 'The name is that of the file, or the key above; `alias` renames the relation.',
  database: 'A target has one database; name it in `targets:` of sqlflow.yml.',
  unique_key: 'Incremental models come in a later version.',
  incremental_strategy: 'Incremental models come in a later version.',
  on_schema_change: 'Incremental models come in a later version.',
  full_refresh: 'Pass `--full-refresh` on the command line.',
  dist_style: 'The key is `dist`: `auto`, `even`, `all`, or a column.',
  diststyle: 'The key is `dist`: `auto`, `even`, `all`, or a column.',
  distkey: 'The key is `dist`: write `dist: supporter_id`.',
  dist_key: 'The key is `dist`: write `dist: supporter_id`.',
  sort_type: 'Write `sort: { interleaved: [county, party] }`; a list alone is compound.',
  sortstyle: 'Write `sort: { interleaved: [county, party] }`; a list alone is compound.',
  sortkey: 'The key is `sort`: write `sort: [county, precinct]`.',
  sort_key: 'The key is `sort`: write `sort: [county, precinct]`.',
  interleaved: 'Write `sort: { interleaved: [county, party] }`.',
  encoding: 'The key is `encode`.',
  compression: 'The key is `encode`.',
  unit_tests: 'Unit tests come in a later version.',
  snapshots: 'Snapshots come in a later version.',
  jobs: 'Jobs come in a later version.',
  gsheet: 'The key is `google_sheets`.',
  sheets: 'The key is `google_sheets`.',
  persist_docs: 'Descriptions are always kept as comments: remove the line.',
  '<<': 'YAML 1.2 has no merge keys: say what the two share in `folders:`, or repeat a whole value with `*name`.',
  docs: 'Descriptions are always kept as comments: remove the line.',
  depends_on: 'Dependencies are found from `{{ref}}` and `{{source}}`: remove the line.',
  pre_hook: 'There are no hooks; `grants:` and `indexes:` cover their common uses.',
  post_hook: 'There are no hooks; `grants:` and `indexes:` cover their common uses.',
  column_types: 'Types stand under `columns:`: `county: { type: text }`.',
  data_type: 'The key is `type`.',
  identifier: 'The key is `relation`.',
  macros: 'A macro is described in its own front matter.',
  exposures: 'An export is a file of `exports/`.',
  profile: 'Connections stand under `targets:`.',
  outputs: 'Connections stand under `targets:`.',
  target: 'The key is `default_target`.',
  dbname: 'The key is `database`.',
  username: 'The key is `user`.',
  pass: 'The key is `password`.',
  sslmode: 'The key is `ssl`.',
  method: 'Logging in by temporary credentials of AWS is `iam: { cluster: ..., region: ... }`.',
  cluster_id: 'The cluster stands under `iam:`, as `cluster`.',
  iam_profile: 'The profile stands under `iam:`, as `profile`.',
  db_groups: 'Groups stand under `iam:`, as `database_groups`.',
  autocreate: 'Users are made by whoever runs the cluster: remove the line.',
  ra3_node: 'Nothing has to be said of the nodes: remove the line.',
  models: 'Defaults by folder stand under `folders:`; one model is described in its own file.',
  seeds: 'Defaults by folder stand under `folders:`.',
  dispatch: 'A macro for one dialect is a file `name.redshift.sql` beside it.',
  transient: 'Postgres has no transient tables: remove the line.',
}

/** What to write instead of an unknown key. */
export function answerToKey(key: string): string | undefined {
  if (key.startsWith('+')) return `Write \`${key.slice(1)}\`, without \`+\`.`
  if (key.endsWith('-paths')) return 'The folders of a project have fixed names: models, seeds, macros, tests, exports.'
  const name = key.replaceAll('-', '_')
  return Object.hasOwn(keyAnswers, name) ? keyAnswers[name] : undefined
}

const valueAnswers: Readonly<Record<string, string>> = {
  incremental: 'Incremental models come in a later version.',
  snapshot: 'Snapshots come in a later version.',
  int: 'Write `integer`.',
  bigint: 'Write `integer`.',
  float: 'Write `number`.',
  numeric: 'Write `number`.',
  text: 'Write `string`.',
  str: 'Write `string`.',
  bool: 'Write `boolean`.',
  array: 'Write `list`.',
}

/** What to write instead of a value that is none of those known. */
export function answerToValue(value: string): string | undefined {
  return Object.hasOwn(valueAnswers, value) ? valueAnswers[value] : undefined
}
