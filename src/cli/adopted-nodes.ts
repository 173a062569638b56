/** What `--adopt` names: each a node that the command builds, and the relation that it takes over. */
import { SqlflowError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest-name.ts'
import { nodeId, nodeNameOf, type NodeId } from '../core/node.ts'
import type { RelationName } from '../core/relation.ts'
import type { Graph, GraphNode } from '../graph/graph.ts'

/** Throws SqlflowError `unknown-node`, or `nothing-to-adopt` for one that is not built. */
export function adoptedNodes(names: readonly string[], graph: Graph, isBuilt: (id: NodeId) => boolean): ReadonlyMap<NodeId, RelationName> {
  if (names.length === 0) return new Map()
  const relations = new Map([...graph.nodes.values()].flatMap(relationEntry))
  return new Map(
    names.map((name) => {
      const id = [nodeId('model', name), nodeId('seed', name)].find((one) => relations.has(one))
      if (id === undefined) throw unknownNode(name, [...relations.keys()].map(nodeNameOf))
      if (!isBuilt(id)) {
        throw new SqlflowError('nothing-to-adopt', `\`--adopt ${name}\` names a node that this command does not build.`, {
          hint: 'Select it too, or leave the flag out.',
        })
      }
      return [id, relations.get(id)!]
    }),
  )
}

function unknownNode(name: string, known: readonly string[]): SqlflowError {
  return new SqlflowError('unknown-node', `There is no model or seed \`${name}\` that could adopt a relation.`, {
    hint: didYouMean(name, known),
  })
}

function relationEntry(node: GraphNode): readonly (readonly [NodeId, RelationName])[] {
  if (node.kind === 'seed') return [[node.id, node.seed.relation]]
  return node.kind === 'model' && node.model.materialized !== 'ephemeral' ? [[node.id, node.model.relation]] : []
}
