/**
 * What a count of failing rows means, by the options of the test. `error_if` is asked first, then `warn_if`; both are
 * `!= 0` by default, and `severity: warn` never fails. `max_failures` is what both tolerate where they are not written.
 */
import type { TestOptions } from '../core/project.ts'
import { parseComparison, type Comparison } from './comparison.ts'
import type { TestResult } from './data-test.ts'

/** 29% of 100 rows are 28.999999999999996 in binary. */
const roundingError = 1e-6

export type Verdict = 'pass' | 'warn' | 'fail'

export function judge(options: TestOptions, { failures, total }: Pick<TestResult, 'failures' | 'total'>): Verdict {
  const tolerated = toleratedFailures(options, total)
  const isError = comparisonOf(options.errorIf, tolerated)
  const isWarning = comparisonOf(options.warnIf, tolerated)
  if (options.severity === 'error' && isError(failures)) return 'fail'
  return isWarning(failures) ? 'warn' : 'pass'
}

/** A share is rounded down to whole rows. Of an unknown total it tolerates nothing: a singular test has no relation to be counted. */
export function toleratedFailures(options: TestOptions, total: number | null): number {
  const { maxFailures = 0 } = options
  if (typeof maxFailures === 'number') return maxFailures
  return Math.floor(maxFailures.share * (total ?? 0) + roundingError)
}

function comparisonOf(text: string | undefined, tolerated: number): Comparison {
  return text === undefined ? (count) => count > tolerated : parseComparison(text)
}
