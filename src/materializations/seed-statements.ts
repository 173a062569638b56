/** The statements that fill a table from a seed. */
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { SeedColumn } from './seed-inspect.ts'

/** `create table "s"."t" (...)`, empty. Types stand as declared or inferred. */
export function seedTableSql(dialect: Dialect, relation: RelationName, columns: readonly SeedColumn[]): string {
  const lines = columns.map(({ name, type }) => `  ${dialect.quoteIdentifier(name)} ${type}`)
  return `create table ${dialect.relation(relation)} (\n${lines.join(',\n')}\n)`
}

/** What stands in `with (...)` of a COPY that reads what `seedBytes` sends. */
export function seedCopyOptions(dialect: Dialect, { delimiter }: { readonly delimiter: string }): string {
  return `format csv, delimiter ${dialect.quoteLiteral(delimiter)}, encoding 'UTF8'`
}

/** Reads what `seedBytes` sends: no header; the empty unquoted field is NULL, the quoted one is the empty string. */
export function seedCopySql(
  dialect: Dialect,
  relation: RelationName,
  { columns, delimiter }: { readonly columns: readonly SeedColumn[]; readonly delimiter: string },
): string {
  const names = columns.map(({ name }) => dialect.quoteIdentifier(name)).join(', ')
  return `copy ${dialect.relation(relation)} (${names}) from stdin with (${seedCopyOptions(dialect, { delimiter })})`
}
