/** Nodes of the graph, by name. */

export const nodeKinds = ['source', 'seed', 'model', 'test', 'export'] as const
export type NodeKind = (typeof nodeKinds)[number]

/** `kind:name`; a source's name is `source.table`. */
export type NodeId = `${NodeKind}:${string}`

export function nodeId(kind: NodeKind, name: string): NodeId {
  return `${kind}:${name}`
}

export function nodeKindOf(id: NodeId): NodeKind {
  return id.slice(0, id.indexOf(':')) as NodeKind
}

export function nodeNameOf(id: NodeId): string {
  return id.slice(id.indexOf(':') + 1)
}
