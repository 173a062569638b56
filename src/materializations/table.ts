/** `create table ... as`, laid out as its design says where the warehouse has such a thing. */
import { compiledStatement } from './compiled-statement.ts'
import { queryGroup } from './query-group.ts'
import type { Build, RelationInput } from './relation-input.ts'

export function tableBuild(sql: string, { dialect, design = {}, columns }: Pick<RelationInput, 'dialect' | 'design' | 'columns'>): Build {
  const layout = dialect.design?.table(design, 'query') ?? ''
  const encoded = columns.flatMap(({ name, encode }) => (encode === undefined ? [] : [{ name, encode }]))
  return {
    kind: 'table',
    create: (target) => [
      ...queryGroup(dialect, design),
      { ...compiledStatement(`create table ${dialect.relation(target)}${layout} as\n`, sql), countsRows: true },
    ],
    complete: (target) => (dialect.design?.encodeColumns(dialect.relation(target), encoded) ?? []).map((statement) => ({ sql: statement })),
  }
}
