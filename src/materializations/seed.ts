/** `create table` with declared or inferred columns, filled by COPY before anybody can see it. */
import type { Dialect } from '../dialects/dialect.ts'
import type { Build } from './relation-input.ts'

export interface SeedColumn {
  readonly name: string
  readonly type: string
}

/** `copyOptions`: what stands in `with (...)` of the COPY. */
export function seedBuild(columns: readonly SeedColumn[], copyOptions: string, dialect: Dialect): Build {
  const defined = columns.map(({ name, type }) => `  ${dialect.quoteIdentifier(name)} ${type}`).join(',\n')
  const names = columns.map(({ name }) => dialect.quoteIdentifier(name)).join(', ')
  return {
    kind: 'table',
    create: (target) => [
      { sql: `create table ${dialect.relation(target)} (\n${defined}\n)` },
      { sql: `copy ${dialect.relation(target)} (${names}) from stdin with (${copyOptions})`, copy: true, countsRows: true },
    ],
  }
}
