/** Mistakes that show only when a node is rendered or its file read, as the failure of that node. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { ReadText } from '../core/errors.ts'
import type { FailureReport } from '../core/event.ts'
import { placeOf } from './locate-failure.ts'

export function diagnosticFailure(diagnostics: readonly Diagnostic[], readText: ReadText): FailureReport {
  const [first, ...others] = diagnostics
  if (!first) throw new Error('A failure needs a diagnostic.')
  const place = first.at && placeOf(first.at, readText)
  const calls = (first.related ?? []).map((one) => placeOf(one.at, readText)).filter((one) => one !== undefined)
  return {
    code: first.code,
    message: first.message,
    ...(first.hint !== undefined && { hint: first.hint }),
    ...(place && { place }),
    ...(calls.length > 0 && { calls: calls.map(({ file, line, column }) => ({ file, line, column })) }),
    ...(others.length > 0 && { others: others.map((one) => diagnosticFailure([one], readText)) }),
  }
}
