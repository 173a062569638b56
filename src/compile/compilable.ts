/** What has SQL of its own: a model, a singular test, an export with a query. */
import type { NodeId } from '../core/node.ts'
import type { Model } from '../core/project.ts'
import type { SqlSource } from '../core/span.ts'
import type { GraphNode } from '../graph/graph.ts'
import type { LinkedProject } from '../graph/link-project.ts'
import { noUses, type ResolvedUses } from '../graph/resolved-uses.ts'

export interface Compilable {
  readonly id: NodeId
  readonly source: SqlSource
  readonly uses: ResolvedUses
  readonly model?: Model
}

/** The SQL of a node as its author wrote it; undefined for a node that has none. */
export function sqlSourceOf(node: GraphNode): SqlSource | undefined {
  if (node.kind === 'model') return node.model.sql
  if (node.kind === 'test' && node.test === 'singular') return node.definition.sql
  if (node.kind === 'export' && 'query' in node.export.read) return node.export.read.query
  return undefined
}

/** Undefined for a node that has no SQL of its own. */
export function findCompilable({ graph, uses }: LinkedProject, id: NodeId): Compilable | undefined {
  const node = graph.nodes.get(id)
  const source = node && sqlSourceOf(node)
  if (!source) return undefined
  const one = { id, source, uses: uses.get(id) ?? noUses }
  return node.kind === 'model' ? { ...one, model: node.model } : one
}

/** An ephemeral model, which is part of the text of those that read it. */
export function findEphemeral(linked: LinkedProject, id: NodeId): Compilable | undefined {
  const node = linked.graph.nodes.get(id)
  return node?.kind === 'model' && node.model.materialized === 'ephemeral' ? findCompilable(linked, id) : undefined
}

/** The ephemeral models under a node, each after those that it reads. */
export function ephemeralsUnder(linked: LinkedProject, uses: ResolvedUses): readonly Compilable[] {
  const found = new Map<NodeId, Compilable>()
  const visit = (reads: readonly NodeId[]): void => {
    for (const id of reads) {
      const one = found.has(id) ? undefined : findEphemeral(linked, id)
      if (!one) continue
      visit(one.uses.refs)
      found.set(id, one)
    }
  }
  visit(uses.refs)
  return [...found.values()]
}
