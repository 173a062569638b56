/**
 * Tables that someone else owns, as YAML declares them. Their names are as written: no pattern of the target applies. The tables of one
 * source may be spread over several files; what holds for all of them is said in one.
 */
import { errorDiagnostic } from '../core/diagnostic.ts'
import type { SourceTable } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import { dialectOf } from '../dialects/dialect-of.ts'
import { placeColumns, resolveColumns, resolveNodeTests } from './buildable-nodes.ts'
import { compact, listOf } from './compact.ts'
import { describedBy, keyPlace, mergeDescriptions, valuePlace, type Description } from './description.ts'
import { keySpan, subDocument, type Document } from './document.ts'
import { addTags } from './folders.ts'
import type { LoadContext } from './load-context.ts'
import type { PropertyEntry, SourceParts } from './property-entries.ts'
import { storedRelation } from './relation-names.ts'
import type { SourceConfig } from './schemas/nodes.ts'
import { resolveSheetSource } from './sheet-sources.ts'

/** `csvFiles`: the CSV files of the project, which samples must be among. */
export function resolveSources(context: LoadContext, csvFiles: readonly string[]): readonly SourceTable[] {
  const known = new Set(csvFiles)
  return [...context.properties.sources].flatMap(([source, parts]) => resolveSource(context, source, parts, known))
}

function resolveSource(context: LoadContext, name: string, parts: SourceParts, csvFiles: ReadonlySet<string>): readonly SourceTable[] {
  const [first, ...others] = parts
  const whole: Source = {
    name,
    shared: mergeDescriptions([withoutTables(first), ...others.map(withoutTables)], context.diagnostics),
    csvFiles,
  }
  const tables = new Map<string, WrittenTable>()
  for (const part of parts) {
    for (const [table, config] of Object.entries(part.document.value.tables)) {
      const written = { table, config: config ?? {}, document: part.document }
      const known = tables.get(table)
      if (known) reportTwice(context, name, written, known)
      else tables.set(table, written)
    }
  }
  return [...tables.values()].flatMap((written) => resolveTable(context, whole, written))
}

type SharedConfig = Omit<SourceConfig, 'tables'>

interface Source {
  readonly name: string
  readonly shared: Description<SharedConfig>
  readonly csvFiles: ReadonlySet<string>
}

interface WrittenTable {
  readonly table: string
  readonly config: NonNullable<SourceConfig['tables'][string]>
  /** Of the part of the source that has it. */
  readonly document: Document<SourceConfig>
}

function withoutTables({ document }: PropertyEntry<SourceConfig>): Document<SharedConfig> {
  const { tables: _tables, ...value } = document.value
  return { ...document, value }
}

function resolveTable(context: LoadContext, source: Source, written: WrittenTable): readonly SourceTable[] {
  const { table, config, document } = written
  const { value: shared } = source.shared
  const folder = context.folderOf(document.file)
  const description = describedBy(subDocument(document, ['tables', table], config))
  const name = `${source.name}.${table}`
  const at = keySpan(document, ['tables', table])
  const disabledAt = placeOfDisabling(source, description, { own: config.enabled, folder: folder.enabled, at })
  if (disabledAt) {
    context.disabled.push({ kind: 'source', name, at: disabledAt })
    return []
  }
  checkSample(context, source, description, config.sample)
  const dialect = dialectOf(context.target)
  const database = dialect.readsOtherDatabases && config.google_sheet === undefined ? shared.database : undefined
  const relation = { ...(database !== undefined && { database }), schema: shared.schema ?? source.name, name: config.relation ?? table }
  return [
    compact<SourceTable>({
      kind: 'source',
      name,
      source: source.name,
      table,
      file: document.file,
      at,
      description: config.description ?? shared.description,
      owner: config.owner ?? shared.owner ?? folder.owner,
      tags: addTags(addTags(folder.tags, listOf(shared.tags)), listOf(config.tags)),
      meta: { ...folder.meta, ...shared.meta, ...config.meta },
      relation: storedRelation(relation, dialect),
      sample: database === undefined ? config.sample : undefined, // nothing is written to another database
      googleSheet: config.google_sheet && resolveSheetSource(context, description, config.google_sheet),
      columns: placeColumns(description, resolveColumns(config.columns)),
      tests: resolveNodeTests(context, { name, description, folder }, config),
    }),
  ]
}

/** The table's own word, then that of the source, then that of the folder. Undefined where the project has the table. */
function placeOfDisabling(
  { shared }: Source,
  table: Description<unknown>,
  { own, folder, at }: { readonly own: boolean | undefined; readonly folder: boolean | undefined; readonly at: Span },
): Span | undefined {
  if (own !== undefined) return own ? undefined : keyPlace(table, ['enabled'])
  if (shared.value.enabled !== undefined) return shared.value.enabled ? undefined : keyPlace(shared, ['enabled'])
  return folder === false ? at : undefined
}

function checkSample(context: LoadContext, { csvFiles }: Source, description: Description<unknown>, sample: string | undefined): void {
  if (sample === undefined || csvFiles.has(sample)) return
  context.diagnostics.push(
    errorDiagnostic('missing-sample', `There is no file \`${sample}\` in seeds.`, { at: valuePlace(description, ['sample']) }),
  )
}

function reportTwice(context: LoadContext, source: string, written: WrittenTable, first: WrittenTable): void {
  const placeOf = ({ document, table }: WrittenTable): ReturnType<typeof keySpan> => keySpan(document, ['tables', table])
  context.diagnostics.push(
    errorDiagnostic('said-twice', `The table \`${source}.${written.table}\` is declared a second time.`, {
      at: placeOf(written),
      hint: 'Join the two.',
      related: [{ message: 'The first one is here.', at: placeOf(first) }],
    }),
  )
}
