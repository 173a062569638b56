/**
 * Whether a publish took effect whose connection was lost: found by looking. The lost backend is ended first, so that what is seen is
 * final. Every publish writes the relation's comment, so the row of the comment tells.
 */
import type { CatalogRelation } from '../core/catalog.ts'
import { SqlflowError } from '../core/errors.ts'
import { relationLabel, type RelationName } from '../core/relation.ts'
import type { Session } from '../warehouses/warehouse.ts'

export interface LostPublish {
  readonly lost: Pick<Session, 'processId' | typeof Symbol.asyncDispose>
  readonly relation: RelationName
  /** As it was before. */
  readonly existing: CatalogRelation | undefined
  readonly reconnect: () => Promise<Session>
}

/** Throws SqlflowError `publish-in-doubt` when it cannot be found out. */
export async function settle({ lost, relation, existing, reconnect }: LostPublish): Promise<boolean> {
  await lost[Symbol.asyncDispose]() // an embedded warehouse has no second session
  try {
    await using session = await reconnect()
    const ended = await session.endOther({ processId: lost.processId })
    if (ended === 'running') throw inDoubt(relation, `The server does not end its process ${lost.processId}.`)
    const found = await session.catalog.relation(relation)
    return found !== undefined && found.version !== existing?.version
  } catch (error) {
    if (!(error instanceof SqlflowError) || error.code === 'publish-in-doubt') throw error
    throw inDoubt(relation, error.message, error)
  }
}

function inDoubt(relation: RelationName, reason: string, cause?: SqlflowError): SqlflowError {
  return new SqlflowError(
    'publish-in-doubt',
    `The connection was lost while ${relationLabel(relation)} was being replaced, and it cannot be found out whether it was: ${reason}`,
    { hint: 'It is whole, the old version or the new one. Build again once the warehouse answers.', cause, exitCode: 1 },
  )
}
