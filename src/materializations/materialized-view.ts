/** `create materialized view ... as`. */
import type { Dialect } from '../dialects/dialect.ts'
import { compiledStatement } from './compiled-statement.ts'
import type { Build } from './relation-input.ts'

export function materializedViewBuild(sql: string, dialect: Dialect): Build {
  return {
    kind: 'materialized view',
    create: (target) => [{ ...compiledStatement(`create materialized view ${dialect.relation(target)} as\n`, sql), countsRows: true }],
  }
}
