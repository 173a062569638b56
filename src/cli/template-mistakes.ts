/**
 * Everything that a run will render is rendered before it, so that what only rendering can tell (a name that no item of a loop has, two statements
 * in a model) is reported like every other mistake: all of it at once, before anything connects.
 */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { NodeId, NodeKind } from '../core/node.ts'
import type { Compiler } from '../compile/compiler.ts'
import type { Graph, GraphNode } from '../graph/graph.ts'
import { prepareTest } from '../runner/prepare-test.ts'
import type { CommandInput } from './command.ts'
import type { CliIo } from './io.ts'
import { reportDiagnostics, type OpenedProject } from './open-project.ts'

export interface Rendering {
  readonly compiler: Compiler
  readonly selected: ReadonlySet<NodeId>
  readonly kinds: readonly NodeKind[]
}

export function reportTemplateMistakes(io: CliIo, input: CommandInput, opened: OpenedProject, rendering: Rendering): void {
  const { project, linked, dialect } = opened
  const { graph } = linked
  const { compiler, selected, kinds } = rendering
  const diagnostics = graph.order.flatMap((id): readonly Diagnostic[] => {
    const node = graph.nodes.get(id)!
    if (!selected.has(id) || !kinds.includes(node.kind)) return []
    if (node.kind === 'test') {
      const prepared = prepareTest({ project, graph, compiler, dialect }, node)
      return prepared.ok ? [] : prepared.diagnostics
    }
    const compiled = compiledFor(graph, node)
    const forEach = node.kind === 'export' && node.export.forEach ? [compiler.compileForEach(id)] : []
    const results = [...(compiled ? [compiler.compile(compiled)] : []), ...forEach]
    return results.flatMap((result) => (result.ok ? [] : result.diagnostics))
  })
  reportDiagnostics(io, input.options, diagnostics, opened.readText)
}

/** Whose SQL is rendered for a node: its own, or that of the ephemeral model which an export reads whole. */
function compiledFor(graph: Graph, node: GraphNode): NodeId | undefined {
  if (node.kind === 'model') return node.id
  if (node.kind !== 'export') return undefined
  if (!('from' in node.export.read)) return node.id
  const read = graph.nodes.get(node.parents[0]!)
  return read?.kind === 'model' && read.model.materialized === 'ephemeral' ? read.id : undefined
}
