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
  const standing = await findStanding(
    session,
    candidates.flatMap(({ own, other }) => [own, other]),
  )
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

/** Keys of those that exist, whoever may read them. */
async function findStanding(session: Session, relations: readonly RelationName[]): Promise<ReadonlySet<string>> {
  const { rows } = await session.query(
    `select n.nspname, c.relname
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and (n.nspname, c.relname) in (select s, r from unnest($1::text[], $2::text[]) as wanted (s, r))`,
    [relations.map(({ schema }) => schema), relations.map(({ name }) => name)],
  )
  return new Set(rows.map(([schema, name]) => relationKey({ schema: schema!, name: name! })))
}
