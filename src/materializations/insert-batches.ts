/**
 * Records as the VALUES of INSERTs, for a warehouse that has no COPY. Each value is written so that it means what COPY would make of its text: as a number
 * where it is a plain one, else as a string that is cast. A statement is bounded in rows and bytes, so that memory is, and so is what the server parses at once.
 */
import type { Dialect } from '../dialects/dialect.ts'
import type { CopyRecord } from './copy-records.ts'

export interface InsertColumn {
  readonly name: string
  readonly type: string
}

export interface BatchLimits {
  readonly rows: number
  /** Of UTF-8. A record that is larger has a batch of its own. */
  readonly bytes: number
}

/** Measured by `npm run bench -- seed-by-insert`: larger ones take more memory. The server parses each as a whole, and its log of statements keeps it. */
const batchLimits: BatchLimits = { rows: 5000, bytes: 1_048_576 }

/** What Redshift takes as one statement. */
export const mostStatementBytes = 16_000_000
/** SQLSTATE of a statement that is larger. */
export const tooLarge = '54000'

export interface InsertBatch {
  readonly sql: string
  /** Of UTF-8. */
  readonly bytes: number
  readonly rows: number
}

export interface InsertOptions {
  /** `insert into supporters (id, name) values` */
  readonly head: string
  readonly columns: readonly InsertColumn[]
  readonly dialect: Dialect
  readonly limits?: BatchLimits
}

/**
 * Collected as bytes, in memory that is used again, and made a string once: strings that live as long as a batch would pile up until the next full
 * collection of garbage.
 */
export async function* insertBatches(
  pieces: AsyncIterable<Iterable<CopyRecord>>,
  { head, columns, dialect, limits = batchLimits }: InsertOptions,
): AsyncGenerator<InsertBatch, void> {
  const tupleOf = tupleWriter(columns, dialect)
  let memory = Buffer.allocUnsafeSlow(limits.bytes)
  const begin = (): number => memory.write(`${head}\n`)
  let bytes = begin()
  let rows = 0
  const take = (): InsertBatch => {
    const length = bytes - separator.length
    const batch = { sql: memory.toString('utf8', 0, length), bytes: length, rows }
    rows = 0
    bytes = begin()
    return batch
  }
  for await (const records of pieces) {
    for (const { values } of records) {
      const tuple = tupleOf(values) + separator
      const size = Buffer.byteLength(tuple)
      if (rows > 0 && (rows >= limits.rows || bytes + size > limits.bytes)) yield take()
      if (bytes + size > memory.length) {
        memory = Buffer.allocUnsafeSlow(bytes + size)
        begin()
      }
      memory.write(tuple, bytes)
      rows++
      bytes += size
    }
  }
  if (rows > 0) yield take()
}

const separator = ',\n'

export function tupleWriter(columns: readonly InsertColumn[], dialect: Dialect): (values: readonly (string | null)[]) => string {
  const writers = columns.map(({ type }) => literalWriter(type, dialect))
  return (values) => `(${writers.map((write, k) => writeValue(write, values[k])).join(',')})`
}

function writeValue(write: (value: string) => string, value: string | null | undefined): string {
  return value === null || value === undefined ? 'null' : write(value)
}

const whole = /^-?\d{1,18}$/
const plain = /^-?\d+(?:\.\d+)?$/

/** A number with a fraction is none for a column of integers: written as one it would be rounded. */
const plainNumbers: Readonly<Record<string, RegExp>> = {
  smallint: whole,
  integer: whole,
  bigint: whole,
  numeric: plain,
  real: plain,
  'double precision': plain,
}

const truths: ReadonlyMap<string, string> = new Map([
  ...['true', 't', 'yes', 'y', 'on', '1'].map((word) => [word, 'true'] as const),
  ...['false', 'f', 'no', 'n', 'off', '0'].map((word) => [word, 'false'] as const),
])

function literalWriter(type: string, dialect: Dialect): (value: string) => string {
  const base = dialect
    .typeName(type)
    .replace(/\(.*\)/, '')
    .trim()
  if (base === 'character varying' || base === 'character') return dialect.quoteLiteral // a cast would cut what is too long
  if (base === 'super') return (value) => `json_parse(${dialect.quoteLiteral(value)})`
  const cast = (value: string): string => `${dialect.quoteLiteral(value)}::${type}`
  if (base === 'boolean') return (value) => truths.get(value.toLowerCase()) ?? cast(value)
  const number = plainNumbers[base]
  return number === undefined ? cast : (value) => (number.test(value) ? value : cast(value))
}
