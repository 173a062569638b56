/** `create table` with declared or inferred columns, filled by COPY, or by INSERTs where there is none, before anybody can see it. */
import { analyze, queryGroup } from './built-under.ts'
import type { Build, RelationInput } from './relation-input.ts'
import type { RowsLoad } from './plan.ts'
import { seedCopyOptions } from './seed-statements.ts'

export interface SeedColumn {
  readonly name: string
  readonly type: string
}

/** The columns of the file in its order, and what separates its fields. */
export interface SeedShape {
  readonly seedColumns: readonly SeedColumn[]
  readonly delimiter: string
}

export function seedBuild(
  { seedColumns, delimiter }: SeedShape,
  input: Pick<RelationInput, 'dialect' | 'design' | 'columns' | 'capabilities'>,
): Build {
  const { dialect, design = {}, columns, capabilities } = input
  const encodings = new Map(columns.map(({ name, encode }) => [name, encode]))
  const defined = seedColumns
    .map(({ name, type }) => `  ${dialect.quoteIdentifier(name)} ${type}${dialect.design?.column(encodings.get(name)) ?? ''}`)
    .join(',\n')
  const names = seedColumns.map(({ name }) => dialect.quoteIdentifier(name)).join(', ')
  const layout = dialect.design?.table(design, 'columns') ?? ''
  const rows: RowsLoad = capabilities.copy ? { by: 'copy' } : { by: 'insert', columns: seedColumns, delimiter }
  const into = capabilities.copy ? `from stdin with (${seedCopyOptions(dialect, { delimiter })})` : 'values'
  return {
    kind: 'table',
    create: (target) => [
      ...queryGroup(input),
      { sql: `create table ${dialect.relation(target)} (\n${defined}\n)${layout}` },
      { sql: `${capabilities.copy ? 'copy' : 'insert into'} ${dialect.relation(target)} (${names}) ${into}`, rows, countsRows: true },
    ],
    complete: (target) => analyze(input, target),
  }
}
