/** `create materialized view ... as`, laid out as its design says where the warehouse has such a thing. */
import { queryGroup } from './built-under.ts'
import { compiledStatement } from './compiled-statement.ts'
import type { Build, RelationInput } from './relation-input.ts'

export function materializedViewBuild(sql: string, input: Pick<RelationInput, 'dialect' | 'design'>): Build {
  const { dialect, design = {} } = input
  const layout = dialect.design?.materializedView(design) ?? ''
  return {
    kind: 'materialized view',
    create: (target) => [
      ...queryGroup(input),
      { ...compiledStatement(`create materialized view ${dialect.relation(target)}${layout} as\n`, sql), countsRows: true },
    ],
  }
}
