/**
 * Loads the tabs of Google Sheets that sources are declared as, before anything that reads them runs, through the kernel that seeds go through.
 * Each table is stamped as ours and says in its comment what it holds, so that a sheet that did not change is not loaded again, and a table of
 * somebody else's is never touched.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { DiagnosticsError, SqlflowError, WarehouseError } from '../core/errors.ts'
import { nodeId } from '../core/node.ts'
import type { SheetSource, SourceTable } from '../core/project.ts'
import { relationKey, relationLabel } from '../core/relation.ts'
import type { GoogleApi, Spreadsheet } from '../exports/destinations/google-sheets/google-api.ts'
import { findTab, missingTab, readTab } from '../exports/sheet-source/read-tab.ts'
import { matchHeader } from '../exports/sheet-source/sheet-header.ts'
import { buildTable, type SheetTable } from '../exports/sheet-source/sheet-table.ts'
import { stampedComment } from '../materializations/aside-names.ts'
import { buildRelation } from './build-relation.ts'
import { fitColumns } from './fit-columns.ts'
import type { SampleContext } from './load-samples.ts'

export interface OpenGoogleOptions {
  readonly signal: AbortSignal
  readonly onWait: (reason: string) => void
  readonly onRetry: (reason: string, attempt: number) => void
}

/** Google Sheets, as the account of the project; undefined where there is none. Throws SqlflowError for one that cannot be used. */
export type FindGoogle = () => Promise<OpenGoogle | undefined>
export type OpenGoogle = (options: OpenGoogleOptions) => Promise<GoogleApi>

export type SheetTableSource = SourceTable & { readonly googleSheet: SheetSource }

export function isSheetTable(source: SourceTable): source is SheetTableSource {
  return source.googleSheet !== undefined
}

/** `context.catalog` holds the schemas of all `sources`. Throws DiagnosticsError with what is wrong with any of them. */
export async function loadSheets(
  context: SampleContext,
  sources: readonly SheetTableSource[],
  open: OpenGoogle | undefined,
): Promise<void> {
  if (sources.length === 0 || !open) return
  const { emitter, signal } = context
  const api = await open({
    signal,
    onWait: (reason) => emitter.emit({ type: 'waiting', reason }),
    onRetry: (reason, attempt) => emitter.emit({ type: 'retrying', reason, attempt }),
  })
  const spreadsheets = new Map<string, Promise<Spreadsheet>>()
  const find = (id: string): Promise<Spreadsheet> => {
    const found = spreadsheets.get(id) ?? api.getSpreadsheet(id)
    spreadsheets.set(id, found)
    return found
  }
  const mistakes: Diagnostic[] = []
  for (const source of sources) mistakes.push(...(await tryToLoad(context, source, { api, find })))
  if (mistakes.length > 0) throw new DiagnosticsError(mistakes, context.readText)
}

interface Google {
  readonly api: GoogleApi
  /** Each is asked for once. */
  readonly find: (id: string) => Promise<Spreadsheet>
}

async function tryToLoad(context: SampleContext, source: SheetTableSource, google: Google): Promise<readonly Diagnostic[]> {
  try {
    return await loadSheet(context, source, google)
  } catch (error) {
    if (!(error instanceof SqlflowError) || context.signal.aborted) throw error
    return [
      errorDiagnostic('sheet-not-loaded', `The sheet of \`${source.name}\` could not be loaded: ${error.message}`, {
        at: source.googleSheet.at,
        hint: error.hint,
      }),
    ]
  }
}

async function loadSheet(context: SampleContext, source: SheetTableSource, google: Google): Promise<readonly Diagnostic[]> {
  const started = context.now().getTime()
  const { googleSheet, columns } = source
  const spreadsheet = await google.find(googleSheet.spreadsheet)
  const tab = findTab(spreadsheet, googleSheet.tab)
  if (!tab) return [missingTab(spreadsheet, googleSheet)]
  const read = await readTab(google.api, googleSheet, tab)
  if (!read.ok) return read.diagnostics
  const { header, records } = read.tab
  const matched = matchHeader({ source, tab: tab.title, header, identifierBytes: context.dialect.identifierBytes })
  if (!matched.ok) return matched.diagnostics
  const { title, timeZone } = spreadsheet.properties ?? {}
  const built = buildTable({
    records,
    taken: matched.columns,
    declared: columns,
    source: googleSheet,
    tab: tab.title,
    timeZone: timeZone ?? 'UTC',
  })
  if (!built.ok) return built.diagnostics
  const written = await writeTable(context, source, tab.title, built.table)
  if (typeof written === 'object') return [written]
  context.emitter.emit({
    type: 'sheet-loaded',
    source: nodeId('source', source.name),
    where: relationLabel(source.relation),
    spreadsheet: title ?? '',
    tab: tab.title,
    rows: built.table.rows,
    unchanged: written === 'unchanged',
    ms: context.now().getTime() - started,
  })
  return []
}

/** A diagnostic where a cell does not fit its type. */
async function writeTable(
  context: SampleContext,
  source: SheetTableSource,
  tab: string,
  table: SheetTable,
): Promise<'written' | 'unchanged' | Diagnostic> {
  const { relation, columns, googleSheet } = source
  const node = nodeId('source', source.name)
  const description = describeSheet(googleSheet, tab, table)
  const existing = context.catalog.relations.get(relationKey(relation))
  if (existing?.comment === stampedComment(description, { project: context.project.name, node })) return 'unchanged'
  const written = { columns: table.columns, delimiter: ',', copyRows: () => piecesOf(table) }
  const contents = { ...written, seedColumns: await fitColumns(written, context.dialect) }
  try {
    await context.withSession((session) => buildRelation(context, session, { node, relation, columns, description, contents }))
    return 'written'
  } catch (error) {
    if (!(error instanceof WarehouseError) || !error.copy || context.signal.aborted) throw error
    const { copy } = error
    const type = table.columns.find(({ name }) => name === copy.column)?.type
    return errorDiagnostic(
      'sheet-value',
      `In tab \`${tab}\`, ${table.placeOf(copy)} does not fit ${type === undefined ? 'the table' : `its type, ${type}`}.`,
      { at: googleSheet.at, hint: 'Correct the cell, or declare another type for its column.' },
    )
  }
}

async function* piecesOf({ pieces }: SheetTable): AsyncGenerator<Uint8Array, void> {
  yield* pieces
}

/** All that decides what the table is. The title of the spreadsheet is not among it: people rename it as they like. */
function describeSheet({ spreadsheet }: SheetSource, tab: string, { digest }: SheetTable): string {
  return `Google Sheet ${spreadsheet}, tab ${tab.replaceAll(/\s+/g, ' ')}, ${digest.slice(0, 16)}.`
}
