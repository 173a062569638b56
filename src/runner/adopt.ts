/**
 * `--adopt NAME`: a relation that this project did not build is handed to the node that is to take its place, once. Decided from the catalog before
 * the first node; the kernel then replaces it as any other, and its stamp makes the flag needless.
 */
import type { Catalog, CatalogRelation } from '../core/catalog.ts'
import { type Diagnostic, warningDiagnostic } from '../core/diagnostic.ts'
import { SqlflowError } from '../core/errors.ts'
import { nodeNameOf, type NodeId } from '../core/node.ts'
import { relationKey, relationLabel, type RelationName } from '../core/relation.ts'
import { readStamp } from '../materializations/aside-names.ts'

export interface Adoptions {
  /** Of each node that takes a relation over, what to tell of it. */
  readonly notes: ReadonlyMap<NodeId, string>
  readonly warnings: readonly Diagnostic[]
}

/** Throws SqlflowError `nothing-to-adopt` for a node whose relation is not there. */
export function planAdoptions(adopt: ReadonlyMap<NodeId, RelationName>, catalog: Catalog, project: string): Adoptions {
  const notes = new Map<NodeId, string>()
  const warnings: Diagnostic[] = []
  for (const [node, relation] of adopt) {
    const found = catalog.relations.get(relationKey(relation))
    if (found === undefined) throw nothingThere(node, relation)
    if (readStamp(found.comment)?.project === project) warnings.push(needless(node, relation))
    else notes.set(node, describeAdopted(found))
  }
  return { notes, warnings }
}

function describeAdopted({ kind, owner, comment }: CatalogRelation): string {
  const stamp = readStamp(comment)
  const by = stamp === undefined ? 'which this project did not build' : `which the project ${stamp.project} built as ${stamp.node}`
  const lost = comment === undefined || stamp !== undefined ? '' : "; its comment gave way to the node's"
  return `adopted: a ${kind} of the role ${owner}, ${by}${lost}`
}

function nothingThere(node: NodeId, relation: RelationName): SqlflowError {
  return new SqlflowError('nothing-to-adopt', `There is no relation ${relationLabel(relation)} that \`${nodeNameOf(node)}\` could adopt.`, {
    hint: 'Leave `--adopt` out: the node creates it. Or check the target, and the schema and alias of the node.',
  })
}

function needless(node: NodeId, relation: RelationName): Diagnostic {
  const name = nodeNameOf(node)
  const message = `${relationLabel(relation)} is this project's already: \`--adopt ${name}\` is not needed.`
  return warningDiagnostic('needless-adopt', message, { hint: 'Leave it out.' })
}
