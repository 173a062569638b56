/**
 * The graph as a tree for a terminal: what is read above, what reads it below. A node that reads several is drawn with all
 * that is below it where it is met first, and as a line with a mark elsewhere. Tests are counted on the node that they
 * stand on, because drawn one a line they would hide the rest.
 */
import type { NodeId } from '../core/node.ts'
import { toDrawnGraph, whatIs, type DrawnGraph } from './drawn-graph.ts'
import type { Graph, GraphNode } from './graph.ts'

/** The parts of a line, for colours. */
export type TreePart = 'name' | 'label' | 'branch' | 'mark'
export type StyleTree = (text: string, part: TreePart, node: GraphNode) => string

export interface DrawTreeOptions {
  /** Plain text when absent. */
  readonly style?: StyleTree
}

interface Tree {
  readonly nodes: ReadonlyMap<NodeId, GraphNode>
  readonly below: ReadonlyMap<NodeId, readonly Branch[]>
  readonly testCounts: ReadonlyMap<NodeId, number>
  readonly style: StyleTree
}

interface Branch {
  readonly id: NodeId
  readonly indirect: boolean
}

interface Line extends Branch {
  /** What stands before the branch of this line, and what before those of the lines below it. */
  readonly indent: string
  readonly branch: string
  readonly childIndent: string
}

/** Lines that end in a newline each; the empty string when nothing is selected. */
export function drawTree(graph: Graph, selected: ReadonlySet<NodeId>, { style = (text) => text }: DrawTreeOptions = {}): string {
  const drawn = toDrawnGraph(graph, selected)
  const tree = toTree(drawn, style)
  const shown = new Set<NodeId>()
  const lines: string[] = []
  let marked = false
  const open: Line[] = rootsOf(drawn, tree).map(({ id }) => ({ id, indirect: false, indent: '', branch: '', childIndent: '' }))
  for (let line = open.pop(); line !== undefined; line = open.pop()) {
    const again = shown.has(line.id)
    marked ||= again
    shown.add(line.id)
    lines.push(drawLine(tree, line, again))
    if (!again) open.push(...linesBelow(tree, line))
  }
  const legend = marked ? ['', '↑ drawn above, with all that is below it'] : []
  return [...lines, ...legend].map((line) => `${line}\n`).join('')
}

function toTree({ nodes, edges }: DrawnGraph, style: StyleTree): Tree {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const below = new Map<NodeId, Branch[]>()
  const testCounts = new Map<NodeId, number>()
  for (const node of nodes) {
    const counted = countedOn(node, byId)
    if (counted !== undefined) testCounts.set(counted, (testCounts.get(counted) ?? 0) + 1)
  }
  for (const { from, to, indirect } of edges) {
    if (countedOn(byId.get(to)!, byId) !== undefined) continue
    const branches = below.get(from) ?? []
    branches.push({ id: to, indirect })
    below.set(from, branches)
  }
  return { nodes: byId, below, testCounts, style }
}

/** The node that a test stands on, or the first that it reads; nothing where none is drawn. */
function countedOn(node: GraphNode, drawn: ReadonlyMap<NodeId, GraphNode>): NodeId | undefined {
  if (node.kind !== 'test') return undefined
  if (node.test === 'generic' && drawn.has(node.on)) return node.on
  return node.parents.find((id) => drawn.has(id))
}

/** Last first, as a stack is read. */
function rootsOf({ nodes, edges }: DrawnGraph, tree: Tree): readonly GraphNode[] {
  const inner = new Set(edges.map(({ to }) => to))
  return nodes.filter((node) => !inner.has(node.id) && countedOn(node, tree.nodes) === undefined).reverse()
}

function linesBelow({ below }: Tree, { id, childIndent }: Line): readonly Line[] {
  const branches = below.get(id) ?? []
  return branches
    .map((branch, at): Line => {
      const last = at === branches.length - 1
      const stroke = branch.indirect ? '╌ ' : '─ '
      return {
        id: branch.id,
        indirect: branch.indirect,
        indent: childIndent,
        branch: (last ? '└' : '├') + stroke,
        childIndent: childIndent + (last ? '   ' : '│  '),
      }
    })
    .reverse()
}

function drawLine({ nodes, testCounts, style }: Tree, { id, indent, branch }: Line, again: boolean): string {
  const node = nodes.get(id)!
  const strokes = indent + branch
  const before = strokes === '' ? '' : style(strokes, 'branch', node)
  const name = style(printable(node.name), 'name', node)
  if (again) return `${before}${name} ${style('↑', 'mark', node)}`
  return `${before}${name} ${style(`(${label(node, testCounts.get(id) ?? 0)})`, 'label', node)}`
}

function label(node: GraphNode, tests: number): string {
  const what = node.kind === 'export' ? `export, ${whatIs(node)}` : whatIs(node)
  if (tests === 0) return what
  return `${what}, ${tests} ${tests === 1 ? 'test' : 'tests'}`
}

/** A name with a line break or an escape sequence in it must not draw its own lines. */
function printable(name: string): string {
  // oxlint-disable-next-line no-control-regex
  return name.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, '\uFFFD')
}
