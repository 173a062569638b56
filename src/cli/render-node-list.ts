/** Nodes as `list` prints them. */
import { relationLabel } from '../core/relation.ts'
import type { GraphNode } from '../graph/graph.ts'
import type { Style } from './style.ts'
import { renderTextTable } from './text-table.ts'

/** One node, for people and for `--json`. */
export interface NodeDescription {
  readonly id: string
  readonly kind: string
  readonly name: string
  /** `view`, `csv`, `unique`. */
  readonly what: string
  readonly relation?: string
  readonly file: string
  readonly tags: readonly string[]
  readonly parents: readonly string[]
  readonly description?: string
  readonly owner?: string
}

export function describeNode(node: GraphNode): NodeDescription {
  const { id, kind, name, parents } = node
  const common = { id, kind, name, parents }
  switch (node.kind) {
    case 'model':
      return { ...common, what: node.model.materialized, ...relationOf(node.model), ...facts(node.model) }
    case 'seed':
      return { ...common, what: 'seed', ...relationOf(node.seed), ...facts(node.seed) }
    case 'source':
      return { ...common, what: 'source', ...relationOf(node.source), ...facts(node.source) }
    case 'export':
      return { ...common, what: node.export.destination.type, ...facts(node.export) }
    case 'test':
      return node.test === 'generic'
        ? { ...common, what: node.use.test, ...facts({ ...node.use, file: node.use.at.file }) }
        : { ...common, what: 'singular', ...facts(node.definition) }
  }
}

function relationOf(node: { readonly relation: { readonly schema: string; readonly name: string } }): { readonly relation: string } {
  return { relation: relationLabel(node.relation) }
}

interface Described {
  readonly file: string
  readonly tags: readonly string[]
  readonly description?: string
  readonly owner?: string
}

function facts({ file, tags, description, owner }: Described): Described {
  return { file, tags, ...(description !== undefined && { description }), ...(owner !== undefined && { owner }) }
}

/** Ends in a line break, unless there is nothing to list. */
export function renderNodeList(nodes: readonly NodeDescription[], format: string, style: Style): string {
  if (nodes.length === 0) return ''
  switch (format) {
    case 'json':
      return nodes.map((node) => `${JSON.stringify(node)}\n`).join('')
    case 'names':
      return nodes.map((node) => `${node.name}\n`).join('')
    case 'paths':
      return nodes.map((node) => `${node.file}\n`).join('')
    default:
      return `${renderTextTable({
        columns: ['kind', 'name', 'what', 'relation', 'file', 'tags'],
        rows: nodes.map((node) => [node.kind, node.name, node.what, node.relation ?? '', node.file, node.tags.join(' ')]),
        head: (text) => style('dim', text),
      })}\n`
  }
}
