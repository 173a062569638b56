/** `models/**\/*.sql`: one model a file, named by it. */
import { errorDiagnostic, warningDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Model } from '../core/project.ts'
import { dialectOf } from '../dialects/dialect-of.ts'
import { isEnabled, resolveBuildable, type BuildableFile } from './buildable-nodes.ts'
import { describedBy, keyPlace, mergeDescriptions, type Description } from './description.ts'
import { stemOf } from './file-names.ts'
import type { LoadContext } from './load-context.ts'
import type { LoadedSqlFile } from './load-files.ts'
import type { ModelConfig } from './schemas/nodes.ts'

export function resolveModels(context: LoadContext, files: readonly LoadedSqlFile<ModelConfig>[]): readonly Model[] {
  return files.flatMap((file) => {
    const model = resolveModel(context, file)
    return model ? [model] : []
  })
}

function resolveModel(context: LoadContext, file: LoadedSqlFile<ModelConfig>): Model | undefined {
  const name = stemOf(file.file)
  const entry = context.properties.models.get(name)
  const description: Description<ModelConfig> = entry
    ? mergeDescriptions([file.document, entry.document], context.diagnostics)
    : describedBy(file.document)
  const place: BuildableFile = { name, file: file.file, folder: context.folderOf(file.file), describedIn: entry?.at.file }
  if (!isEnabled(context, 'model', place, description)) return undefined
  context.diagnostics.push(...checkBody(file))
  const materialized = description.value.materialized ?? place.folder.materialized ?? 'view'
  if (materialized !== 'table' && description.value.swap !== undefined) context.diagnostics.push(uselessSwap(description))
  if (materialized === 'materialized_view' && description.value.primary_key !== undefined) context.diagnostics.push(keyless(description))
  const { columns, ...parts } = resolveBuildable(context, place, description, { materialized })
  const { storedName } = dialectOf(context.target)
  return {
    ...parts,
    columns: columns.map((column) => ({ ...column, name: storedName(column.name) })),
    kind: 'model',
    materialized,
    sql: file.body,
  }
}

function uselessSwap(description: Description<ModelConfig>): Diagnostic {
  return warningDiagnostic('useless-key', '`swap` means nothing to a model that is no table.', {
    at: keyPlace(description, ['swap']),
    hint: 'Remove the line, or say `materialized: table`.',
  })
}

function keyless(description: Description<ModelConfig>): Diagnostic {
  return errorDiagnostic('useless-key', 'A materialized view has no `primary_key`.', {
    at: keyPlace(description, ['primary_key']),
    hint: 'Write a unique index: `indexes: [{ columns: [...], unique: true }]`.',
  })
}

/** A file with front matter or comments alone selects nothing. */
export function checkBody(file: LoadedSqlFile<unknown>): readonly Diagnostic[] {
  if (!file.isWhole || hasStatement(file.body.text)) return []
  return [
    errorDiagnostic('empty-sql', `\`${file.file}\` holds no SQL.`, {
      at: { file: file.file, start: 0, end: 0 },
      hint: 'Write one SELECT, or delete the file.',
    }),
  ]
}

const comments = /--[^\n]*|\/\*[\s\S]*?\*\/|\{\{!--[\s\S]*?--\}\}|\{\{![^}]*\}\}|[\s;]+/y

function hasStatement(sql: string): boolean {
  comments.lastIndex = 0
  let at = 0
  while (comments.test(sql)) at = comments.lastIndex
  return at < sql.length
}
