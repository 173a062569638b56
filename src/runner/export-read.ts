/** What an export reads: a relation whole, or the SELECT of a node: its own query, or a model that is no relation. */
import type { NodeId } from '../core/node.ts'
import type { RelationName } from '../core/relation.ts'
import type { ExportNode, Graph } from '../graph/graph.ts'

export type ExportReading = { readonly relation: RelationName } | { readonly selectOf: NodeId }

/** `inlined`: models that are read by their SELECT too. */
export function exportReading(graph: Graph, node: ExportNode, inlined?: ReadonlySet<NodeId>): ExportReading {
  const parent = 'from' in node.export.read ? graph.nodes.get(node.parents[0]!) : undefined
  if (parent?.kind === 'seed') return { relation: parent.seed.relation }
  if (parent?.kind === 'source') return { relation: parent.source.relation }
  if (parent?.kind !== 'model') return { selectOf: node.id }
  const isRelation = parent.model.materialized !== 'ephemeral' && inlined?.has(parent.id) !== true
  return isRelation ? { relation: parent.model.relation } : { selectOf: parent.id }
}
