/**
 * Advisory locks of one dedicated session, which the server frees when the process dies: one for the run itself, by which living runs are known,
 * and one for each relation that a node works on.
 */
import { createHash } from 'node:crypto'
import { WarehouseError } from '../../core/errors.ts'
import { relationKey, relationLabel, type RelationName } from '../../core/relation.ts'
import { runTag } from '../../materializations/aside-names.ts'
import type { Session, Warehouse } from '../../warehouses/warehouse.ts'
import { applicationPrefix } from '../application-name.ts'
import { describeHolders, lockNote } from './advisory-holders.ts'
import { createLockBatches, type LockBatch } from './lock-batches.ts'
import type { DeadRuns, Holder, RunLocks } from './run-locks.ts'

/** First halves of our keys: `sqfr` and `sqfn` in ASCII. */
const runLock = 0x73_71_66_72
const relationLock = 0x73_71_66_6e

export interface AdvisoryLocksOptions {
  readonly warehouse: Pick<Warehouse, 'acquire'>
  readonly command: string
  readonly runId: string
}

export async function openAdvisoryLocks({ warehouse, command, runId }: AdvisoryLocksOptions): Promise<RunLocks> {
  const session = await warehouse.acquire()
  const release = async (): Promise<void> => {
    session.broken = true // closing the connection frees the locks, whatever state it is in
    await session[Symbol.asyncDispose]()
  }
  try {
    await session.run(
      `set statement_timeout = 0; set idle_session_timeout = 0; select pg_advisory_lock(${runLock}, ${tagKey(runTag(runId))})`,
    )
  } catch (error) {
    await release()
    throw error
  }
  const batches = createLockBatches((batch) => send(session, command, batch))
  return {
    tryLock: batches.tryLock,
    unlock: batches.unlock,
    holders: (relations, asking) =>
      asking === undefined ? batches.during(() => findHolders(session, relations)) : findHolders(asking, relations),
    waitForTry: ({ relation }, waiting) => waitUntilFree(waiting, relationKeys(relation)),
    [Symbol.asyncDispose]: release,
  }
}

/** The statement says in a comment what the run holds, for those who wait and for whoever looks at the server. */
async function send(session: Session, command: string, { asked, freed, held }: LockBatch): Promise<readonly boolean[]> {
  const calls = [
    ...freed.map(({ relation }) => `pg_advisory_unlock(${relationKeys(relation)})`),
    ...asked.map(({ relation }) => `pg_try_advisory_lock(${relationKeys(relation)})`),
  ]
  const [result] = await session.run(`/* ${lockNote(command, held)} */ select ${calls.join(', ')}`)
  return asked.map((_, index) => result!.rows[0]![freed.length + index] === 't')
}

async function findHolders(session: Session, relations: readonly RelationName[]): Promise<readonly Holder[]> {
  const asked = new Map(relations.map((relation) => [keyOf(relation), relation]))
  const found = await describeHolders(session, relationLock, [...asked.keys()])
  return found.map(({ key, text, entries }) => {
    const relation = asked.get(key)!
    const at = entries.find((one) => one.relation === relationLabel(relation))
    return { relation, text, ...(at && { at }) }
  })
}

/** The second half of a run's key, from its tag of 8 hex digits. */
function tagKey(tag: string): number {
  return Number.parseInt(tag, 16) | 0
}

function keyOf(relation: RelationName): number {
  return tagKey(createHash('sha256').update(relationKey(relation)).digest('hex').slice(0, 8))
}

function relationKeys(relation: RelationName): string {
  return `${relationLock}, ${keyOf(relation)}`
}

/** On the node's own session, which Ctrl-C cancels. Those who wait are let in together, and ask for the lock by its own session again. */
async function waitUntilFree(session: Session, keys: string): Promise<void> {
  try {
    await session.run(
      `begin; set local statement_timeout = 0; set local lock_timeout = 0; select pg_advisory_xact_lock_shared(${keys}); commit`,
    )
  } catch (error) {
    if (error instanceof WarehouseError && !session.broken) await session.run('rollback')
    throw error
  }
}

/** A run is dead when nobody holds its lock. */
export const advisoryDeadRuns: DeadRuns = {
  findLiving: async (tags, { session }) => {
    const { rows } = await session.query(
      `select l.objid::bigint from pg_locks l where l.locktype = 'advisory' and l.granted and l.objsubid = 2
  and l.classid::bigint = ${runLock} and l.database = (select oid from pg_database where datname = current_database())`,
    )
    const keys = new Set(rows.map(([key]) => Number(key) | 0))
    return [...tags].filter((tag) => keys.has(tagKey(tag)))
  },
  /** A session that has written in its transaction, or whose last statement was a node's. A run that has just connected and not yet taken its lock has neither. */
  endSessions: async ({ session, project, runId }) => {
    const { rows } = await session.query(
      `select pg_terminate_backend(a.pid, 5000)
from pg_stat_activity a
where a.datname = current_database() and a.pid <> pg_backend_pid() and pg_has_role(a.usesysid, 'MEMBER')
  and starts_with(a.application_name, $1) and length(a.application_name) = length($1) + 8
  and right(a.application_name, 8) ~ '^[0-9a-f]{8}$' and right(a.application_name, 8) <> $2
  and (a.backend_xid is not null or starts_with(a.query, '/* sqlflow run '))
  and not exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid::bigint = ${runLock}
      and l.database = (select oid from pg_database where datname = current_database())
      and l.objid::bigint = ('x' || right(a.application_name, 8))::bit(32)::bigint)`,
      [applicationPrefix(project), runTag(runId)],
    )
    return rows.length
  },
}
