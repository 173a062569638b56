/**
 * Where refs lead that would lead to nothing: a node that is not selected and that this target does not have is read from the target of `refs_from`,
 * if it stands there. One query, and only where a target says so.
 */
import type { NodeId } from '../core/node.ts'
import type { TargetSchemas } from '../core/project.ts'
import { relationKey, type RelationName } from '../core/relation.ts'
import type { GraphNode } from '../graph/graph.ts'
import { schemaOf } from '../project/meeting-targets.ts'
import { resolveRelation } from '../project/relation-names.ts'
import type { Session } from '../warehouses/warehouse.ts'

/** `reads`: what the run reads and does not build. */
export async function findRedirects(
  session: Session,
  reads: readonly GraphNode[],
  refsFrom: TargetSchemas,
): Promise<ReadonlyMap<NodeId, RelationName>> {
  const candidates = [...new Set(reads)].flatMap((node) => candidateOf(node, refsFrom))
  if (candidates.length === 0) return new Map()
  const standing = await session.catalog.standing(candidates.flatMap(({ own, other }) => [own, other]))
  const missing = candidates.filter(({ own, other }) => !standing.has(relationKey(own)) && standing.has(relationKey(other)))
  return new Map(missing.map(({ id, other }) => [id, other]))
}

interface Candidate {
  readonly id: NodeId
  readonly own: RelationName
  readonly other: RelationName
}

function candidateOf(node: GraphNode, refsFrom: TargetSchemas): readonly Candidate[] {
  const built = node.kind === 'model' ? node.model : node.kind === 'seed' ? node.seed : undefined
  if (!built) return []
  const own = built.relation
  return [{ id: node.id, own, other: resolveRelation(refsFrom, { schema: schemaOf(built), name: own.name }) }]
}
