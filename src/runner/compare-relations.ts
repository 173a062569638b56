/** Compares two relations of one database: reads alone, in one snapshot, so that what is compared stood beside each other at one moment. */
import { SqlflowError, WarehouseError } from '../core/errors.ts'
import { relationLabel, type RelationName } from '../core/relation.ts'
import {
  compareColumns,
  countSql,
  differenceSampleSql,
  differenceSql,
  keyedSampleSql,
  keyedSql,
  repeatedKeysSql,
  valueColumns,
  type ColumnsCompared,
  type ComparedRelations,
} from '../data-tests/compare-sql.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { ComparableColumn } from '../warehouses/catalog-reader.ts'
import type { Row, Session } from '../warehouses/warehouse.ts'

export interface CompareRequest {
  readonly here: RelationName
  readonly there: RelationName
  /** Empty: rows are compared as a whole. */
  readonly key: readonly string[]
  readonly excluded: ReadonlySet<string>
  readonly dialect: Dialect
}

export interface Comparison {
  readonly equal: boolean
  readonly columns: Omit<ColumnsCompared, 'both'> & { readonly compared: readonly string[]; readonly asText: readonly string[] }
  readonly rows: { readonly here: number; readonly there: number; readonly onlyHere: number; readonly onlyThere: number }
  readonly keys?: KeyComparison
  /** Some of the rows that differ, as text. Never logged or kept. */
  readonly sample?: ComparisonSample
  readonly notes: readonly string[]
}

export interface KeyComparison {
  readonly columns: readonly string[]
  readonly onlyHere: number
  readonly onlyThere: number
  readonly differing: number
  readonly byColumn: readonly { readonly name: string; readonly rows: number }[]
}

/** `whole`: a row with how many more of it are here than there. `keyed`: the values of a key, and each column that differs. */
export type ComparisonSample =
  | {
      readonly kind: 'whole'
      readonly columns: readonly string[]
      readonly rows: readonly { readonly values: Row; readonly more: number }[]
    }
  | {
      readonly kind: 'keyed'
      readonly key: readonly string[]
      readonly rows: readonly { readonly key: Row; readonly differences: readonly ValueDifference[] }[]
    }

export interface ValueDifference {
  readonly column: string
  readonly here: string | null
  readonly there: string | null
}

const mostShown = 5

/** Throws SqlflowError `cannot-compare` (exit 2) where a relation is missing or may not be read. */
export async function compareRelations(session: Session, request: CompareRequest): Promise<Comparison> {
  await session.run('begin transaction isolation level repeatable read read only')
  try {
    return await compare(session, request)
  } catch (error) {
    if (!(error instanceof WarehouseError) || error.sqlState === '57014') throw error
    throw cannotCompare(error.message, error.hint, error)
  } finally {
    if (!session.broken) await session.run('rollback')
  }
}

async function compare(session: Session, request: CompareRequest): Promise<Comparison> {
  const { here, there, dialect } = request
  const excluded = new Set([...request.excluded].map(dialect.storedName))
  const [ofHere, ofThere] = [await readColumns(session, here), await readColumns(session, there)]
  for (const name of excluded) {
    if (![...ofHere, ...ofThere].some((column) => column.name === name)) throw noSuchColumn(name)
  }
  const { both, ...columns } = compareColumns(ofHere, ofThere, excluded)
  const compared: ComparedRelations = { here, there, columns: both, dialect }
  const [counts] = (await session.query(countSql(compared))).rows
  const [onlyHere, onlyThere] = both.length === 0 ? [0, 0] : numbers((await session.query(differenceSql(compared))).rows[0])
  const notes = both.length === 0 ? ['They have no column in common, so rows were only counted.'] : []
  const keyed = await compareByKey(session, compared, request, notes)
  const rows = { here: Number(counts![0]), there: Number(counts![1]), onlyHere: onlyHere!, onlyThere: onlyThere! }
  const isSame = columns.onlyHere.length + columns.onlyThere.length + columns.otherTypes.length === 0
  const equal = isSame && rows.here === rows.there && rows.onlyHere + rows.onlyThere === 0
  const differs = rows.onlyHere + rows.onlyThere > 0
  const sample = keyed?.sample ?? (differs && (keyed?.keys.differing ?? 0) === 0 ? await sampleWhole(session, compared) : undefined)
  return {
    equal,
    columns: { ...columns, compared: both.map(({ name }) => name), asText: both.flatMap(({ name, by }) => (by === 'text' ? [name] : [])) },
    rows,
    ...(keyed && { keys: keyed.keys }),
    ...(sample && { sample }),
    notes,
  }
}

/** Undefined, with a note, where a key names no one row. */
async function compareByKey(
  session: Session,
  compared: ComparedRelations,
  { key: written, here, there, dialect }: CompareRequest,
  notes: string[],
): Promise<{ readonly keys: KeyComparison; readonly sample?: ComparisonSample } | undefined> {
  if (written.length === 0) return undefined
  const key = written.map(dialect.storedName)
  const names = compared.columns.map(({ name }) => name)
  const keys = key.map((name) => names.indexOf(name))
  const missing = key.filter((name) => !names.includes(name))
  if (missing.length > 0) {
    notes.push(`Rows were not compared by key: the two do not both have ${missing.join(', ')}.`)
    return undefined
  }
  const repeated = numbers((await session.query(repeatedKeysSql(compared, keys))).rows[0])
  const [where, count] = repeated[0]! > 0 ? [here, repeated[0]] : [there, repeated[1]]
  if (count! > 0) {
    notes.push(`Rows were not compared by key: ${key.join(', ')} repeats in ${relationLabel(where)} (${count} of its values).`)
    return undefined
  }
  const [onlyHere, onlyThere, differing, ...each] = numbers((await session.query(keyedSql(compared, keys))).rows[0])
  const others = valueColumns(compared, keys)
  const byColumn = others.flatMap((column, index) => (each[index]! > 0 ? [{ name: names[column]!, rows: each[index]! }] : []))
  const sample = differing! > 0 ? await sampleKeyed(session, compared, keys) : undefined
  return { keys: { columns: key, onlyHere: onlyHere!, onlyThere: onlyThere!, differing: differing!, byColumn }, ...(sample && { sample }) }
}

async function sampleWhole(session: Session, compared: ComparedRelations): Promise<ComparisonSample> {
  const { rows } = await session.query(differenceSampleSql(compared, mostShown))
  return {
    kind: 'whole',
    columns: compared.columns.map(({ name }) => name),
    rows: rows.map((row) => ({ values: row.slice(0, -1), more: Number(row.at(-1)) })),
  }
}

async function sampleKeyed(session: Session, compared: ComparedRelations, keys: readonly number[]): Promise<ComparisonSample> {
  const { rows } = await session.query(keyedSampleSql(compared, keys, mostShown))
  const others = valueColumns(compared, keys)
  const name = (index: number): string => compared.columns[index]!.name
  const differences = (row: Row): readonly ValueDifference[] =>
    others.flatMap((column, index) => {
      const [here, there] = [row[keys.length + 2 * index] ?? null, row[keys.length + 2 * index + 1] ?? null]
      return here === there ? [] : [{ column: name(column), here, there }]
    })
  return {
    kind: 'keyed',
    key: keys.map(name),
    rows: rows.map((row) => ({ key: row.slice(0, keys.length), differences: differences(row) })),
  }
}

function numbers(row: Row | undefined): readonly number[] {
  return (row ?? []).map(Number)
}

async function readColumns({ catalog }: Session, relation: RelationName): Promise<readonly ComparableColumn[]> {
  const columns = await catalog.comparable(relation)
  if (columns !== undefined) return columns
  throw cannotCompare(`There is no relation ${relationLabel(relation)} in this database.`, 'Build it first, or correct the name.')
}

function noSuchColumn(name: string): SqlflowError {
  return new SqlflowError('bad-usage', `\`--exclude-columns\` names \`${name}\`, a column that neither of the two has.`)
}

function cannotCompare(message: string, hint: string | undefined, cause?: unknown): SqlflowError {
  return new SqlflowError('cannot-compare', message, { hint, cause, exitCode: 2 })
}
