/** Why a test fails or warns, in full sentences; never a value of a row. */
import { countOf } from '../core/count-of.ts'
import type { DataTest, TestResult } from './data-test.ts'
import { genericTest } from './generic/index.ts'
import { toleratedFailures } from './judge.ts'

/** ``3 of 1,204 rows of `stg_supporters` have no `email`.`` and what is tolerated, if anything is. */
export function describeFailures(result: TestResult): string {
  const { test } = result
  const what = test.kind === 'built-in' ? genericTest(test.test).message(test, result) : queryMessage(test.name, result.failures)
  return `${what}${toleratedNote(test, result.total)}`
}

function queryMessage(name: string, failures: number): string {
  return `\`${name}\` found ${countOf(failures, 'failing row')}.`
}

function toleratedNote(test: DataTest, total: number | null): string {
  const { maxFailures } = test.options
  if (maxFailures === undefined) return ''
  if (typeof maxFailures === 'number') return ` At most ${maxFailures.toLocaleString('en-US')} may fail.`
  const share = `${Number((maxFailures.share * 100).toFixed(6))}%`
  const rows = toleratedFailures(test.options, total).toLocaleString('en-US')
  return total === null ? ` At most ${share} may fail.` : ` At most ${share} may fail: ${rows}.`
}
