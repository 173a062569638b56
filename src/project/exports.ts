/** `exports/**\/*.yml`, and `exports/**\/*.sql` with the same keys as front matter: one export a file, named by it. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Export, ExportColumn } from '../core/project.ts'
import { isEnabled } from './buildable-nodes.ts'
import { compact, listOf } from './compact.ts'
import { describedBy } from './description.ts'
import { isUnreadable, keySpan, sqlAt, valueSpan, writtenKeys, type Document, type Path } from './document.ts'
import { resolveDestination, startOf } from './export-destinations.ts'
import { stemOf } from './file-names.ts'
import { addTags } from './folders.ts'
import type { LoadContext } from './load-context.ts'
import type { LoadedSqlFile } from './load-files.ts'
import { checkBody } from './models.ts'
import type { ExportConfig } from './schemas/exports.ts'
import { placeholdersIn } from './spreadsheet-id.ts'
import { parseShare } from './test-uses.ts'

/** `body` where the file is SQL. */
export interface ExportFile {
  readonly document: Document<ExportConfig>
  readonly sql?: LoadedSqlFile<ExportConfig>
}

export function resolveExports(context: LoadContext, files: readonly ExportFile[]): readonly Export[] {
  return files.flatMap((file) => {
    const found = resolveExport(context, file)
    return found ? [found] : []
  })
}

function resolveExport(context: LoadContext, { document, sql }: ExportFile): Export | undefined {
  const { file, value } = document
  const name = stemOf(file)
  const folder = context.folderOf(file)
  const place = { name, file, folder, describedIn: undefined }
  if (!isEnabled(context, 'export', place, describedBy(document))) return undefined
  if (isUnreadable(document)) return undefined
  const read = resolveRead(context, document, sql)
  const columns = resolveColumns(context, document)
  const destination = resolveDestination(context, document, name)
  context.diagnostics.push(...checkParts(document, destination), ...checkFormulas(columns, destination))
  if (!read) return undefined
  return compact<Export>({
    kind: 'export',
    name,
    file,
    at: { file, start: 0, end: 0 },
    description: value.description,
    owner: value.owner ?? folder.owner,
    tags: addTags(folder.tags, listOf(value.tags)),
    meta: { ...folder.meta, ...value.meta },
    read,
    orderBy: listOf(value.order_by),
    columns,
    destination,
    forEach: value.for_each === undefined ? undefined : sqlAt(document, ['for_each'], value.for_each),
    guards: compact<Export['guards']>({
      minRows: value.guards?.min_rows,
      maxShrink: value.guards?.max_shrink === undefined ? undefined : parseShare(value.guards.max_shrink),
      requiredTests: requiredTests(document),
    }),
    enabled: true,
  })
}

/** Exactly one of `from`, `query` and the SQL of the file. */
function resolveRead(context: LoadContext, document: Document<ExportConfig>, sql: ExportFile['sql']): Export['read'] | undefined {
  const { from, query } = document.value
  if (sql) {
    for (const key of ['from', 'query'] as const) {
      if (document.value[key] !== undefined) context.diagnostics.push(readTwice(document, key, 'The SQL of this file is what is read.'))
    }
    context.diagnostics.push(...checkBody(sql))
    return { query: sql.body }
  }
  if (from !== undefined && query !== undefined) context.diagnostics.push(readTwice(document, 'query', '`from` says what is read.'))
  if (from !== undefined) return { from, at: valueSpan(document, ['from']) }
  if (query !== undefined) return { query: sqlAt(document, ['query'], query) }
  const written = writtenKeys(document, [])
  if (written.includes('from') || written.includes('query')) return undefined
  context.diagnostics.push(
    errorDiagnostic('missing-key', 'This export says neither `from` nor `query`.', {
      at: startOf(document),
      hint: 'Write `from: name_of_a_model`, or `query: |` and a SELECT.',
    }),
  )
  return undefined
}

function readTwice(document: Document<ExportConfig>, key: 'from' | 'query', why: string): Diagnostic {
  return errorDiagnostic('said-twice', `\`${key}\` has no place here: ${why}`, { at: keySpan(document, [key]), hint: `Remove \`${key}\`.` })
}

function resolveColumns(context: LoadContext, document: Document<ExportConfig>): readonly ExportColumn[] {
  const { columns } = document.value
  const found = new Map<string, ExportColumn>()
  for (const { name, config, path } of listColumns(columns ?? [])) {
    const column = resolveColumn(name, config, keySpan(document, path))
    const first = found.get(name)
    if (first) context.diagnostics.push(listedTwice(column, first))
    else found.set(name, column)
  }
  return [...found.values()]
}

type ColumnsConfig = NonNullable<ExportConfig['columns']>
type ColumnConfig = Exclude<ColumnsConfig, readonly unknown[]>[string]

interface WrittenColumn {
  readonly name: string
  readonly config: ColumnConfig
  readonly path: Path
}

/** A mapping, or a list of names and of mappings. */
function listColumns(columns: ColumnsConfig): readonly WrittenColumn[] {
  if (!Array.isArray(columns)) return Object.entries(columns).map(([name, config]) => ({ name, config, path: ['columns', name] }))
  return columns.flatMap((item, index): readonly WrittenColumn[] => {
    if (typeof item === 'string') return [{ name: item, config: null, path: ['columns', index] }]
    return Object.entries(item).map(([name, config]) => ({ name, config, path: ['columns', index, name] }))
  })
}

function resolveColumn(name: string, config: ColumnConfig, at: ExportColumn['at']): ExportColumn {
  if (typeof config === 'string') return { name, title: config, at }
  return compact<ExportColumn>({ name, title: config?.title, format: config?.format, formula: config?.formula, at })
}

function listedTwice(column: ExportColumn, first: ExportColumn): Diagnostic {
  return errorDiagnostic('duplicate-column', `The column \`${column.name}\` is listed twice.`, {
    at: column.at,
    hint: 'Remove one of the two.',
    related: [{ message: 'The first one is here.', at: first.at }],
  })
}

function requiredTests(document: Document<ExportConfig>): Export['guards']['requiredTests'] {
  const written = document.value.guards?.required_tests
  if (written === undefined) return undefined
  const path = ['guards', 'required_tests']
  return listOf(written).map((name, index) => ({ name, at: valueSpan(document, Array.isArray(written) ? [...path, index] : path) }))
}

/** A file has no parts: only tabs and spreadsheets can be told apart by a value. */
function checkParts(document: Document<ExportConfig>, destination: Export['destination']): readonly Diagnostic[] {
  if (document.value.for_each === undefined) return []
  if (destination.type !== 'google_sheets') {
    return [
      errorDiagnostic('misplaced-key', `\`for_each\` belongs to Google Sheets; this export writes ${destination.type}.`, {
        at: keySpan(document, ['for_each']),
        hint: 'Remove it, or write one export for each file.',
      }),
    ]
  }
  const named = [destination.spreadsheet, String(destination.tab)].flatMap(placeholdersIn).filter((name) => name !== 'date')
  if (named.length > 0) return []
  return [
    errorDiagnostic('same-destination', 'Every part of `for_each` would be written to one tab.', {
      at: keySpan(document, ['for_each']),
      hint: 'Write a column of its query in braces into `tab` or `spreadsheet`: `tab: "{region_name}"`.',
    }),
  ]
}

function checkFormulas(columns: readonly ExportColumn[], { type }: Export['destination']): readonly Diagnostic[] {
  if (type === 'google_sheets') return []
  return columns
    .filter(({ formula }) => formula === true)
    .map(({ at }) => errorDiagnostic('misplaced-key', `\`formula\` belongs to Google Sheets; this export writes ${type}.`, { at }))
}
