/** Which kind of destination an export has. */
import type { Export, FileExport, SheetExport } from '../core/project.ts'

export function isFileExport(one: Export): one is FileExport {
  return one.destination.type !== 'google_sheets'
}

export function isSheetExport(one: Export): one is SheetExport {
  return one.destination.type === 'google_sheets'
}
