/** `create view ... as`, replaced in place where the server allows it. */
import type { Dialect } from '../dialects/dialect.ts'
import { compiledStatement } from './compiled-statement.ts'
import type { Build } from './relation-input.ts'
import { viewOptions } from './view-options.ts'

export function viewBuild(sql: string, dialect: Dialect): Build {
  return {
    kind: 'view',
    create: (target, options) => [compiledStatement(`create view ${dialect.relation(target)}${viewOptions(options)} as\n`, sql)],
    replace: (target, options) => compiledStatement(`create or replace view ${dialect.relation(target)}${viewOptions(options)} as\n`, sql),
  }
}
