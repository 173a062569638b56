/** `create table ... as`, laid out as its design says where the warehouse has such a thing. */
import { analyze, encodeColumns, queryGroup } from './built-under.ts'
import { compiledStatement } from './compiled-statement.ts'
import type { Build, RelationInput } from './relation-input.ts'

export function tableBuild(sql: string, input: Pick<RelationInput, 'dialect' | 'design' | 'columns'>): Build {
  const { dialect, design = {} } = input
  const layout = dialect.design?.table(design, 'query') ?? ''
  return {
    kind: 'table',
    create: (target) => [
      ...queryGroup(input),
      { ...compiledStatement(`create table ${dialect.relation(target)}${layout} as\n`, sql), countsRows: true },
    ],
    complete: (target) => [...encodeColumns(input, target), ...analyze(input, target)],
  }
}
