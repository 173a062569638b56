/** The graph as a Mermaid flowchart, which GitHub and GitLab draw in Markdown. */
import type { NodeId } from '../core/node.ts'
import { toDrawnGraph, whatIs } from './drawn-graph.ts'
import type { Graph, GraphNode } from './graph.ts'

/** Tests are drawn when they are selected. Lines that end in a newline each. */
export function drawMermaid(graph: Graph, selected: ReadonlySet<NodeId>): string {
  const { nodes, edges } = toDrawnGraph(graph, selected)
  const keys = new Map(nodes.map(({ id }, at) => [id, `n${at}`]))
  const lines = [
    'flowchart LR',
    ...nodes.map((node) => `  ${keys.get(node.id)}${shape(node)}`),
    ...edges.map(({ from, to, indirect }) => `  ${keys.get(from)} ${indirect ? '-.->' : '-->'} ${keys.get(to)}`),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function shape(node: GraphNode): string {
  const text = `"${escape(node.name)}<br/>${escape(whatIs(node))}"`
  switch (node.kind) {
    case 'source':
      return `[(${text})]`
    case 'seed':
      return `[/${text}/]`
    case 'model':
      return `[${text}]`
    case 'test':
      return `{{${text}}}`
    case 'export':
      return `([${text}])`
    default:
      return node satisfies never
  }
}

/** Mermaid has no escapes inside quotes but entities, which it spells with `#` for `&`. */
function escape(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[#&"<>`\\\u0000-\u001F]/g, (character) => `#${character.codePointAt(0)};`)
}
