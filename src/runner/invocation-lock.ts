/**
 * Many runs work on one database, and one at a time on one relation. Advisory locks of one dedicated session, which the server frees when the
 * process dies: one for the run itself, by which living runs are known, and one for each relation that a node works on. A node holds one relation's
 * lock and asks for no other meanwhile, so no two runs wait for each other.
 */
import { createHash } from 'node:crypto'
import { SqlflowError, WarehouseError } from '../core/errors.ts'
import type { NodeId } from '../core/node.ts'
import { relationKey, relationLabel, type RelationName } from '../core/relation.ts'
import { runTag } from '../materializations/aside-names.ts'
import type { Session, Warehouse } from '../warehouses/warehouse.ts'
import { describeHolders, type Holder, lockNote } from './lock-holders.ts'
import { createLockBatches, type HeldLock } from './lock-batches.ts'

/** First halves of our advisory locks' keys: `sqfr` and `sqfn` in ASCII. */
export const runLock = 0x73_71_66_72
const relationLock = 0x73_71_66_6e

export interface InvocationLockOptions {
  readonly warehouse: Pick<Warehouse, 'acquire' | 'capabilities'>
  /** Told to those who wait: `build`. */
  readonly command: string
  readonly runId: string
  /** False: refuse instead of waiting. */
  readonly wait: boolean
  /** Called when a node finds that another run works on its relation: `Another run works on ...` */
  readonly onWait?: (reason: string, node: NodeId) => void
  readonly signal?: AbortSignal
  readonly now: () => Date
}

export interface RelationLockRequest {
  readonly relation: RelationName
  readonly node: NodeId
  /** On which it waits. */
  readonly session: Session
}

export interface InvocationLock extends AsyncDisposable {
  /** Resolves once no other run works on the relation; until disposed, none begins to. Throws SqlflowError `relation-locked` when it may not wait. */
  readonly lockRelation: (request: RelationLockRequest) => Promise<Disposable>
  /** Where a run may not wait: throws SqlflowError `relation-locked` (exit 2) when others work on any of these right now. */
  readonly refuseHeld: (relations: readonly RelationName[]) => Promise<void>
}

/** What a run has that writes to no relation, or whose warehouse has no second process: an embedded one is locked as a whole. */
export const nothingToLock: InvocationLock = {
  lockRelation: () => Promise.resolve({ [Symbol.dispose]: () => undefined }),
  refuseHeld: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}

export async function lockInvocation(options: InvocationLockOptions): Promise<InvocationLock> {
  if (!options.warehouse.capabilities.advisoryLocks) return nothingToLock
  const session = await options.warehouse.acquire()
  const release = async (): Promise<void> => {
    session.broken = true // closing the connection frees the locks, whatever state it is in
    await session[Symbol.asyncDispose]()
  }
  try {
    await session.run(
      `set statement_timeout = 0; set idle_session_timeout = 0; select pg_advisory_lock(${runLock}, ${runKey(runTag(options.runId))})`,
    )
  } catch (error) {
    await release()
    throw error
  }
  const batches = createLockBatches(session, (held) => lockNote(options, held))
  return {
    lockRelation: async (request) => {
      const lock = await takeLock(options, request, (wanted) => batches.tryLock(wanted))
      return { [Symbol.dispose]: () => batches.unlock(lock) }
    },
    refuseHeld: async (relations) => {
      const keys = new Map(relations.map((relation) => [keyOf(relation), relation]))
      const holders = await batches.during(() => describeHolders(session, relationLock, [...keys.keys()]))
      if (holders.length > 0) throw heldError(holders.map((holder) => ({ holder, relation: keys.get(holder.key)! })))
    },
    [Symbol.asyncDispose]: release,
  }
}

/** The second half of a run's key, from its tag of 8 hex digits. */
export function runKey(tag: string): number {
  return Number.parseInt(tag, 16) | 0
}

function keyOf(relation: RelationName): number {
  return runKey(createHash('sha256').update(relationKey(relation)).digest('hex').slice(0, 8))
}

async function takeLock(
  options: InvocationLockOptions,
  { relation, node, session }: RelationLockRequest,
  tryLock: (lock: HeldLock) => Promise<boolean>,
): Promise<HeldLock> {
  const key = keyOf(relation)
  for (let told = false; ; told = true) {
    const lock = { key: `${relationLock}, ${key}`, relation: relationLabel(relation), node, since: options.now() }
    if (await tryLock(lock)) return lock
    if (!told) await tellHolder(options, session, { key, relation, node })
    options.signal?.throwIfAborted()
    await waitUntilFree(session, lock.key)
  }
}

async function tellHolder(
  { wait, onWait }: InvocationLockOptions,
  session: Session,
  { key, relation, node }: { readonly key: number; readonly relation: RelationName; readonly node: NodeId },
): Promise<void> {
  const [found] = await describeHolders(session, relationLock, [key])
  const holder: Holder = found ?? { key, text: 'it has just ended', entries: [] }
  if (!wait) throw heldError([{ holder, relation }])
  onWait?.(heldBy({ holder, relation }), node)
}

interface Held {
  readonly holder: Holder
  readonly relation: RelationName
}

function heldBy({ holder, relation }: Held): string {
  const label = relationLabel(relation)
  const entry = holder.entries.find((one) => one.relation === label)
  const doing = entry === undefined ? '' : `, at ${entry.node} since ${entry.since}`
  return `Another run works on ${label}: ${holder.text}${doing}.`
}

function heldError(held: readonly Held[]): SqlflowError {
  return new SqlflowError('relation-locked', held.map(heldBy).join('\n'), { hint: 'Wait until it is done, or run without --no-wait.' })
}

/** On the node's own session, which Ctrl-C cancels. Those who wait are let in together, and ask for the lock by its own session again. */
async function waitUntilFree(session: Session, key: string): Promise<void> {
  try {
    await session.run(
      `begin; set local statement_timeout = 0; set local lock_timeout = 0; select pg_advisory_xact_lock_shared(${key}); commit`,
    )
  } catch (error) {
    if (error instanceof WarehouseError && !session.broken) await session.run('rollback')
    throw error
  }
}
