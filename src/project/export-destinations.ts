/** `to:` of an export: exactly one destination, every default filled in. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { ExportDestination, FileDestination, SheetDestination, SheetStamp } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import { compact, listOf } from './compact.ts'
import { keySpan, valueSpan, type Document, type Path } from './document.ts'
import type { LoadContext } from './load-context.ts'
import type { ExportConfig } from './schemas/exports.ts'
import { parseSpreadsheet, placeholdersIn } from './spreadsheet-id.ts'

const fileTypes = ['csv', 'jsonl', 'json', 'xlsx'] as const
const destinationTypes = [...fileTypes, 'google_sheets'] as const

/** Where a mistake leaves it open, one is assumed, so that what the export reads is checked all the same. */
export function resolveDestination(context: LoadContext, document: Document<ExportConfig>, name: string): ExportDestination {
  const to = document.value.to ?? {}
  const given = destinationTypes.filter((type) => to[type] !== undefined)
  const [type = 'csv'] = given
  const isReported = given.length === 0 && document.diagnostics.some((one) => one.severity === 'error')
  if (given.length !== 1 && !isReported) context.diagnostics.push(notOneDestination(document, given))
  return type === 'google_sheets' ? resolveSheet(context, document, name) : resolveFile(document, type, name)
}

function resolveFile(document: Document<ExportConfig>, type: FileDestination['type'], name: string): FileDestination {
  const to = document.value.to ?? {}
  const { csv = {}, xlsx = {} } = to
  return compact<FileDestination>({
    type,
    path: to[type]?.path ?? `${name}.${type}`,
    at: placeOfPath(document, type),
    neutralizeFormulas: csv.neutralize_formulas ?? false,
    delimiter: csv.delimiter ?? ',',
    header: csv.header ?? xlsx.header ?? true,
    nullText: csv.null_text ?? '',
    bom: csv.bom ?? false,
    sheet: xlsx.sheet,
  })
}

function placeOfPath(document: Document<ExportConfig>, type: FileDestination['type']): Span {
  const destination = document.value.to?.[type]
  if (destination === undefined) return startOf(document)
  return destination.path === undefined ? keySpan(document, ['to', type]) : valueSpan(document, ['to', type, 'path'])
}

/** The first byte of a document. */
export function startOf(document: Document<unknown>): Span {
  const [start] = document.place()
  return { file: document.file, start, end: start }
}

function notOneDestination(document: Document<ExportConfig>, given: readonly string[]): Diagnostic {
  const message =
    given.length === 0 ? 'This export has no destination.' : `This export has ${given.length} destinations: ${given.join(', ')}.`
  return errorDiagnostic('one-destination', message, {
    at: document.value.to === undefined ? startOf(document) : keySpan(document, ['to']),
    hint: `Write one under \`to:\`, such as \`to: { csv: { path: turf.csv } }\`. Known are ${destinationTypes.join(', ')}.`,
  })
}

type SheetConfig = NonNullable<NonNullable<ExportConfig['to']>['google_sheets']>

const here: Path = ['to', 'google_sheets']

function resolveSheet(context: LoadContext, document: Document<ExportConfig>, name: string): SheetDestination {
  const config = document.value.to?.google_sheets ?? { spreadsheet: '' }
  const mode = config.mode ?? 'replace'
  const spreadsheet = config.spreadsheet ?? ''
  context.diagnostics.push(...checkSheet(document, config))
  return compact<SheetDestination>({
    type: 'google_sheets',
    spreadsheet,
    tab: config.tab ?? (mode === 'snapshot' ? `${name} {date}` : (parseSpreadsheet(spreadsheet)?.gid ?? name)),
    start: parseCell(config.start ?? 'A1'),
    header: config.header ?? true,
    mode,
    key: listOf(config.key),
    onRemoved: config.on_removed ?? 'keep',
    onNewColumns: config.on_new_columns ?? 'refuse',
    nullText: config.null_text ?? '',
    bigNumbers: config.big_numbers ?? 'text',
    longText: config.long_text ?? 'error',
    timeZone: config.time_zone,
    keep: config.keep,
    stamp: config.stamp === undefined ? undefined : resolveStamp(config.stamp),
    at: config.spreadsheet === undefined ? keySpan(document, here) : valueSpan(document, [...here, 'spreadsheet']),
  })
}

function resolveStamp(stamp: NonNullable<SheetConfig['stamp']>): SheetStamp {
  if (stamp === 'header_note') return { cell: 'header_note', time: 'changed' }
  return { cell: stamp.cell === undefined ? 'header_note' : parseCell(stamp.cell), time: stamp.time ?? 'changed' }
}

/** `B3` is row 2 of column 1. */
function parseCell(written: string): { readonly row: number; readonly column: number } {
  const [, letters = 'A', digits = '1'] = /^([A-Za-z]+)(\d+)$/.exec(written) ?? []
  const column =
    letters
      .toUpperCase()
      .split('')
      .reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return { row: Number(digits) - 1, column }
}

/** What a schema cannot say: keys that only some modes have, names that mean nothing. */
function checkSheet(document: Document<ExportConfig>, config: SheetConfig): readonly Diagnostic[] {
  const mistakes: Diagnostic[] = []
  const mode = config.mode ?? 'replace'
  const at = (key: string): Span => valueSpan(document, [...here, key])
  if (config.spreadsheet === undefined) return []
  const written = config.spreadsheet
  const open = [written, ...(typeof config.tab === 'string' ? [config.tab.replaceAll('{date}', '')] : [])].flatMap(placeholdersIn)
  if (!parseSpreadsheet(written) && placeholdersIn(written).length === 0) {
    mistakes.push(
      errorDiagnostic('bad-spreadsheet', `\`${written}\` is neither the URL nor the id of a spreadsheet.`, {
        at: at('spreadsheet'),
        hint: 'Copy the address of the browser while the spreadsheet is open: https://docs.google.com/spreadsheets/d/.../edit.',
      }),
    )
  }
  if (open.length > 0 && document.value.for_each === undefined) {
    mistakes.push(
      errorDiagnostic('for-each-missing', `\`{${open[0]}}\` stands for a column of \`for_each\`, which this export does not have.`, {
        at: valueSpan(document, here),
        hint: 'Write `for_each: |` and a SELECT with that column, or the name without braces.',
      }),
    )
  }
  if (mode === 'upsert' && listOf(config.key).length === 0) {
    mistakes.push(
      errorDiagnostic('missing-key', 'The mode `upsert` needs `key`: the columns whose values name a row.', {
        at: at('mode'),
        hint: 'Write `key: person_id`.',
      }),
    )
  }
  if (mode === 'snapshot' && config.tab !== undefined && !String(config.tab).includes('{date}')) {
    mistakes.push(
      errorDiagnostic('invalid-value', 'The mode `snapshot` makes a tab for each day, so `tab` must hold `{date}`.', {
        at: at('tab'),
        hint: `For example: \`tab: "${String(config.tab)} {date}"\`.`,
      }),
    )
  }
  if (mode === 'upsert' && config.header === false) {
    mistakes.push(
      errorDiagnostic('invalid-value', 'The mode `upsert` finds its columns by their header, so `header: false` has no place here.', {
        at: at('header'),
      }),
    )
  }
  const onlyFor = { on_removed: 'upsert', keep: 'snapshot', on_new_columns: 'replace' } as const
  for (const key of ['on_removed', 'keep', 'on_new_columns'] as const) {
    if (config[key] === undefined || mode === onlyFor[key]) continue
    mistakes.push(
      errorDiagnostic('misplaced-key', `\`${key}\` belongs to the mode \`${onlyFor[key]}\`; this export has \`${mode}\`.`, {
        at: keySpan(document, [...here, key]),
        hint: `Remove \`${key}\`, or write \`mode: ${onlyFor[key]}\`.`,
      }),
    )
  }
  if (config.time_zone !== undefined && !isTimeZone(config.time_zone)) {
    mistakes.push(
      errorDiagnostic('bad-time-zone', `\`${config.time_zone}\` is no time zone.`, {
        at: at('time_zone'),
        hint: 'Write a name such as `America/New_York`.',
      }),
    )
  }
  return mistakes
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}
