import { computeFormulas } from './formulas.ts'
import type { Workbook } from './workbook.ts'

/** Ends a draft: what it holds is what stands from now on. */
export function commit(draft: Workbook, now: number): Workbook {
  computeFormulas(draft)
  return { ...draft, modified: new Date(now).toISOString(), version: draft.version + 1 }
}
