/** `recency`: the newest value of a date or timestamp lies within an interval before now. A relation without any value fails. */
import type { Dialect } from '../../dialects/dialect.ts'
import type { BuiltInTest } from '../data-test.ts'
import type { SummaryTest } from '../generic-test.ts'
import { joinSql } from '../join-sql.ts'
import { columnName, columnSql, textArg } from '../test-args.ts'
import { whereNote } from '../wording.ts'

export const recency: SummaryTest = {
  shape: 'summary',
  failing: (test, dialect, over) => {
    const newest = joinSql(test.at, over('max', columnSql(test, dialect)))
    return ['(', newest, ' is null or ', newest, ` < ${dialect.now} - ${within(test, dialect)})`]
  },
  figures: (test, dialect) => `${newest(test, dialect)} as newest, ${dialect.now} - ${newest(test, dialect)} as age`,
  message: (test) =>
    `\`${test.on.label}\`${whereNote(test)} has no \`${columnName(test)}\` within the last ${textArg(test, 'within').trim()}.`,
}

function newest(test: BuiltInTest, dialect: Dialect): string {
  return `max(${columnSql(test, dialect)})`
}

function within(test: BuiltInTest, dialect: Dialect): string {
  return `interval ${dialect.quoteLiteral(textArg(test, 'within').trim())}`
}
