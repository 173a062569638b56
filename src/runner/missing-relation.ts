/** "does not exist" and "permission denied" in the project's own words: which node it is and what builds it, or what is lacking. */
import { SqlflowError, type WarehouseError } from '../core/errors.ts'
import { relationLabel, type RelationName } from '../core/relation.ts'
import { shellWord } from '../core/shell-word.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { GraphNode } from '../graph/graph.ts'
import { termFor } from '../graph/parse-selector.ts'
import { concernsAccess, explainAccess, saysMissing } from './explain-access.ts'
import type { WithSession } from './run-sessions.ts'

export interface ReadContext {
  /** What the SQL reads. */
  readonly reads: readonly GraphNode[]
  readonly withSession: WithSession
  readonly dialect: Dialect
}

/** What to do about an error that may be one of reading; undefined where it is none. A warehouse that cannot be asked any more explains nothing. */
export async function hintForRead(error: WarehouseError, { reads, withSession, dialect }: ReadContext): Promise<string | undefined> {
  if (!concernsAccess(error)) return undefined
  const relations = reads.flatMap((node) => relationOf(node) ?? [])
  try {
    const access = await withSession((session) => explainAccess(session, error, relations, dialect))
    return access ?? missingRelationHint(error, reads)
  } catch (failed) {
    if (!(failed instanceof SqlflowError)) throw failed
    return missingRelationHint(error, reads)
  }
}

/** A hint when `error` says that the relation of one of `reads` is missing. */
function missingRelationHint(error: WarehouseError, reads: readonly GraphNode[]): string | undefined {
  if (!saysMissing(error)) return undefined
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
