/**
 * Which record of an INSERT the warehouse refuses, and which value of it: Redshift names neither. Parts of the batch are sent into a temporary table of the
 * same columns, each by itself, halving what may hold the culprit.
 */
import { WarehouseError } from '../core/errors.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { type InsertBatch, type InsertColumn, tupleWriter } from '../materializations/insert-batches.ts'
import type { Session } from '../warehouses/warehouse.ts'

export interface RefusedRow {
  readonly line: number
  /** Undefined where the record is refused as a whole. */
  readonly column: string | undefined
  readonly sqlState: string | undefined
}

const probe = 'sqlflow_refused_row'

/** Rolls the transaction back. Undefined where every part is taken, or no such table can be made: then the rows were not the reason. */
export async function findRefusedRow(
  session: Session,
  { records, tuples }: InsertBatch,
  columns: readonly InsertColumn[],
  dialect: Dialect,
): Promise<RefusedRow | undefined> {
  const defined = columns.map(({ name, type }) => `${dialect.quoteIdentifier(name)} ${type}`).join(', ')
  try {
    await session.run('rollback')
    await session.run(`create temporary table ${probe} (${defined})`)
    let refusal: WarehouseError | undefined
    const refuses = async (rows: readonly string[]): Promise<boolean> => {
      const error = await tryToInsert(session, rows)
      refusal = error ?? refusal
      return error !== undefined
    }
    const at = await findFirst(tuples.length, (from, to) => refuses(tuples.slice(from, to)))
    const record = at === undefined ? undefined : records[at]
    if (record === undefined) return undefined
    const writeTuple = tupleWriter(columns, dialect)
    const column = await findFirst(columns.length, (from, to) =>
      refuses([writeTuple(record.values.map((value, k) => (k >= from && k < to ? value : null)))]),
    )
    return { line: record.line, column: column === undefined ? undefined : columns[column]?.name, sqlState: refusal?.sqlState }
  } catch (error) {
    if (!(error instanceof WarehouseError)) throw error
    return undefined
  } finally {
    if (!session.broken) await session.run(`drop table if exists ${probe}`)
  }
}

/** The error, unless it is none of the rows. */
async function tryToInsert(session: Session, rows: readonly string[]): Promise<WarehouseError | undefined> {
  try {
    await session.run(`insert into ${probe} values\n${rows.join(',\n')}`)
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
