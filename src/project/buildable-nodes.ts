/** What models and seeds have in common: relation, columns, grants, indexes, tests, and the defaults of their folders. */
import type { Column, Index, JsonValue, Model, PlacedColumn, TestUse } from '../core/project.ts'
import type { RelationName } from '../core/relation.ts'
import type { Span } from '../core/span.ts'
import { dialectOf } from '../dialects/dialect-of.ts'
import { compact, listOf } from './compact.ts'
import { keyPlace, valuePlace, type Description } from './description.ts'
import { checkDesign, resolveDesign } from './design.ts'
import { addTags, mergeGrants, type FolderDefaults } from './folders.ts'
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

/** `extra` is added to the configuration. There is one of these for every model: keys that may be absent come last, because spreading them is slow. */
export function resolveBuildable(
  context: LoadContext,
  file: BuildableFile,
  description: Description<BuildableConfig>,
  extra: Pick<Partial<Model>, 'materialized'> = {},
): BuildableParts {
  const { value } = description
  const { folder } = file
  const at: Span = { file: file.file, start: 0, end: 0 }
  const grants = mergeGrants(folder.grants, value.grants)
  const tags = addTags(folder.tags, listOf(value.tags))
  const meta = { ...folder.meta, ...value.meta }
  const owner = value.owner ?? folder.owner
  const parts: Writable<BuildableParts> = {
    name: file.name,
    file: file.file,
    at,
    tags,
    meta,
    relation: relationOf(context, file, description, at),
    columns: resolveColumns(value.columns),
    grants,
    indexes: (value.indexes ?? []).map(resolveIndex),
    primaryKey: listOf(value.primary_key),
    renamedFrom: [value.renamed_from ?? []].flat().map((former) => ({ ...former, at: valuePlace(description, ['renamed_from']) })),
    swap: value.swap ?? folder.swap ?? 'rename',
    design: resolveDesign(value, folder),
    tests: resolveNodeTests(context, { name: file.name, description, folder }, value),
    config: { ...effectiveConfig(value, folder), tags, meta, grants, ...extra },
  }
  if (file.describedIn !== undefined) parts.describedIn = file.describedIn
  if (value.description !== undefined) parts.description = value.description
  if (owner !== undefined) parts.owner = owner
  context.diagnostics.push(...checkDesign(description, { kind: extra.materialized ?? 'seed', ...parts }))
  return parts
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function relationOf(context: LoadContext, file: BuildableFile, description: Description<BuildableConfig>, at: Span): RelationName {
  const { value } = description
  const place = value.alias === undefined ? at : valuePlace(description, ['alias'])
  const relation = resolveRelation(context.target, {
    schema: value.schema ?? file.folder.schema,
    name: value.alias ?? file.name,
  })
  context.diagnostics.push(...checkRelation(relation, place, dialectOf(context.target)))
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
    return entries === undefined ? [] : resolveTestUses(context, node, { entries, path: ['columns', column, 'tests'], column })
  })
  return [...own, ...ofColumns]
}

export function resolveColumns(columns: ColumnsConfig): readonly Column[] {
  return Object.entries(columns ?? {}).map(([name, config]) => resolveColumn(name, config))
}

type ColumnConfig = NonNullable<ColumnsConfig>[string]

function resolveColumn(name: string, config: ColumnConfig): Column {
  if (config === null) return { name, sensitive: false }
  if (typeof config === 'string') return { name, description: config, sensitive: false }
  return {
    name,
    ...(config.description !== undefined && { description: config.description }),
    ...(config.type !== undefined && { type: config.type }),
    ...(config.encode !== undefined && { encode: config.encode }),
    sensitive: config.sensitive ?? false,
  }
}

export function placeColumns(description: Description<unknown>, columns: readonly Column[]): readonly PlacedColumn[] {
  return columns.map((column) => ({ ...column, at: keyPlace(description, ['columns', column.name]) }))
}

function resolveIndex(written: NonNullable<BuildableConfig['indexes']>[number]): Index {
  if (typeof written === 'string' || Array.isArray(written)) return { columns: listOf(written), unique: false }
  return compact<Index>({ columns: listOf(written.columns), unique: written.unique ?? false, method: written.method })
}

/** As `config.x:` selectors and manifests see it: without what is documentation or stands by itself. */
function effectiveConfig(value: BuildableConfig, folder: FolderDefaults): Readonly<Record<string, JsonValue>> {
  const { columns: _columns, tests: _tests, description: _description, ...own } = value
  const { severity: _severity, store_failures: _kept, ...defaults } = folder
  return { enabled: true, ...defaults, ...own }
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
