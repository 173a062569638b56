/** What must hold before an export replaces anything. */
import { countOf } from '../core/count-of.ts'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Export } from '../core/project.ts'
import type { Receipt } from './destination.ts'

/** `previous` is what was written the last time. Undefined where `rows` may replace it. */
export function checkGuards(
  { name, guards, at }: Pick<Export, 'name' | 'guards' | 'at'>,
  rows: number,
  previous: Receipt | undefined,
): Diagnostic | undefined {
  const { minRows, maxShrink } = guards
  if (minRows !== undefined && rows < minRows) {
    return errorDiagnostic(
      'export-guard',
      `The export \`${name}\` has ${countOf(rows, 'row')}; its guard \`min_rows\` asks for ${minRows.toLocaleString('en-US')}.`,
      {
        at,
        hint: 'What was exported before stands unchanged. Look upstream, or lower the guard.',
      },
    )
  }
  if (maxShrink === undefined || previous === undefined || rows >= previous.rows * (1 - maxShrink)) return undefined
  const lost = Math.round((1 - rows / previous.rows) * 100)
  return errorDiagnostic(
    'export-guard',
    `The export \`${name}\` has ${countOf(rows, 'row')}, ${lost}% fewer than the ${previous.rows.toLocaleString('en-US')} of the last time; its guard \`max_shrink\` allows ${Math.round(maxShrink * 100)}%.`,
    { at, hint: 'What was exported before stands unchanged. Look upstream, or raise the guard for one run.' },
  )
}
