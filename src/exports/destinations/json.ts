/**
 * Rows as JSON objects: one a line (`jsonl`), or one array (`json`). Values keep their type and every digit: numbers stand as Postgres
 * prints them, save whole ones beyond 2^53, which readers would round and which are strings. NaN and infinities, for which JSON has no
 * word, are null. Dates and times are ISO 8601; `bytea` is hex.
 */
import type { Row } from '../../warehouses/warehouse.ts'
import type { ExportTable } from '../destination.ts'
import type { Encode } from '../file-destination.ts'
import { kindOfType, type ValueKind } from '../value-types.ts'

export const encodeJsonLines: Encode = ([table]) => encodeLines(table!)

export const encodeJsonArray: Encode = ([table]) => encodeArray(table!)

async function* encodeLines({ columns, rows }: ExportTable): AsyncIterable<Uint8Array> {
  const encodeRow = createRowEncoder(columns)
  for await (const batch of rows) {
    let text = ''
    for (const row of batch) text += `${encodeRow(row)}\n`
    yield Buffer.from(text, 'utf8')
  }
}

async function* encodeArray({ columns, rows }: ExportTable): AsyncIterable<Uint8Array> {
  const encodeRow = createRowEncoder(columns)
  let separator = '[\n'
  for await (const batch of rows) {
    let text = ''
    for (const row of batch) {
      text += `${separator}${encodeRow(row)}`
      separator = ',\n'
    }
    yield Buffer.from(text, 'utf8')
  }
  yield Buffer.from(separator === '[\n' ? '[]\n' : '\n]\n', 'utf8')
}

function createRowEncoder(columns: ExportTable['columns']): (row: Row) => string {
  const parts = columns.map(({ index, field, title }, k) => ({
    index,
    key: `${k === 0 ? '' : ','}${JSON.stringify(title)}:`,
    write: writers[kindOfType(field.type)],
  }))
  return (row) => {
    let text = '{'
    for (const { index, key, write } of parts) {
      const value = row[index]
      text += key + (value === null || value === undefined ? 'null' : write(value))
    }
    return `${text}}`
  }
}

const writers: Readonly<Record<ValueKind, (value: string) => string>> = {
  integer: whole,
  decimal: (value) => (/^-?\d+$/.test(value) ? whole(value) : finite(value)),
  float: finite,
  boolean: (value) => (value === 't' ? 'true' : 'false'),
  date: (value) => JSON.stringify(value),
  timestamp: (value) => JSON.stringify(value.replace(' ', 'T')),
  timestamptz: (value) => JSON.stringify(value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')),
  json: (value) => value.replaceAll(/[\r\n]+/g, ' '), // line breaks of JSON stand between values, never inside a string
  bytea: (value) => JSON.stringify(value.replace(/^\\x/, '')),
  text: (value) => JSON.stringify(value),
}

function whole(value: string): string {
  return value.length < 16 || Number.isSafeInteger(Number(value)) ? value : `"${value}"`
}

function finite(value: string): string {
  return /^-?\d/.test(value) ? value : 'null'
}
