/**
 * Two relations compared, as SQL: which columns both have and how their values are made equal or not, rows as bags (duplicates count), and rows by
 * key. One pass over each relation for each question. Pure.
 */
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'

export interface ComparableColumn {
  readonly name: string
  /** As `format_type` spells it. */
  readonly type: string
  /** Identity of the type, whatever its length or precision. */
  readonly typeId: string
  /** Values of it can be compared by `=`. */
  readonly hasEquality: boolean
  readonly isNumber: boolean
  readonly isCollatable: boolean
}

export interface ColumnPair {
  readonly name: string
  readonly here: ComparableColumn
  readonly there: ComparableColumn
  readonly by: 'value' | 'number' | 'text'
}

export interface ColumnsCompared {
  readonly onlyHere: readonly string[]
  readonly onlyThere: readonly string[]
  readonly otherTypes: readonly { readonly name: string; readonly here: string; readonly there: string }[]
  readonly both: readonly ColumnPair[]
}

/** Columns by name; their order does not count. */
export function compareColumns(
  here: readonly ComparableColumn[],
  there: readonly ComparableColumn[],
  excluded: ReadonlySet<string>,
): ColumnsCompared {
  const counted = (columns: readonly ComparableColumn[]): readonly ComparableColumn[] => columns.filter(({ name }) => !excluded.has(name))
  const other = new Map(counted(there).map((column) => [column.name, column]))
  const own = new Set(counted(here).map(({ name }) => name))
  const both = counted(here).flatMap((column): readonly ColumnPair[] => {
    const match = other.get(column.name)
    return match ? [{ name: column.name, here: column, there: match, by: waysToCompare(column, match) }] : []
  })
  return {
    onlyHere: counted(here).flatMap(({ name }) => (other.has(name) ? [] : [name])),
    onlyThere: counted(there).flatMap(({ name }) => (own.has(name) ? [] : [name])),
    otherTypes: both.flatMap((pair) =>
      pair.here.type === pair.there.type ? [] : [{ name: pair.name, here: pair.here.type, there: pair.there.type }],
    ),
    both,
  }
}

function waysToCompare(here: ComparableColumn, there: ComparableColumn): ColumnPair['by'] {
  if (!here.hasEquality || !there.hasEquality) return 'text'
  if (here.typeId === there.typeId) return 'value'
  return here.isNumber && there.isNumber ? 'number' : 'text'
}

export interface ComparedRelations {
  readonly here: RelationName
  readonly there: RelationName
  readonly columns: readonly ColumnPair[]
  readonly dialect: Dialect
}

/** Rows here, rows there. */
export function countSql({ here, there, dialect }: ComparedRelations): string {
  return `select (select count(*) from ${dialect.relation(here)}), (select count(*) from ${dialect.relation(there)})`
}

/** How many rows are only here, and only there: EXCEPT ALL both ways, in one pass. */
export function differenceSql(compared: ComparedRelations): string {
  return `${differing(compared)}
select coalesce(sum(rows) filter (where rows > 0), 0), coalesce(-sum(rows) filter (where rows < 0), 0) from differing`
}

/** Some of them: the columns, then by how many more rows it stands here (there, where negative). */
export function differenceSampleSql(compared: ComparedRelations, limit: number): string {
  const names = compared.columns.map((_, index) => `c${index}`).join(', ')
  return `${differing(compared)}\nselect ${names}, rows from differing order by ${names} limit ${limit}`
}

function differing({ here, there, columns, dialect }: ComparedRelations): string {
  const side = (relation: RelationName, rows: string): string =>
    `select ${columnsOf(columns, dialect)}, ${rows} as rows from ${dialect.relation(relation)}`
  const names = columns.map((_, index) => `c${index}`).join(', ')
  return `with both_sides as (
${side(here, '1')}
union all
${side(there, '-1')}
), differing as (
select ${names}, sum(rows) as rows from both_sides group by ${names} having sum(rows) <> 0
)`
}

function columnsOf(columns: readonly ColumnPair[], dialect: Dialect): string {
  return columns.map((pair, index) => `${valueOf(pair, dialect)} as c${index}`).join(', ')
}

/** Bytes of text decide, whatever the collations of the two. */
function valueOf({ name, here, by }: ColumnPair, dialect: Dialect): string {
  const column = dialect.quoteIdentifier(name)
  if (by === 'number') return `${column}::numeric`
  if (by === 'text') return `${column}::text collate "C"`
  return here.isCollatable ? `${column} collate "C"` : column
}

/** How many keys stand more than once: here, there. `keys` are indexes of the columns. */
export function repeatedKeysSql({ here, there, columns, dialect }: ComparedRelations, keys: readonly number[]): string {
  const repeated = (relation: RelationName): string => {
    const list = keys.map((key) => valueOf(columns[key]!, dialect)).join(', ')
    return `(select count(*) from (select 1 from ${dialect.relation(relation)} group by ${list} having count(*) > 1) as repeated)`
  }
  return `select ${repeated(here)}, ${repeated(there)}`
}

/** Keys only here, only there, in both with other values; then for each column in how many rows it differs. */
export function keyedSql(compared: ComparedRelations, keys: readonly number[]): string {
  const columns = valueColumns(compared, keys)
  const counts = columns.map((index) => `count(*) filter (where ${inBoth} and ${differs(index)})`)
  const anyDiffers = columns.length === 0 ? 'false' : columns.map(differs).join(' or ')
  const own = [
    'count(*) filter (where t.present is null)',
    'count(*) filter (where h.present is null)',
    `count(*) filter (where ${inBoth} and (${anyDiffers}))`,
  ]
  return `select ${[...own, ...counts].join(',\n  ')}\n${joined(compared, keys)}`
}

/** Some rows whose key is in both: the key, then each other column here and there. */
export function keyedSampleSql(compared: ComparedRelations, keys: readonly number[], limit: number): string {
  const columns = valueColumns(compared, keys)
  const shown = [...keys.map((key) => `h.c${key}`), ...columns.flatMap((index) => [`h.c${index}`, `t.c${index}`])]
  const order = keys.map((key) => `h.c${key}`).join(', ')
  return `select ${shown.join(', ')}\n${joined(compared, keys)}\nwhere ${inBoth} and (${columns.map(differs).join(' or ')})\norder by ${order} limit ${limit}`
}

/** Indexes of the columns that are no part of the key. */
export function valueColumns({ columns }: ComparedRelations, keys: readonly number[]): readonly number[] {
  return columns.flatMap((_, index) => (keys.includes(index) ? [] : [index]))
}

const inBoth = 'h.present and t.present'

function differs(index: number): string {
  return `h.c${index} is distinct from t.c${index}`
}

function joined({ here, there, columns, dialect }: ComparedRelations, keys: readonly number[]): string {
  const side = (relation: RelationName): string =>
    `(select ${columnsOf(columns, dialect)}, true as present from ${dialect.relation(relation)})`
  return `from ${side(here)} as h full join ${side(there)} as t on ${keys.map((key) => `h.c${key} = t.c${key}`).join(' and ')}`
}
