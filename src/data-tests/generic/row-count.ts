/** `row_count`: the relation has at least `min`, at most `max`, or exactly `equals` rows. */
import { countOf } from '../../core/count-of.ts'
import type { BuiltInTest } from '../data-test.ts'
import type { SummaryTest } from '../generic-test.ts'
import { joinSql, separate, type SqlPart } from '../join-sql.ts'
import { countArg } from '../test-args.ts'
import { whereNote } from '../wording.ts'

const bounds = [
  { arg: 'min', fails: '<', wording: 'at least' },
  { arg: 'max', fails: '>', wording: 'at most' },
  { arg: 'equals', fails: '<>', wording: 'exactly' },
] as const

export const rowCount: SummaryTest = {
  shape: 'summary',
  failing: (test, _dialect, over) => {
    const count = joinSql(test.at, over('count'))
    const conditions = boundsOf(test).map((bound): readonly SqlPart[] => [count, ` ${bound.fails} ${bound.count}`])
    return conditions.length === 0 ? ['false'] : separate(conditions, ' or ')
  },
  figures: () => 'count(*) as row_count',
  message: (test, found) => {
    const rows = found.total === null ? 'another number of rows' : countOf(found.total, 'row')
    const wanted = boundsOf(test).map(({ wording, count }) => `${wording} ${count.toLocaleString('en-US')}`)
    return `\`${test.on.label}\`${whereNote(test)} has ${rows}; it should have ${wanted.join(' and ')}.`
  },
}

function boundsOf(test: BuiltInTest): readonly { readonly fails: string; readonly wording: string; readonly count: number }[] {
  return bounds.flatMap(({ arg, fails, wording }) => {
    const count = countArg(test, arg)
    return count === undefined ? [] : [{ fails, wording, count }]
  })
}
