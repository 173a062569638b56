/** An export: `exports/*.yml`, or the front matter of `exports/*.sql`. */
import { z } from 'zod'
import { enabled, flag, nodeKeys, text, textOrList, wholeNumber } from './common.ts'

const format = text('`text`, or a number or date format as spreadsheets write them.', 'text', '$#,##0.00')
const column = z
  .union([z.null(), z.string(), z.strictObject({ title: text('Header of the column.', 'Phone').exactOptional(), format: format.exactOptional() })])
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

const destination = z
  .strictObject({ csv: csv.exactOptional(), jsonl: jsonLines.exactOptional(), json: jsonArray.exactOptional(), xlsx: xlsx.exactOptional() })
  .meta({ description: 'Where the rows go: exactly one destination.', examples: [{ csv: { path: 'turf.csv' } }] })

const guards = z
  .strictObject({
    min_rows: wholeNumber(0).meta({ description: 'Fewer rows are an error.', examples: [50] }).exactOptional(),
    max_shrink: z
      .string()
      .regex(/^\s*\d+(?:\.\d+)?\s*%\s*$/, 'must be a share such as `30%`')
      .meta({ description: 'A greater loss of rows since the last time is an error.', examples: ['30%'] })
      .exactOptional(),
  })
  .meta({ description: 'What must hold before anything is written.', examples: [{ min_rows: 50, max_shrink: '30%' }] })

export const exportSchema = z
  .strictObject({
    ...nodeKeys,
    enabled: enabled.exactOptional(),
    from: text('What is read: a model, a seed, or `source.table`.', 'turf_list').exactOptional(),
    query: text('A SELECT to read instead. A template.', "select * from {{ref 'turf_list'}}").exactOptional(),
    order_by: textOrList('Columns to sort by; `desc` may follow.', ['last_name', 'first_name desc']).exactOptional(),
    columns: columns.exactOptional(),
    to: destination.exactOptional(),
    guards: guards.exactOptional(),
  })
  .meta({ title: 'An export', description: 'A file of `exports/`: what is read, and where the rows go.' })
export type ExportConfig = z.infer<typeof exportSchema>
