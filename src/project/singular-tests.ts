/** `tests/**\/*.sql`: a SELECT of failing rows a file. */
import type { SingularTest } from '../core/project.ts'
import { isEnabled, resolveColumns } from './buildable-nodes.ts'
import { compact, listOf } from './compact.ts'
import { describedBy, documentAt, mergeDescriptions, type Description } from './description.ts'
import { sqlAt } from './document.ts'
import { stemOf } from './file-names.ts'
import { addTags } from './folders.ts'
import type { LoadContext } from './load-context.ts'
import type { LoadedSqlFile } from './load-files.ts'
import { checkBody } from './models.ts'
import type { SingularTestConfig } from './schemas/tests.ts'
import { resolveTestOptions } from './test-uses.ts'

export function resolveSingularTests(context: LoadContext, files: readonly LoadedSqlFile<SingularTestConfig>[]): readonly SingularTest[] {
  return files.flatMap((file) => {
    const test = resolveSingularTest(context, file)
    return test ? [test] : []
  })
}

function resolveSingularTest(context: LoadContext, file: LoadedSqlFile<SingularTestConfig>): SingularTest | undefined {
  const name = stemOf(file.file)
  const entry = context.properties.tests.get(name)
  const description: Description<SingularTestConfig> = entry
    ? mergeDescriptions([file.document, entry.document], context.diagnostics)
    : describedBy(file.document)
  const folder = context.folderOf(file.file)
  if (!isEnabled(context, 'test', { name, file: file.file, folder, describedIn: entry?.at.file }, description)) return undefined
  context.diagnostics.push(...checkBody(file))
  const { value } = description
  const where = value.where === undefined ? undefined : sqlAt(documentAt(description, ['where']), ['where'], value.where)
  const { columns: _columns, ...options } = value
  return compact<SingularTest>({
    kind: 'singular-test',
    name,
    file: file.file,
    describedIn: entry?.at.file,
    at: { file: file.file, start: 0, end: 0 },
    description: value.description,
    owner: value.owner ?? folder.owner,
    tags: addTags(folder.tags, listOf(value.tags)),
    meta: { ...folder.meta, ...value.meta },
    sql: file.body,
    options: resolveTestOptions(options, folder, where),
    columns: resolveColumns(value.columns),
  })
}
