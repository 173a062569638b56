/** What models and seeds have in common: relation, columns, grants, indexes, tests, and the defaults of their folders. */
import type { Column, Index, JsonValue, Model, TestUse } from '../core/project.ts'
import type { RelationName } from '../core/relation.ts'
import type { Span } from '../core/span.ts'
import { compact, listOf } from './compact.ts'
import { keyPlace, valuePlace, type Description } from './description.ts'
import { valueAt, type Document } from './document.ts'
import { addTags, mergeGrants, type FolderDefaults, type Grants } from './folders.ts'
import type { LoadContext } from './load-context.ts'
import { checkRelation, resolveRelation } from './relation-names.ts'
import type { ModelConfig, SeedConfig } from './schemas/nodes.ts'
import { resolveTestUses, type TestedNode } from './test-uses.ts'

type BuildableConfig = ModelConfig | SeedConfig
type ColumnsConfig = BuildableConfig['columns']

export interface BuildableFile {
  readonly name: string
  readonly file: string
  readonly folder: FolderDefaults
  readonly describedIn: string | undefined
}

export type BuildableParts = Omit<Model, 'kind' | 'materialized' | 'sql'>

export function resolveBuildable(context: LoadContext, file: BuildableFile, description: Description<BuildableConfig>): BuildableParts {
  const { value } = description
  const { folder } = file
  const at: Span = { file: file.file, start: 0, end: 0 }
  const grants = mergeGrants(folder.grants, value.grants)
  const tags = addTags(folder.tags, listOf(value.tags))
  const meta = { ...folder.meta, ...value.meta }
  const owner = value.owner ?? folder.owner
  return {
    name: file.name,
    file: file.file,
    ...(file.describedIn !== undefined && { describedIn: file.describedIn }),
    at,
    ...(value.description !== undefined && { description: value.description }),
    ...(owner !== undefined && { owner }),
    tags,
    meta,
    relation: relationOf(context, file, description, at),
    columns: resolveColumns(description, value.columns),
    grants,
    indexes: (value.indexes ?? []).map(resolveIndex),
    primaryKey: listOf(value.primary_key),
    swap: value.swap ?? folder.swap ?? 'rename',
    tests: resolveNodeTests(context, { name: file.name, description, folder }, value),
    config: effectiveConfig(value, folder, { tags, meta, grants }),
  }
}

function relationOf(context: LoadContext, file: BuildableFile, description: Description<BuildableConfig>, at: Span): RelationName {
  const { value } = description
  const place = value.alias === undefined ? at : valuePlace(description, ['alias'])
  const relation = resolveRelation(context.target, {
    schema: value.schema ?? file.folder.schema,
    name: value.alias ?? file.name,
  })
  context.diagnostics.push(...checkRelation(relation, place))
  return relation
}

/** The tests of a node: its own, then those of its columns. */
export function resolveNodeTests(
  context: LoadContext,
  node: TestedNode,
  value: Pick<BuildableConfig, 'tests' | 'columns'>,
): readonly TestUse[] {
  const own = resolveTestUses(context, node, { entries: value.tests, path: ['tests'] })
  const ofColumns = Object.entries(value.columns ?? {}).flatMap(([column, config]) => {
    const entries = typeof config === 'object' && config !== null ? config.tests : undefined
    return resolveTestUses(context, node, { entries, path: ['columns', column, 'tests'], column })
  })
  return [...own, ...ofColumns]
}

export function resolveColumns(description: Description<unknown>, columns: ColumnsConfig): readonly Column[] {
  return Object.entries(columns ?? {}).map(([name, config]) => resolveColumn(name, config, columnPlace(description, name)))
}

type ColumnConfig = NonNullable<ColumnsConfig>[string]

function resolveColumn(name: string, config: ColumnConfig, at: Span): Column {
  if (config === null) return { name, sensitive: false, at }
  if (typeof config === 'string') return { name, description: config, sensitive: false, at }
  return {
    name,
    ...(config.description !== undefined && { description: config.description }),
    ...(config.type !== undefined && { type: config.type }),
    sensitive: config.sensitive ?? false,
    at,
  }
}

/** An empty column is there with the value null, which no document "says". */
function columnPlace(description: Description<unknown>, name: string): Span {
  if (description.documents.length === 1) return keyPlace(description, ['columns', name])
  const owner = description.documents.find((one) => hasColumn(one, name))
  return keyPlace(owner ? { value: owner.value, documents: [owner] } : description, ['columns', name])
}

function hasColumn(document: Document<unknown>, name: string): boolean {
  const columns = valueAt(document.value as JsonValue, ['columns'])
  return typeof columns === 'object' && columns !== null && Object.hasOwn(columns, name)
}

function resolveIndex(written: NonNullable<BuildableConfig['indexes']>[number]): Index {
  if (typeof written === 'string' || Array.isArray(written)) return { columns: listOf(written), unique: false }
  return compact<Index>({ columns: listOf(written.columns), unique: written.unique ?? false, method: written.method })
}

interface Merged {
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, JsonValue>>
  readonly grants: Grants
}

/** As `config.x:` selectors and manifests see it: without what is documentation or stands by itself. */
function effectiveConfig(value: BuildableConfig, folder: FolderDefaults, merged: Merged): Readonly<Record<string, JsonValue>> {
  const { columns: _columns, tests: _tests, description: _description, ...own } = value
  const { severity: _severity, store_failures: _kept, ...defaults } = folder
  return { enabled: true, ...defaults, ...own, ...merged }
}

/** Whether a node is part of the project; one that is not is remembered, so that a ref to it can say why. */
export function isEnabled(
  context: LoadContext,
  kind: LoadContext['disabled'][number]['kind'],
  node: BuildableFile,
  description: Description<{ readonly enabled?: boolean }>,
): boolean {
  const own = description.value.enabled
  if (own ?? node.folder.enabled ?? true) return true
  const at = own === false ? keyPlace(description, ['enabled']) : { file: node.file, start: 0, end: 0 }
  context.disabled.push({ kind, name: node.name, at })
  return false
}
