/** The parts of an export: one, or one for each row of `for_each`, with the tab and the spreadsheet that it goes to. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { SheetExport } from '../core/project.ts'
import { fillPlaceholders, parseSpreadsheet, placeholdersIn } from '../project/spreadsheet-id.ts'
import type { QueryResult } from '../warehouses/warehouse.ts'
import type { ExportPart } from './select-sql.ts'

export interface SheetPart {
  readonly export: SheetExport
  /** Undefined where the export has no parts. */
  readonly part: ExportPart | undefined
  /** Id of the spreadsheet. */
  readonly spreadsheet: string
  readonly tab: string | number
  readonly day: string | undefined
}

export type SheetParts =
  | { readonly ok: true; readonly parts: readonly SheetPart[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

interface PartsOptions {
  readonly export: SheetExport
  /** The answer to `for_each`; undefined where there is none. */
  readonly rows: QueryResult | undefined
  /** Names of the columns of what is read. */
  readonly readColumns: readonly string[]
  /** `2026-11-03`, for tabs that are dated. */
  readonly day: string
}

export function sheetParts({ export: one, rows, readColumns, day }: PartsOptions): SheetParts {
  const diagnostics: Diagnostic[] = []
  if (!rows) {
    const found = placePart(one, undefined, () => '', day)
    return 'part' in found ? { ok: true, parts: [found] } : { ok: false, diagnostics: [found] }
  }
  const names = rows.fields.map(({ name }) => name)
  const column = names[0] ?? ''
  diagnostics.push(...checkNames(one, names, readColumns))
  if (diagnostics.length > 0) return { ok: false, diagnostics }
  const parts: SheetPart[] = []
  const seen = new Map<string, string>()
  for (const row of rows.rows) {
    const found = placePart(one, { column, value: row[0] ?? null }, (name) => row[names.indexOf(name)] ?? '', day)
    if (!('part' in found)) {
      diagnostics.push(found)
      continue
    }
    const key = JSON.stringify([found.spreadsheet, String(found.tab).toLowerCase()])
    const other = seen.get(key)
    const label = row[0] ?? 'NULL'
    if (other !== undefined) diagnostics.push(sameTab(one, [other, label], found))
    seen.set(key, label)
    parts.push(found)
  }
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, parts }
}

function checkNames(
  { name, destination, forEach }: SheetExport,
  names: readonly string[],
  readColumns: readonly string[],
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const [first = ''] = names
  const at = forEach && { file: forEach.file, start: forEach.segments[0]?.file ?? 0, end: (forEach.segments[0]?.file ?? 0) + 1 }
  if (!readColumns.includes(first)) {
    diagnostics.push(
      errorDiagnostic(
        'unknown-for-each-column',
        `The first column of \`for_each\`, \`${first}\`, is no column of what the export \`${name}\` reads.`,
        {
          at,
          hint:
            didYouMean(first, readColumns) ??
            `It tells which rows belong to a part. What is read has ${readColumns.map((one) => `\`${one}\``).join(', ')}.`,
        },
      ),
    )
  }
  for (const open of [destination.spreadsheet, String(destination.tab)].flatMap(placeholdersIn)) {
    if (names.includes(open) || open === 'date') continue
    diagnostics.push(
      errorDiagnostic('unknown-for-each-column', `\`{${open}}\` is no column of \`for_each\`.`, {
        at: destination.at,
        hint: didYouMean(open, names) ?? `Its columns are ${names.map((one) => `\`${one}\``).join(', ')}.`,
      }),
    )
  }
  return diagnostics
}

function placePart(one: SheetExport, part: ExportPart | undefined, value: (name: string) => string, day: string): SheetPart | Diagnostic {
  const { spreadsheet, tab, mode, at } = one.destination
  const fill = (text: string): string => fillPlaceholders(text, (name) => (name === 'date' ? day : value(name)))
  const address = parseSpreadsheet(fill(spreadsheet))
  if (!address) {
    const ofPart = part ? ` of the part \`${part.value ?? 'NULL'}\`` : ''
    return errorDiagnostic('bad-spreadsheet', `\`${fill(spreadsheet)}\`${ofPart} is neither the URL nor the id of a spreadsheet.`, {
      at,
      hint: 'Copy the address of the browser while the spreadsheet is open: https://docs.google.com/spreadsheets/d/.../edit.',
    })
  }
  const title = typeof tab === 'number' ? tab : cleanTitle(fill(tab))
  if (title === '')
    return errorDiagnostic('bad-tab', `The tab of the part \`${part?.value ?? 'NULL'}\` has no title.`, {
      at,
      hint: 'Leave out rows of `for_each` without a value.',
    })
  return { export: one, part, spreadsheet: address.id, tab: title, day: mode === 'snapshot' ? day : undefined }
}

/** Titles have at most 100 characters, and no line breaks. */
function cleanTitle(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 100)
}

function sameTab({ name, destination }: SheetExport, [a, b]: readonly [string, string], { tab }: SheetPart): Diagnostic {
  return errorDiagnostic('shared-destination', `The parts \`${a}\` and \`${b}\` of the export \`${name}\` go to one tab, \`${tab}\`.`, {
    at: destination.at,
    hint: 'Put a column that tells them apart into `tab`, or leave repeated rows out of `for_each`.',
  })
}
