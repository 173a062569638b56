/** The graph in DOT, for Graphviz. */
import type { NodeId } from '../core/node.ts'
import { toDrawnGraph, whatIs } from './drawn-graph.ts'
import type { Graph, GraphNode } from './graph.ts'

const shapes = {
  source: 'cylinder',
  seed: 'note',
  model: 'box',
  test: 'hexagon',
  export: 'parallelogram',
} as const satisfies Record<GraphNode['kind'], string>

/** Tests are drawn when they are selected. Lines that end in a newline each. `name` is the graph's: the project's. */
export function drawDot(graph: Graph, selected: ReadonlySet<NodeId>, name: string): string {
  const { nodes, edges } = toDrawnGraph(graph, selected)
  const lines = [
    `digraph ${quote(name)} {`,
    '  rankdir=LR',
    ...nodes.map((node) => `  ${quote(node.id)} [label=${quoteLines(node.name, whatIs(node))}, shape=${shapes[node.kind]}]`),
    ...edges.map(({ from, to, indirect }) => `  ${quote(from)} -> ${quote(to)}${indirect ? ' [style=dashed]' : ''}`),
    '}',
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function quote(text: string): string {
  return `"${escape(text)}"`
}

function quoteLines(...lines: readonly string[]): string {
  return `"${lines.map(escape).join(String.raw`\n`)}"`
}

/** A backslash begins an escape of DOT's own, so that it is doubled. */
function escape(text: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll(/\r?\n/g, String.raw`\n`)
}
