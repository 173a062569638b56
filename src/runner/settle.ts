/**
 * Whether a publish took effect whose connection was lost: found by looking. The lost backend is ended first, so that what is seen is
 * final. Every publish writes the relation's comment, so the row of the comment tells.
 */
import type { CatalogRelation } from '../core/catalog.ts'
import type { RelationName } from '../core/relation.ts'
import { readPostgresRelation } from '../warehouses/postgres-catalog.ts'
import type { Session } from '../warehouses/warehouse.ts'

export interface LostPublish {
  readonly lost: Pick<Session, 'processId' | typeof Symbol.asyncDispose>
  readonly relation: RelationName
  /** As it was before. */
  readonly existing: CatalogRelation | undefined
  readonly reconnect: (() => Promise<Session>) | undefined
}

export async function settle({ lost, relation, existing, reconnect }: LostPublish): Promise<boolean> {
  if (reconnect === undefined) return false
  await lost[Symbol.asyncDispose]() // an embedded warehouse has no second session
  await using session = await reconnect()
  await session.run(`select pg_terminate_backend(pid, 10000) from pg_stat_activity
where pid = ${lost.processId} and pid <> pg_backend_pid() and application_name = current_setting('application_name')`)
  const found = await readPostgresRelation(session, relation)
  return found !== undefined && found.version !== existing?.version
}
