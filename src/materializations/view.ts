/**
 * `create view ... as`, replaced in place where the server allows it. A view that is bound late is not looked at when it is made, so its query is
 * explained before.
 */
import { compiledStatement } from './compiled-statement.ts'
import type { Statement } from './plan.ts'
import type { Build, RelationInput } from './relation-input.ts'
import { viewOptions } from './view-options.ts'

export function viewBuild(sql: string, { dialect, design = {} }: Pick<RelationInput, 'dialect' | 'design'>): Build {
  const late = dialect.design?.bindsLate(design) === true ? dialect.design.lateBinding : ''
  const make = (head: string): readonly Statement[] => {
    const statement = compiledStatement(head, sql)
    return late === '' ? [statement] : [compiledStatement('explain\n', sql), { ...statement, sql: `${statement.sql}${late}` }]
  }
  return {
    kind: 'view',
    lateBinding: late !== '',
    create: (target, options) => make(`create view ${dialect.relation(target)}${viewOptions(options)} as\n`),
    replace: (target, options) => make(`create or replace view ${dialect.relation(target)}${viewOptions(options)} as\n`),
  }
}
