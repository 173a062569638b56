/**
 * Two relations compared, as SQL: which columns both have and how their values are made equal or not, rows as bags (duplicates count), and rows by
 * key. One pass over each relation for each question. Pure.
 */
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { ComparableColumn } from '../warehouses/catalog-reader.ts'

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
select coalesce(sum(case when rows > 0 then rows end), 0), coalesce(sum(case when rows < 0 then -rows end), 0) from differing`
}

/** Some of them: the columns, then by how many more rows it stands here (there, where negative). */
export function differenceSampleSql(compared: ComparedRelations, limit: number): string {
  const names = compared.columns.map((_, index) => `c${index}`).join(', ')
  return `${differing(compared)}\nselect ${names}, rows from differing order by ${names} limit ${limit}`
}

function differing({ here, there, columns, dialect }: ComparedRelations): string {
  const rows = (side: Side, count: string): string =>
    `select ${columnsOf(columns, dialect, side)}, ${count} as rows from ${dialect.relation(side === 'here' ? here : there)}`
  const names = columns.map((_, index) => `c${index}`).join(', ')
  return `with both_sides as (
${rows('here', '1')}
union all
${rows('there', '-1')}
), differing as (
select ${names}, sum(rows) as rows from both_sides group by ${names} having sum(rows) <> 0
)`
}

type Side = 'here' | 'there'

function columnsOf(columns: readonly ColumnPair[], dialect: Dialect, side: Side): string {
  return columns.map((pair, index) => `${valueOf(pair, dialect, side)} as c${index}`).join(', ')
}

/** Bytes of text decide, whatever the collations of the two. */
function valueOf(pair: ColumnPair, dialect: Dialect, side: Side): string {
  const column = dialect.quoteIdentifier(pair.name)
  if (pair.by === 'number') return `${column}::${dialect.commonNumber(pair.here.type, pair.there.type)}`
  if (pair.by === 'text') return dialect.byBytes(dialect.asText(column, pair[side].type))
  return pair.here.isCollatable ? dialect.byBytes(column) : column
}

/** How many keys stand more than once: here, there. `keys` are indexes of the columns. */
export function repeatedKeysSql({ here, there, columns, dialect }: ComparedRelations, keys: readonly number[]): string {
  const repeated = (relation: RelationName, side: Side): string => {
    const list = keys.map((key) => valueOf(columns[key]!, dialect, side)).join(', ')
    return `(select count(*) from (select 1 as one from ${dialect.relation(relation)} group by ${list} having count(*) > 1) as repeated)`
  }
  return `select ${repeated(here, 'here')}, ${repeated(there, 'there')}`
}

/** Keys only here, only there, in both with other values; then for each column in how many rows it differs. */
export function keyedSql(compared: ComparedRelations, keys: readonly number[]): string {
  const columns = valueColumns(compared, keys)
  const differ = columns.map((index) => differs(index, compared.dialect))
  const countIf = (condition: string): string => `count(case when ${condition} then 1 end)`
  const own = [
    countIf('t.present is null'),
    countIf('h.present is null'),
    countIf(`${inBoth} and (${differ.length === 0 ? 'false' : differ.join(' or ')})`),
  ]
  const counts = differ.map((differs) => countIf(`${inBoth} and ${differs}`))
  return `select ${[...own, ...counts].join(',\n  ')}\n${joined(compared, keys)}`
}

/** Some rows whose key is in both: the key, then each other column here and there. */
export function keyedSampleSql(compared: ComparedRelations, keys: readonly number[], limit: number): string {
  const columns = valueColumns(compared, keys)
  const shown = [...keys.map((key) => `h.c${key}`), ...columns.flatMap((index) => [`h.c${index}`, `t.c${index}`])]
  const order = keys.map((key) => `h.c${key}`).join(', ')
  return `select ${shown.join(', ')}\n${joined(compared, keys)}\nwhere ${inBoth} and (${columns.map((index) => differs(index, compared.dialect)).join(' or ')})\norder by ${order} limit ${limit}`
}

/** Indexes of the columns that are no part of the key. */
export function valueColumns({ columns }: ComparedRelations, keys: readonly number[]): readonly number[] {
  return columns.flatMap((_, index) => (keys.includes(index) ? [] : [index]))
}

const inBoth = 'h.present = 1 and t.present = 1'

function differs(index: number, dialect: Dialect): string {
  return dialect.isDistinct(`h.c${index}`, `t.c${index}`)
}

function joined({ here, there, columns, dialect }: ComparedRelations, keys: readonly number[]): string {
  const side = (relation: RelationName, side: Side): string =>
    `(select ${columnsOf(columns, dialect, side)}, 1 as present from ${dialect.relation(relation)})`
  return `from ${side(here, 'here')} as h full join ${side(there, 'there')} as t on ${keys.map((key) => `h.c${key} = t.c${key}`).join(' and ')}`
}
