/** The same project, with other relations for some of its nodes: where refs to them lead. Pure. */
import { nodeId, type NodeId } from '../core/node.ts'
import type { Project } from '../core/project.ts'
import type { RelationName } from '../core/relation.ts'

export function redirectRelations(project: Project, relations: ReadonlyMap<NodeId, RelationName>): Project {
  const redirect = <T extends { readonly kind: 'model' | 'seed'; readonly name: string }>(node: T): T => {
    const relation = relations.get(nodeId(node.kind, node.name))
    return relation ? { ...node, relation } : node
  }
  return { ...project, models: project.models.map(redirect), seeds: project.seeds.map(redirect) }
}
