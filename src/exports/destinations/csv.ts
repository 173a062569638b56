/**
 * CSV as RFC 4180 has it, with `\n` at the end of lines. NULL is `null_text`, unquoted; a text that would read as NULL, the empty one
 * too, is quoted. Truths are `true` and `false`; all else stands as Postgres prints it.
 */
import type { FileDestination } from '../../core/project.ts'
import type { Row } from '../../warehouses/warehouse.ts'
import type { ExportTable, PlannedColumn } from '../destination.ts'
import type { Encode } from '../file-destination.ts'
import { kindOfType } from '../value-types.ts'

type CsvOptions = Pick<FileDestination, 'delimiter' | 'header' | 'nullText' | 'bom' | 'neutralizeFormulas'>

export function encodeCsv(options: CsvOptions): Encode {
  return ([table]) => encode(table!, options)
}

async function* encode({ columns, rows }: ExportTable, options: CsvOptions): AsyncIterable<Uint8Array> {
  const { delimiter, header, bom, nullText } = options
  const quote = createQuote(options)
  const titles = columns.map(({ title }) => (title === '' ? '""' : quote(neutralize(title, options.neutralizeFormulas))))
  const head = `${bom ? '\uFEFF' : ''}${header ? `${titles.join(delimiter)}\n` : ''}`
  if (head !== '') yield Buffer.from(head, 'utf8')
  const writers = columns.map((column) => createWriter(column, options, quote))
  const indexes = columns.map(({ index }) => index)
  for await (const batch of rows) yield Buffer.from(encodeBatch(batch, { indexes, writers, delimiter, nullText }), 'utf8')
}

interface BatchFormat {
  readonly indexes: readonly number[]
  readonly writers: readonly ((value: string) => string)[]
  readonly delimiter: string
  readonly nullText: string
}

function encodeBatch(batch: readonly Row[], { indexes, writers, delimiter, nullText }: BatchFormat): string {
  let text = ''
  for (const row of batch) {
    for (let k = 0; k < indexes.length; k++) {
      if (k > 0) text += delimiter
      const value = row[indexes[k]!]
      text += value === null || value === undefined ? nullText : writers[k]!(value)
    }
    text += '\n'
  }
  return text
}

function createWriter({ field }: PlannedColumn, options: CsvOptions, quote: (value: string) => string): (value: string) => string {
  const kind = kindOfType(field.type)
  if (kind === 'boolean') return (value) => quote(value === 't' ? 'true' : 'false')
  if (kind !== 'text' && kind !== 'json') return quote
  return options.neutralizeFormulas ? (value) => quote(neutralize(value, true)) : quote
}

/** A spreadsheet takes a cell that begins so for a formula; an apostrophe before it makes it text. */
function neutralize(value: string, wanted: boolean): string {
  return wanted && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}

function createQuote({ delimiter, nullText }: CsvOptions): (value: string) => string {
  const special = new RegExp(`["\\r\\n${delimiter.replaceAll(/[\\\]^-]/g, String.raw`\$&`)}]|^\\uFEFF`)
  return (value) => (value === '' || value === nullText || special.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
}
