/** Tables that someone else owns, as YAML declares them. Their names are as written: no pattern of the target applies. */
import { errorDiagnostic } from '../core/diagnostic.ts'
import type { SourceTable } from '../core/project.ts'
import { resolveColumns, resolveNodeTests } from './buildable-nodes.ts'
import { compact, listOf } from './compact.ts'
import { describedBy, valuePlace } from './description.ts'
import { keySpan, subDocument } from './document.ts'
import { addTags } from './folders.ts'
import type { LoadContext } from './load-context.ts'
import type { PropertyEntry } from './property-entries.ts'
import type { SourceConfig } from './schemas/nodes.ts'

/** `csvFiles`: the CSV files of the project, which samples must be among. */
export function resolveSources(context: LoadContext, csvFiles: readonly string[]): readonly SourceTable[] {
  const known = new Set(csvFiles)
  return [...context.properties.sources].flatMap(([source, entry]) => resolveSource(context, source, entry, known))
}

function resolveSource(
  context: LoadContext,
  source: string,
  entry: PropertyEntry<SourceConfig>,
  csvFiles: ReadonlySet<string>,
): readonly SourceTable[] {
  const { value } = entry.document
  return Object.entries(value.tables).map(([table, written]) => {
    const config = written ?? {}
    const folder = context.folderOf(entry.at.file)
    const description = describedBy(subDocument(entry.document, ['tables', table], config))
    const name = `${source}.${table}`
    if (config.sample !== undefined && !csvFiles.has(config.sample)) {
      context.diagnostics.push(
        errorDiagnostic('missing-sample', `There is no file \`${config.sample}\` in seeds.`, { at: valuePlace(description, ['sample']) }),
      )
    }
    return compact<SourceTable>({
      kind: 'source',
      name,
      source,
      table,
      file: entry.at.file,
      at: keySpan(entry.document, ['tables', table]),
      description: config.description ?? value.description,
      owner: config.owner ?? value.owner ?? folder.owner,
      tags: addTags(addTags(folder.tags, listOf(value.tags)), listOf(config.tags)),
      meta: { ...folder.meta, ...value.meta, ...config.meta },
      relation: { schema: value.schema ?? source, name: config.relation ?? table },
      sample: config.sample,
      columns: resolveColumns(description, config.columns),
      tests: resolveNodeTests(context, { name, description, folder }, config),
    })
  })
}
