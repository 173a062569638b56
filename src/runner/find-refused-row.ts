/**
 * Which record of an INSERT the warehouse refuses, and which value of it: Redshift names neither. Parts of the batch are sent into a temporary table of the
 * same columns, each by itself, halving what may hold the culprit; they are read from the file again.
 */
import { WarehouseError, type CopyPlace } from '../core/errors.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { readRecords, type CopyRecord } from '../materializations/copy-records.ts'
import { tupleWriter } from '../materializations/insert-batches.ts'
import type { RowsLoad } from '../materializations/plan.ts'
import type { Session } from '../warehouses/warehouse.ts'

export interface RefusedRow {
  /** Without a column where the record is refused as a whole. */
  readonly place: CopyPlace
  readonly sqlState: string | undefined
}

export interface RecordRange {
  /** As COPY reads them, from the first one. */
  readonly rows: () => AsyncIterable<Uint8Array>
  readonly load: Extract<RowsLoad, { readonly by: 'insert' }>
  /** The records of the batch among them, from 0. */
  readonly from: number
  readonly to: number
}

const probe = 'sqlflow_refused_row'

/** Rolls the transaction back. Undefined where every part is taken, or no such table can be made: then the rows were not the reason. */
export async function findRefusedRow(
  session: Session,
  batch: RecordRange & { readonly dialect: Dialect },
): Promise<RefusedRow | undefined> {
  const { quoteIdentifier } = batch.dialect
  const columns = batch.load.columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(', ')
  try {
    await session.run('rollback')
    await session.run(`create temporary table ${probe} (${columns})`)
    return await probeRows(session, batch)
  } catch (error) {
    if (!(error instanceof WarehouseError)) throw error
    return undefined
  } finally {
    if (!session.broken) await session.run(`drop table if exists ${probe}`)
  }
}

async function probeRows(
  session: Session,
  { dialect, ...range }: RecordRange & { readonly dialect: Dialect },
): Promise<RefusedRow | undefined> {
  let refusal: WarehouseError | undefined
  const refuses = async (some: readonly string[]): Promise<boolean> => {
    const error = await tryToInsert(session, some)
    refusal = error ?? refusal
    return error !== undefined
  }
  const { load } = range
  const records = await readBetween(range)
  const writeTuple = tupleWriter(load.columns, dialect)
  const tuples = records.map(({ values }) => writeTuple(values))
  const at = await findFirst(tuples.length, (from, to) => refuses(tuples.slice(from, to)))
  if (at === undefined) return undefined
  const record = records[at]!
  const column = await findFirst(load.columns.length, (from, to) =>
    refuses([writeTuple(record.values.map((value, k) => (k >= from && k < to ? value : null)))]),
  )
  const name = column === undefined ? undefined : load.columns[column]?.name
  return { place: { line: record.line, record: range.from + at, ...(name !== undefined && { column: name }) }, sqlState: refusal?.sqlState }
}

export async function readBetween({ rows, load, from, to }: RecordRange): Promise<readonly CopyRecord[]> {
  const found: CopyRecord[] = []
  let at = 0
  for await (const records of readRecords(rows(), load.delimiter)) {
    for (const record of records) {
      if (at >= from && at < to) found.push(record)
      at++
    }
    if (at >= to) break
  }
  return found
}

/** The error, unless it ended the session. */
async function tryToInsert(session: Session, tuples: readonly string[]): Promise<WarehouseError | undefined> {
  try {
    await session.run(`insert into ${probe} values\n${tuples.join(',\n')}`)
    return undefined
  } catch (error) {
    if (!(error instanceof WarehouseError) || session.broken) throw error
    return error
  }
}

/** The first of `count` things for which ranges that hold it are bad; undefined where the whole is not. */
async function findFirst(count: number, isBad: (from: number, to: number) => Promise<boolean>): Promise<number | undefined> {
  if (!(await isBad(0, count))) return undefined
  let from = 0
  let to = count
  while (to - from > 1) {
    const middle = from + Math.floor((to - from) / 2)
    if (await isBad(from, middle)) to = middle
    else from = middle
  }
  return from
}
