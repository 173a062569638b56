/** What selectors and drawings ask of a node, whatever its kind. */
import type { JsonValue } from '../core/project.ts'
import type { GraphNode } from './graph.ts'

/** What it was loaded from. */
export function definitionOf(node: GraphNode): { readonly file: string; readonly describedIn?: string; readonly tags: readonly string[] } {
  switch (node.kind) {
    case 'source':
      return node.source
    case 'seed':
      return node.seed
    case 'model':
      return node.model
    case 'export':
      return node.export
    case 'test':
      return node.test === 'singular' ? node.definition : { file: node.use.at.file, tags: node.use.tags }
    default:
      return node satisfies never
  }
}

export function tagsOf(node: GraphNode): readonly string[] {
  return definitionOf(node).tags
}

/**
 * The files that stand for it in `path:` and `file:`. A generic test has none: it comes with the node that it stands on,
 * as the way of choosing tests says.
 */
export function filesOf(node: GraphNode): readonly string[] {
  if (node.kind === 'test' && node.test === 'generic') return []
  const { file, describedIn } = definitionOf(node)
  return describedIn === undefined ? [file] : [file, describedIn]
}

/** The folders below `models/`, `seeds/` and the like; none for what has no files of its own. */
export function folderPartsOf(node: GraphNode): readonly string[] | undefined {
  if (node.kind === 'source' || (node.kind === 'test' && node.test === 'generic')) return undefined
  return definitionOf(node).file.split('/').slice(1, -1)
}

/** What `config.x:` reads. */
export function configOf(node: GraphNode): Readonly<Record<string, JsonValue>> {
  switch (node.kind) {
    case 'seed':
      return node.seed.config
    case 'model':
      return node.model.config
    case 'source':
      return pick(node.source)
    case 'export':
      return { ...pick(node.export), to: node.export.destination.type }
    case 'test':
      return node.test === 'generic' ? testConfig(node.use) : testConfig(node.definition)
    default:
      return node satisfies never
  }
}

interface Described {
  readonly owner?: string
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, JsonValue>>
}

function pick({ owner, tags, meta }: Described): Readonly<Record<string, JsonValue>> {
  return { ...(owner !== undefined && { owner }), tags, meta }
}

type TestOptionsForSelection = {
  readonly severity: string
  readonly storeFailures: boolean
  readonly warnIf?: string
  readonly errorIf?: string
  readonly limit?: number
}

function testConfig(test: Described & { readonly options: TestOptionsForSelection }): Readonly<Record<string, JsonValue>> {
  const { severity, storeFailures, warnIf, errorIf, limit } = test.options
  return {
    ...pick(test),
    severity,
    store_failures: storeFailures,
    ...(warnIf !== undefined && { warn_if: warnIf }),
    ...(errorIf !== undefined && { error_if: errorIf }),
    ...(limit !== undefined && { limit }),
  }
}
