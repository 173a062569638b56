/** `create materialized view ... as`, laid out as its design says where the warehouse has such a thing. */
import { compiledStatement } from './compiled-statement.ts'
import { queryGroup } from './query-group.ts'
import type { Build, RelationInput } from './relation-input.ts'

export function materializedViewBuild(sql: string, { dialect, design = {} }: Pick<RelationInput, 'dialect' | 'design'>): Build {
  const head = (name: string): string => `create materialized view ${name}${dialect.design?.table(design, 'query') ?? ''} as\n`
  return {
    kind: 'materialized view',
    create: (target) => [
      ...queryGroup(dialect, design),
      { ...compiledStatement(head(dialect.relation(target)), sql), countsRows: true },
    ],
  }
}
