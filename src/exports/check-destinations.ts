/** Destinations that cannot be, and exports that would overwrite one another: known from the project alone. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Export, SheetExport } from '../core/project.ts'
import { parseSpreadsheet } from '../project/spreadsheet-id.ts'
import { isFileExport, isSheetExport } from './export-kinds.ts'
import { checkExportPaths } from './export-path.ts'

export function checkDestinations(exports: readonly Export[]): readonly Diagnostic[] {
  return [...checkExportPaths(exports.filter(isFileExport)), ...findSharedTabs(exports.filter(isSheetExport))]
}

/** Two exports that begin at one cell of one tab. */
function findSharedTabs(exports: readonly SheetExport[]): readonly Diagnostic[] {
  const first = new Map<string, SheetExport>()
  return exports.flatMap((one) => {
    const { spreadsheet, tab, start, at } = one.destination
    const id = parseSpreadsheet(spreadsheet)?.id
    if (id === undefined) return [] // decided by `for_each`, or told as a mistake
    const key = JSON.stringify([id, String(tab).toLowerCase(), start])
    const other = first.get(key)
    if (!other) {
      first.set(key, one)
      return []
    }
    if (other.name === one.name) return [] // one name, twice: told as such
    return [
      errorDiagnostic(
        'shared-destination',
        `The exports \`${other.name}\` and \`${one.name}\` write one tab, \`${tab}\`, from one cell on.`,
        {
          at,
          hint: 'Give one of them another `tab`, or another `start` beside the other.',
          related: [{ message: `\`${other.name}\` writes it too.`, at: other.destination.at }],
        },
      ),
    ]
  })
}
