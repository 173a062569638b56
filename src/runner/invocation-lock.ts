/**
 * Many runs work on one database, and one at a time on one relation. A node holds one relation's lock and asks for no other meanwhile, so no two
 * runs wait for each other. What the locks are made of is the warehouse's.
 */
import type { Diagnostic } from '../core/diagnostic.ts'
import { SqlflowError } from '../core/errors.ts'
import type { NodeId } from '../core/node.ts'
import { relationLabel, type RelationName } from '../core/relation.ts'
import type { Session, Warehouse } from '../warehouses/warehouse.ts'
import { openAdvisoryLocks } from './locks/advisory-locks.ts'
import type { HeldLock, Holder, RunLocks } from './locks/run-locks.ts'
import { type Beating, openTableLocks } from './locks/table-locks.ts'

export interface InvocationLockOptions {
  readonly warehouse: Pick<Warehouse, 'acquire' | 'capabilities'>
  /** Told to those who wait: `build`. */
  readonly command: string
  readonly runId: string
  /** False: refuse instead of waiting. */
  readonly wait: boolean
  /** Called when a node finds that another run works on its relation: `Another run works on ...` */
  readonly onWait?: (reason: string, node: NodeId) => void
  /** Called for each dead run whose locks were in the way. */
  readonly onDeadRun?: (warning: Diagnostic) => void
  readonly signal?: AbortSignal
  /** How often the run says that it lives, where the server does not see it; every ten seconds when absent. */
  readonly beating?: Beating
  readonly now: () => Date
}

export interface RelationLockRequest {
  readonly relation: RelationName
  readonly node: NodeId
  /** That works on the relation, and on which it waits. */
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
  const locks = await openLocks(options)
  if (locks === undefined) return nothingToLock
  return {
    lockRelation: async (request) => {
      const lock = await takeLock(options, request, locks)
      return { [Symbol.dispose]: () => locks.unlock(lock) }
    },
    refuseHeld: async (relations) => {
      const holders = await locks.holders(relations)
      if (holders.length > 0) throw heldError(holders)
    },
    [Symbol.asyncDispose]: () => locks[Symbol.asyncDispose](),
  }
}

async function openLocks(options: InvocationLockOptions): Promise<RunLocks | undefined> {
  switch (options.warehouse.capabilities.locks) {
    case 'advisory':
      return await openAdvisoryLocks(options)
    case 'table':
      return await openTableLocks(options)
    case 'none':
      return undefined
  }
}

async function takeLock(options: InvocationLockOptions, request: RelationLockRequest, locks: RunLocks): Promise<HeldLock> {
  const { relation, node, session } = request
  for (let tries = 1; ; tries++) {
    const lock = { relation, node, since: options.now(), processId: session.processId }
    if (await locks.tryLock(lock)) return lock
    if (tries === 1) await tellHolder(options, request, locks)
    options.signal?.throwIfAborted()
    await locks.waitForTry(lock, session, tries)
  }
}

async function tellHolder(
  { wait, onWait }: InvocationLockOptions,
  { relation, node, session }: RelationLockRequest,
  locks: RunLocks,
): Promise<void> {
  const [found] = await locks.holders([relation], session)
  const holder: Holder = found ?? { relation, text: 'it has just ended' }
  if (!wait) throw heldError([holder])
  onWait?.(heldBy(holder), node)
}

function heldBy({ relation, text, at }: Holder): string {
  return `Another run works on ${relationLabel(relation)}: ${text}${at === undefined ? '' : `, at ${at.node} since ${at.since}`}.`
}

function heldError(held: readonly Holder[]): SqlflowError {
  return new SqlflowError('relation-locked', held.map(heldBy).join('\n'), { hint: 'Wait until it is done, or run without --no-wait.' })
}
