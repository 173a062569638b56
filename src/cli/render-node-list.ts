/** Nodes as `list` prints them. */
import type { SourceTable } from '../core/project.ts'
import { relationLabel } from '../core/relation.ts'
import type { GraphNode } from '../graph/graph.ts'
import type { Style } from './style.ts'
import { lineWidth, renderTextTable } from './text-table.ts'

/** One node, for people and for `--json`. */
export interface NodeDescription {
  readonly id: string
  readonly kind: string
  readonly name: string
  /** `view`, `csv`, `unique`. */
  readonly what: string
  /** Of what has one: `staging.stg_events`. */
  readonly relation?: string
  /** Of a source that has one: the CSV that stands in where the target lacks the table. */
  readonly sample?: string
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
      return {
        ...common,
        what: node.model.materialized,
        ...(node.model.materialized !== 'ephemeral' && relationOf(node.model)),
        ...facts(node.model),
      }
    case 'seed':
      return { ...common, what: 'seed', ...relationOf(node.seed), ...facts(node.seed) }
    case 'source':
      return { ...common, what: 'source', ...relationOf(node.source), ...sampleOf(node.source), ...facts(node.source) }
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

function sampleOf({ sample }: SourceTable): { readonly sample?: string } {
  return sample === undefined ? {} : { sample }
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

export interface NodeListOptions {
  readonly format: string
  readonly style: Style
  /** Columns of the terminal that reads the table; undefined where none does, and nothing is left out. */
  readonly terminal: number | undefined
}

/** Ends in a line break, unless there is nothing to list. */
export function renderNodeList(nodes: readonly NodeDescription[], { format, style, terminal }: NodeListOptions): string {
  if (nodes.length === 0) return ''
  switch (format) {
    case 'json':
      return nodes.map((node) => `${JSON.stringify(node)}\n`).join('')
    case 'names':
      return nodes.map((node) => `${node.name}\n`).join('')
    case 'paths':
      return nodes.map((node) => `${node.file}\n`).join('')
    default:
      return `${renderNodeTable(nodes, style, terminal)}\n`
  }
}

const cellOf = {
  kind: (node) => node.kind,
  name: (node) => node.name,
  what: (node) => node.what,
  relation: (node) => node.relation ?? '',
  tags: (node) => node.tags.join(' '),
  file: (node) => node.file,
} as const satisfies Record<string, (node: NodeDescription) => string>

type Column = keyof typeof cellOf

/** What a terminal can do without, in this order, when the table is too wide for it. */
const dispensable: readonly Column[] = ['file', 'tags']

function renderNodeTable(nodes: readonly NodeDescription[], style: Style, terminal: number | undefined): string {
  const columns = columnsFor(nodes, terminal)
  return renderTextTable({
    columns,
    rows: nodes.map((node) => columns.map((column) => cellOf[column](node))),
    head: (text) => style('dim', text),
    widest: Infinity,
    fit: terminal,
  })
}

function columnsFor(nodes: readonly NodeDescription[], terminal: number | undefined): readonly Column[] {
  const all = Object.keys(cellOf) as Column[]
  if (terminal === undefined) return all
  const widthOf = (column: Column): number => nodes.reduce((width, node) => Math.max(width, cellOf[column](node).length), column.length)
  let columns = all.filter((column) => nodes.some((node) => cellOf[column](node) !== ''))
  for (const column of dispensable) {
    if (lineWidth(columns.map(widthOf)) <= terminal) break
    columns = columns.filter((one) => one !== column)
  }
  return columns
}
