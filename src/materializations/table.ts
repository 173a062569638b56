/** `create table ... as`. */
import type { Dialect } from '../dialects/dialect.ts'
import { compiledStatement } from './compiled-statement.ts'
import type { Build } from './relation-input.ts'

export function tableBuild(sql: string, dialect: Dialect): Build {
  return {
    kind: 'table',
    create: (target) => [{ ...compiledStatement(`create table ${dialect.relation(target)} as\n`, sql), countsRows: true }],
  }
}
