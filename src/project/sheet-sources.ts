/** `google_sheet:` of a source's table: where its rows come from, every default filled in. */
import { errorDiagnostic } from '../core/diagnostic.ts'
import type { SheetSource } from '../core/project.ts'
import { compact } from './compact.ts'
import { keyPlace, valuePlace, type Description } from './description.ts'
import type { LoadContext } from './load-context.ts'
import type { SourceConfig } from './schemas/nodes.ts'
import { parseSpreadsheet } from './spreadsheet-id.ts'

type SheetConfig = NonNullable<NonNullable<SourceConfig['tables'][string]>['google_sheet']>

export function resolveSheetSource(context: LoadContext, table: Description<unknown>, config: SheetConfig): SheetSource {
  const address = parseSpreadsheet(config.spreadsheet)
  if (!address) {
    context.diagnostics.push(
      errorDiagnostic('bad-spreadsheet', `\`${config.spreadsheet}\` is neither the URL nor the id of a spreadsheet.`, {
        at: valuePlace(table, ['google_sheet', 'spreadsheet']),
        hint: 'Copy the address of the browser while the spreadsheet is open: https://docs.google.com/spreadsheets/d/.../edit.',
      }),
    )
  }
  return compact<SheetSource>({
    spreadsheet: address?.id ?? config.spreadsheet,
    tab: config.tab ?? address?.gid,
    headerRow: config.header_row ?? 1,
    columns:
      config.columns &&
      Object.entries(config.columns).map(([name, header]) => ({ name, header, at: keyPlace(table, ['google_sheet', 'columns', name]) })),
    at: keyPlace(table, ['google_sheet']),
  })
}
