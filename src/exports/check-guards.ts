/** What must hold before an export replaces anything. */
import { countOf } from '../core/count-of.ts'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Export } from '../core/project.ts'

export interface Counted {
  readonly rows: number
  /** What was written the last time. */
  readonly before: number | undefined
  /** Of an export that has parts. */
  readonly part?: string | undefined
}

/** Undefined where `rows` may replace what is there. */
export function checkGuards(
  { name: own, guards, at }: Pick<Export, 'name' | 'guards' | 'at'>,
  { rows, before, part }: Counted,
): Diagnostic | undefined {
  const { minRows, maxShrink } = guards
  const name = part === undefined ? own : `${own}[${part}]`
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
  if (maxShrink === undefined || before === undefined || rows >= before * (1 - maxShrink)) return undefined
  const lost = Math.round((1 - rows / before) * 100)
  return errorDiagnostic(
    'export-guard',
    `The export \`${name}\` has ${countOf(rows, 'row')}, ${lost}% fewer than the ${before.toLocaleString('en-US')} of the last time; its guard \`max_shrink\` allows ${Math.round(maxShrink * 100)}%.`,
    { at, hint: 'What was exported before stands unchanged. Look upstream, or raise the guard for one run.' },
  )
}
