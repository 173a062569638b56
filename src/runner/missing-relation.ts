/** "relation does not exist" in the project's own words: which node it is, and what builds it. */
import type { WarehouseError } from '../core/errors.ts'
import { relationLabel, type RelationName } from '../core/relation.ts'
import { shellWord } from '../core/shell-word.ts'
import type { GraphNode } from '../graph/graph.ts'
import { termFor } from '../graph/parse-selector.ts'

const undefinedTable = '42P01'
const undefinedSchema = '3F000'

/** A hint when `error` says that the relation of one of `reads` is missing. */
export function missingRelationHint(error: WarehouseError, reads: readonly GraphNode[]): string | undefined {
  if (error.sqlState !== undefinedTable && error.sqlState !== undefinedSchema) return undefined
  const missing = reads.find((one) => isNamedIn(error.message, relationOf(one)))
  if (!missing) return undefined
  if (missing.kind === 'source') return `The source \`${missing.name}\` has no such table on this target.`
  return `\`${missing.name}\` is not built on this target yet: \`sqlflow build ${shellWord(`+${termFor(missing.name)}`)}\` builds it, with all that it reads.`
}

function isNamedIn(message: string, relation: RelationName | undefined): boolean {
  return relation !== undefined && message.includes(`"${relationLabel(relation)}"`)
}

function relationOf(node: GraphNode): RelationName | undefined {
  if (node.kind === 'model') return node.model.relation
  if (node.kind === 'seed') return node.seed.relation
  return node.kind === 'source' ? node.source.relation : undefined
}
