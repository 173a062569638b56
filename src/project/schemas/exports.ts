/** An export: `exports/*.yml`, or the front matter of `exports/*.sql`. */
import { z } from 'zod'
import { enabled, flag, nodeKeys, text, textOrList, wholeNumber } from './common.ts'

const format = text('`text`, or a number or date format as spreadsheets write them.', 'text', '$#,##0.00')
const column = z
  .union([
    z.null(),
    z.string(),
    z.strictObject({
      title: text('Header of the column.', 'Phone').exactOptional(),
      format: format.exactOptional(),
      formula: flag('Google Sheets: its texts are formulas, which the spreadsheet computes.').exactOptional(),
    }),
  ])
  .meta({ id: 'ExportColumn', description: 'A column of the export; a text alone is its title.' })

const columns = z
  .union([z.record(z.string(), column), z.array(z.union([z.string(), z.record(z.string(), column)]))])
  .meta({
    description: 'Columns in their order; those not listed are left out, unless `"*"` stands for the rest.',
    examples: [{ supporter_id: 'ID', pledge: { title: 'Pledge', format: '$#,##0.00' } }, ['supporter_id', '*']],
  })

const path = text('File to write, under the folder of the target.', 'turf.csv')
const header = flag('Whether the first line names the columns; `true` when absent.')

const csv = z
  .strictObject({
    path: path.exactOptional(),
    delimiter: z.string().length(1, 'must be one character').meta({ description: 'A comma when absent.', examples: [';'] }).exactOptional(),
    header: header.exactOptional(),
    null_text: text('What NULL is written as; nothing when absent.', 'NULL').exactOptional(),
    bom: flag('Begin with a byte order mark, so that Excel reads UTF-8.').exactOptional(),
    neutralize_formulas: flag('Prefix cells that a spreadsheet would read as a formula.').exactOptional(),
  })
  .meta({ description: 'A CSV file.', examples: [{ path: 'turf.csv' }] })

const jsonLines = z.strictObject({ path: path.exactOptional() }).meta({ description: 'One JSON object a line.', examples: [{ path: 'turf.jsonl' }] })
const jsonArray = z.strictObject({ path: path.exactOptional() }).meta({ description: 'One JSON array.', examples: [{ path: 'turf.json' }] })
const xlsx = z
  .strictObject({
    path: path.exactOptional(),
    sheet: text('Name of the sheet; that of the export when absent.', 'Turf').exactOptional(),
    header: header.exactOptional(),
  })
  .meta({ description: 'An Excel workbook.', examples: [{ path: 'turf.xlsx' }] })

const cell = z.string().regex(/^[A-Za-z]{1,3}[1-9]\d{0,6}$/, 'must be a cell such as `A1`')

const stamp = z
  .union([
    z.literal('header_note'),
    z.strictObject({
      cell: cell.meta({ description: 'A cell outside the table; a note on the first header when absent.', examples: ['H1'] }).exactOptional(),
      time: z
        .enum(['changed', 'checked'])
        .meta({ description: 'When the data changed, or also when a run found them unchanged (one more call).', examples: ['checked'] })
        .exactOptional(),
    }),
  ])
  .meta({ description: 'Shows readers how old the data are.', examples: ['header_note', { cell: 'H1' }] })

const onRemoved = z
  .union([
    z.enum(['keep', 'clear', 'delete_row']),
    z.strictObject({ mark: text('Title of a column that gets the day on which the row was missed.', 'Removed on') }),
  ])
  .meta({ description: 'upsert: what becomes of rows that the query no longer has; `keep` when absent.', examples: ['clear', { mark: 'Removed on' }] })

const googleSheets = z
  .strictObject({
    spreadsheet: text('URL or id of the spreadsheet.', 'https://docs.google.com/spreadsheets/d/1AbCdEfGh/edit', '${TURF_SHEET}'),
    tab: z
      .union([z.string().min(1, 'must name a tab'), z.number().int('must be a title or a number').min(0, 'must be a title or a number')])
      .meta({ description: 'Title of the tab, or its number (`gid` in the URL); the name of the export when absent.', examples: ['Turf', 0] })
      .exactOptional(),
    start: cell.meta({ description: 'First cell of the table; `A1` when absent.', examples: ['B3'] }).exactOptional(),
    header: flag('Whether the first row names the columns; `true` when absent.').exactOptional(),
    mode: z
      .enum(['replace', 'append', 'upsert', 'snapshot'])
      .meta({ description: 'How rows meet those that are there; `replace` when absent.', examples: ['upsert'] })
      .exactOptional(),
    key: textOrList('Columns whose values name a row; upsert needs them.', 'person_id', ['county', 'precinct']).exactOptional(),
    on_removed: onRemoved.exactOptional(),
    on_new_columns: z
      .enum(['refuse', 'insert'])
      .meta({ description: 'replace: where cells of others stand beside the table and it gets wider; `refuse` when absent.', examples: ['insert'] })
      .exactOptional(),
    null_text: text('What NULL is written as; an empty cell when absent.', 'n/a').exactOptional(),
    big_numbers: z
      .enum(['text', 'number', 'error'])
      .meta({ description: 'Numbers of more than 15 digits, which a spreadsheet rounds; `text` when absent.', examples: ['error'] })
      .exactOptional(),
    long_text: z
      .enum(['error', 'truncate'])
      .meta({ description: 'Texts of more than 50,000 characters; `error` when absent.', examples: ['truncate'] })
      .exactOptional(),
    time_zone: text('Time zone of timestamps; that of the spreadsheet when absent.', 'America/New_York').exactOptional(),
    keep: wholeNumber(1, 190).meta({ description: 'snapshot: how many dated tabs are kept; all when absent.', examples: [8] }).exactOptional(),
    stamp: stamp.exactOptional(),
  })
  .meta({ description: 'A tab of a Google Sheets spreadsheet.', examples: [{ spreadsheet: '${TURF_SHEET}', tab: 'Turf' }] })

const destination = z
  .strictObject({
    csv: csv.exactOptional(),
    jsonl: jsonLines.exactOptional(),
    json: jsonArray.exactOptional(),
    xlsx: xlsx.exactOptional(),
    google_sheets: googleSheets.exactOptional(),
  })
  .meta({ description: 'Where the rows go: exactly one destination.', examples: [{ csv: { path: 'turf.csv' } }] })

const guards = z
  .strictObject({
    min_rows: wholeNumber(0).meta({ description: 'Fewer rows are an error.', examples: [50] }).exactOptional(),
    max_shrink: z
      .string()
      .regex(/^\s*\d+(?:\.\d+)?\s*%\s*$/, 'must be a share such as `30%`')
      .meta({ description: 'A greater loss of rows since the last time is an error.', examples: ['30%'] })
      .exactOptional(),
    required_tests: textOrList('Data tests that must have passed in the same run.', 'no_opted_out_person_is_contacted').exactOptional(),
  })
  .meta({ description: 'What must hold before anything is written.', examples: [{ min_rows: 50, max_shrink: '30%' }] })

export const exportSchema = z
  .strictObject({
    ...nodeKeys,
    enabled: enabled.exactOptional(),
    from: text('What is read: a model, a seed, or `source.table`.', 'turf_list').exactOptional(),
    query: text('A SELECT to read instead. A template.', "select * from {{ref 'turf_list'}}").exactOptional(),
    for_each: text(
      'A SELECT, each row of which is a part of the export: the rows with the same value in its first column. A template.',
      "select region_name, sheet from {{ref 'regions'}}",
    ).exactOptional(),
    order_by: textOrList('Columns to sort by; `desc` may follow.', ['last_name', 'first_name desc']).exactOptional(),
    columns: columns.exactOptional(),
    to: destination.exactOptional(),
    guards: guards.exactOptional(),
  })
  .meta({ title: 'An export', description: 'A file of `exports/`: what is read, and where the rows go.' })
export type ExportConfig = z.infer<typeof exportSchema>
