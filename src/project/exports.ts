/** `exports/**\/*.yml`, and `exports/**\/*.sql` with the same keys as front matter: one export a file, named by it. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Export, ExportColumn, FileDestination } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import { isEnabled } from './buildable-nodes.ts'
import { compact, listOf } from './compact.ts'
import { describedBy } from './description.ts'
import { isUnreadable, keySpan, sqlAt, valueSpan, writtenKeys, type Document, type Path } from './document.ts'
import { stemOf } from './file-names.ts'
import { addTags } from './folders.ts'
import type { LoadContext } from './load-context.ts'
import type { LoadedSqlFile } from './load-files.ts'
import { checkBody } from './models.ts'
import type { ExportConfig } from './schemas/exports.ts'
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
    guards: compact<Export['guards']>({
      minRows: value.guards?.min_rows,
      maxShrink: value.guards?.max_shrink === undefined ? undefined : parseShare(value.guards.max_shrink),
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
      at: atStart(document),
      hint: 'Write `from: name_of_a_model`, or `query: |` and a SELECT.',
    }),
  )
  return undefined
}

function readTwice(document: Document<ExportConfig>, key: 'from' | 'query', why: string): Diagnostic {
  return errorDiagnostic('said-twice', `\`${key}\` has no place here: ${why}`, { at: keySpan(document, [key]), hint: `Remove \`${key}\`.` })
}

function atStart(document: Document<unknown>): Span {
  const [start] = document.place()
  return { file: document.file, start, end: start }
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
  return compact<ExportColumn>({ name, title: config?.title, format: config?.format, at })
}

function listedTwice(column: ExportColumn, first: ExportColumn): Diagnostic {
  return errorDiagnostic('duplicate-column', `The column \`${column.name}\` is listed twice.`, {
    at: column.at,
    hint: 'Remove one of the two.',
    related: [{ message: 'The first one is here.', at: first.at }],
  })
}

const destinationTypes = ['csv', 'jsonl', 'json', 'xlsx'] as const

/** Where a mistake leaves it open, one is assumed, so that what the export reads is checked all the same. */
function resolveDestination(context: LoadContext, document: Document<ExportConfig>, name: string): FileDestination {
  const to = document.value.to ?? {}
  const given = destinationTypes.filter((type) => to[type] !== undefined)
  const [type = 'csv'] = given
  const isReported = given.length === 0 && document.diagnostics.some((one) => one.severity === 'error')
  if (given.length !== 1 && !isReported) context.diagnostics.push(notOneDestination(document, given))
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
  if (destination === undefined) return atStart(document)
  return destination.path === undefined ? keySpan(document, ['to', type]) : valueSpan(document, ['to', type, 'path'])
}

function notOneDestination(document: Document<ExportConfig>, given: readonly string[]): Diagnostic {
  const message =
    given.length === 0 ? 'This export has no destination.' : `This export has ${given.length} destinations: ${given.join(', ')}.`
  return errorDiagnostic('one-destination', message, {
    at: document.value.to === undefined ? atStart(document) : keySpan(document, ['to']),
    hint: `Write one under \`to:\`, such as \`to: { csv: { path: turf.csv } }\`. Known are ${destinationTypes.join(', ')}.`,
  })
}
