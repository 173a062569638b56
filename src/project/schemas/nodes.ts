/** Models, seeds and sources. */
import { z } from 'zod'
import { enabled, grants, indexes, nodeKeys, text, textOrList, wholeNumber } from './common.ts'
import { designKeys } from './design.ts'
import { columns, tests } from './tests.ts'

export const materialized = z.enum(['view', 'table', 'materialized_view', 'ephemeral']).meta({
  description: 'How the model is kept: a view, a table, a materialized view, or only as a part of the queries that read it. `view` when absent.',
  examples: ['table'],
})

export const swap = z.enum(['rename', 'in_place']).meta({
  description:
    'How a table that is there gets its new rows: the new table takes its name (`rename`, when absent), or they are deleted and inserted in one transaction (`in_place`), for readers in REPEATABLE READ transactions.',
  examples: ['in_place'],
})

const schemaName = text('Schema of the relation; the target decides what it becomes (`schema_pattern`).', 'staging')

const formerName = z.strictObject({
  name: text('Name that it had.', 'supporters_by_turf'),
  until: z
    .string()
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'must be a date, such as 2026-12-31')
    .meta({ description: 'Last day of the view under the old name.', examples: ['2026-12-31'] }),
})

const renamedFrom = z.union([formerName, z.array(formerName)]).meta({
  description: 'A former name: the next build renames the relation instead of building it anew, and leaves a view under the old name until a date. `sqlflow rename` writes it.',
  examples: [{ name: 'supporters_by_turf', until: '2026-12-31' }],
})

const buildableKeys = {
  ...nodeKeys,
  enabled: enabled.exactOptional(),
  schema: schemaName.exactOptional(),
  alias: text('Name of the relation, where it is not the name of the file.', 'supporters').exactOptional(),
  columns: columns.exactOptional(),
  tests: tests.exactOptional(),
  grants: grants.exactOptional(),
  indexes: indexes.exactOptional(),
  primary_key: textOrList('Columns of the primary key.', 'supporter_id', ['county', 'precinct']).exactOptional(),
  renamed_from: renamedFrom.exactOptional(),
  swap: swap.exactOptional(),
  ...designKeys,
}

export const modelSchema = z
  .strictObject({ materialized: materialized.exactOptional(), ...buildableKeys })
  .meta({ title: 'A model', description: 'Front matter of `models/**/*.sql`.' })
export type ModelConfig = z.infer<typeof modelSchema>

export const seedSchema = z
  .strictObject({
    delimiter: z
      .string()
      .length(1, 'must be one character')
      .meta({ description: 'What separates the fields; a comma when absent (a tab in `.tsv`).', examples: [';'] })
      .exactOptional(),
    null_values: textOrList('Fields that are NULL where they are not quoted. The empty one always is.', ['NA', 'null']).exactOptional(),
    ...buildableKeys,
  })
  .meta({ title: 'A seed', description: 'What a YAML file beside it says of a CSV file.' })
export type SeedConfig = z.infer<typeof seedSchema>

const googleSheet = z
  .strictObject({
    spreadsheet: text('URL or id of the spreadsheet.', 'https://docs.google.com/spreadsheets/d/1AbCdEfGh/edit', '${CAPTAINS_SHEET}'),
    tab: z
      .union([z.string().min(1, 'must name a tab'), z.number().int('must be a title or a number').min(0, 'must be a title or a number')])
      .meta({ description: 'Title of the tab, or its number (`gid` in the URL); the first one when absent.', examples: ['Captains', 0] })
      .exactOptional(),
    header_row: wholeNumber(1, 1000)
      .meta({ description: 'Row that names the columns; what stands above it is left out. 1 when absent.', examples: [3] })
      .exactOptional(),
    columns: z
      .record(z.string().min(1, 'must name a column'), z.string().min(1, 'must be a header'))
      .refine((columns) => Object.keys(columns).length > 0, 'must name a column')
      .meta({ description: 'The columns that are taken, each with its header in the sheet; all of them when absent.', examples: [{ precinct: 'Precinct #' }] })
      .exactOptional(),
  })
  .meta({ description: 'A tab of a Google Sheet, which is loaded as this table.', examples: [{ spreadsheet: '${CAPTAINS_SHEET}', tab: 'Captains' }] })

const sourceTableSchema = z
  .union([
    z.null(),
    z.strictObject({
      ...nodeKeys,
      enabled: enabled.exactOptional(),
      relation: text('Name of the table in the warehouse, where it is another.', 'tsm_tmc_contacts_sf').exactOptional(),
      sample: text('A CSV that stands in where the target has no such table.', 'seeds/samples/contacts.csv').exactOptional(),
      google_sheet: googleSheet.exactOptional(),
      columns: columns.exactOptional(),
      tests: tests.exactOptional(),
    }),
  ])
  .meta({ id: 'SourceTable', description: 'A table of a source.' })

export const sourceSchema = z
  .strictObject({
    ...nodeKeys,
    enabled: enabled.exactOptional(),
    schema: text('Schema in the warehouse; the name of the source when absent.', 'tmc_van').exactOptional(),
    database: text('Redshift: database of the cluster, where it is another than that of the target.', 'archive').exactOptional(),
    tables: z
      .record(z.string(), sourceTableSchema)
      .meta({ description: 'Tables by name.', examples: [{ contacts: { columns: { contact_id: { tests: ['unique'] } } } }] }),
  })
  .meta({ title: 'A source', description: 'Tables that someone else owns.' })
export type SourceConfig = z.infer<typeof sourceSchema>
