/** Destinations that cannot be, and exports that would overwrite one another: known from the project alone. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Export, SheetExport } from '../core/project.ts'
import { parseSpreadsheet } from '../project/spreadsheet-id.ts'
import { isFileExport, isSheetExport } from './export-kinds.ts'
import { checkExportPaths } from './export-path.ts'
import { findShared } from './shared-destinations.ts'

export function checkDestinations(exports: readonly Export[]): readonly Diagnostic[] {
  return [...checkExportPaths(exports.filter(isFileExport)), ...findSharedTabs(exports.filter(isSheetExport))]
}

/** Two exports that begin at one cell of one tab. A spreadsheet that `for_each` decides is not known yet. */
function findSharedTabs(exports: readonly SheetExport[]): readonly Diagnostic[] {
  return findShared(exports, {
    keyOf: ({ destination: { spreadsheet, tab, start } }) => {
      const id = parseSpreadsheet(spreadsheet)?.id
      return id && JSON.stringify([id, String(tab).toLowerCase(), start])
    },
    describe: ({ destination: { tab } }) => `one tab, \`${tab}\`, from one cell on`,
    hint: 'Give one of them another `tab`, or another `start` beside the other.',
  })
}
