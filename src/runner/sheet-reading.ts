/** How a command comes by the sources that are tabs of Google Sheets: whether it may load them, and as whom. */
import type { Project, SourceTable } from '../core/project.ts'
import type { SheetReading } from './judge-sources.ts'
import { isSheetTable, type FindGoogle, type OpenGoogle } from './load-sheets.ts'

export interface ChosenReading {
  readonly reading: SheetReading
  readonly open?: OpenGoogle
}

/**
 * `builds`: the command builds relations, and was allowed to. Another one leaves a protected target as it is: looking at it changes nothing. The
 * account is looked for only where a sheet is read. Throws SqlflowError for one that cannot be used.
 */
export async function chooseSheetReading(
  { project, findGoogle }: { readonly project: Pick<Project, 'target'>; readonly findGoogle: FindGoogle },
  sources: readonly SourceTable[],
  builds: boolean,
): Promise<ChosenReading> {
  if (!sources.some(isSheetTable)) return { reading: 'loaded' }
  if (project.target.protected && !builds) return { reading: 'kept' }
  const open = await findGoogle()
  return open ? { reading: 'loaded', open } : { reading: 'nobody' }
}
