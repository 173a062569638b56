/**
 * A tab read through the API, whole: as it stood at one moment. One read is; of a large tab, which takes several, all are made twice, until twice
 * the same came back.
 */
import { createHash } from 'node:crypto'
import { errorDiagnostic, type Diagnostic } from '../../core/diagnostic.ts'
import { didYouMean } from '../../core/nearest-name.ts'
import type { SheetSource } from '../../core/project.ts'
import { a1Range } from '../destinations/google-sheets/a1.ts'
import type { GoogleApi, SheetRow, Spreadsheet } from '../destinations/google-sheets/google-api.ts'
import { readCell, type SheetCell } from './sheet-cell.ts'
import type { SheetRecord } from './sheet-table.ts'

/** Of one read: some 15 MB of JSON. */
const cellsPerRead = 100_000
/** Below the header. They are held in memory until the table is written. */
const mostCells = 1_000_000
const mostTries = 4

export interface FoundTab {
  readonly title: string
  readonly rows: number
  readonly columns: number
}

/** Undefined where the spreadsheet has no such tab. */
export function findTab({ sheets = [] }: Spreadsheet, tab: string | number | undefined): FoundTab | undefined {
  const grids = sheets.filter(({ properties }) => (properties?.sheetType ?? 'GRID') === 'GRID')
  const found = grids.find(({ properties }) =>
    typeof tab === 'number' ? (properties?.sheetId ?? 0) === tab : tab === undefined || sameTitle(properties?.title ?? '', tab),
  )
  const { title, gridProperties } = found?.properties ?? {}
  return found && { title: title ?? '', rows: gridProperties?.rowCount ?? 0, columns: gridProperties?.columnCount ?? 0 }
}

/** As Google compares titles: two tabs never differ by case alone. */
function sameTitle(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

export function missingTab({ properties, sheets = [] }: Spreadsheet, { tab, at }: SheetSource): Diagnostic {
  const titles = sheets.map((sheet) => sheet.properties?.title ?? '')
  const wanted = typeof tab === 'number' ? `with the number ${tab}` : tab === undefined ? 'of cells' : `called \`${tab}\``
  return errorDiagnostic('sheet-tab-missing', `The spreadsheet \`${properties?.title ?? ''}\` has no tab ${wanted}.`, {
    at,
    hint:
      (typeof tab === 'string' ? didYouMean(tab, titles) : undefined) ??
      `Its tabs are ${titles.map((title) => `\`${title}\``).join(', ')}.`,
  })
}

export interface ReadTab {
  readonly header: readonly string[]
  readonly records: readonly SheetRecord[]
}

export type TabResult = { readonly ok: true; readonly tab: ReadTab } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** From the row of the header down. Throws GoogleError. */
export async function readTab(api: Pick<GoogleApi, 'getRows'>, source: SheetSource, tab: FoundTab): Promise<TabResult> {
  const first = source.headerRow - 1
  if (first >= tab.rows) return { ok: true, tab: { header: [], records: [] } }
  let before: string | undefined
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const { records, reads, digest, cells } = await readOnce(api, source, tab)
    if (cells > mostCells)
      return refuse(
        source,
        `Tab \`${tab.title}\` holds more than ${mostCells.toLocaleString('en-US')} cells`,
        'Take fewer rows: a table of this size is better loaded as a CSV in seeds/, or by COPY.',
      )
    if (reads === 1 || digest === before) return { ok: true, tab: split(records, first) }
    before = digest
  }
  return refuse(source, `Tab \`${tab.title}\` changed each time it was read`, 'Somebody works in it. Run the command again in a while.')
}

function refuse({ at }: SheetSource, message: string, hint: string): TabResult {
  return { ok: false, diagnostics: [errorDiagnostic('sheet-not-loaded', `${message}.`, { at, hint })] }
}

function split(records: readonly SheetRecord[], headerRow: number): ReadTab {
  const [head] = records
  const isHead = head?.row === headerRow
  return { header: isHead ? [...head.cells].map((cell) => cell?.seen ?? '') : [], records: isHead ? records.slice(1) : records }
}

interface ReadOnce {
  readonly records: readonly SheetRecord[]
  readonly reads: number
  readonly digest: string
  readonly cells: number
}

async function readOnce(api: Pick<GoogleApi, 'getRows'>, { spreadsheet, headerRow }: SheetSource, tab: FoundTab): Promise<ReadOnce> {
  const rowsPerRead = Math.max(1, Math.floor(cellsPerRead / Math.max(1, tab.columns)))
  const digest = createHash('sha256')
  const records: SheetRecord[] = []
  let [reads, cells] = [0, 0]
  for (let row = headerRow - 1; row < tab.rows && cells <= mostCells; row += rowsPerRead) {
    const range = a1Range(tab.title, { row, column: 0, endRow: Math.min(tab.rows, row + rowsPerRead), endColumn: Math.max(1, tab.columns) })
    const rows = await api.getRows(spreadsheet, range)
    reads += 1
    for (const [k, found] of rows.entries()) {
      const read = readRow(found)
      const filled = read.filter((cell) => cell !== undefined).length
      if (filled === 0) continue
      if (row + k >= headerRow) cells += filled
      records.push({ row: row + k, cells: read })
      digest.update(JSON.stringify([row + k, read]))
    }
  }
  return { records, reads, digest: digest.digest('hex'), cells }
}

function readRow({ values = [] }: SheetRow): readonly (SheetCell | undefined)[] {
  return values.map(readCell)
}
