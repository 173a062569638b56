/** A project in which some models are parts of the queries that read them: their SQL says what they will be, whatever is built of them. Pure. */
import { nodeId, type NodeId } from '../core/node.ts'
import type { Model } from '../core/project.ts'
import type { GraphNode } from '../graph/graph.ts'
import type { CompilerOptions } from './render-context.ts'

export function inlining(options: CompilerOptions, models: ReadonlySet<NodeId>): CompilerOptions {
  const { project, linked } = options
  const inline = (model: Model): Model => (models.has(nodeId('model', model.name)) ? { ...model, materialized: 'ephemeral' } : model)
  const inlineNode = (node: GraphNode): GraphNode => (node.kind === 'model' ? { ...node, model: inline(node.model) } : node)
  const nodes = new Map([...linked.graph.nodes].map(([id, node]) => [id, inlineNode(node)] as const))
  return {
    ...options,
    project: { ...project, models: project.models.map(inline) },
    linked: { ...linked, graph: { ...linked.graph, nodes } },
  }
}
