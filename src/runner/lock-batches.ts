/**
 * The one session that holds a run's locks, shared by its nodes: what is asked while a statement is under way goes with the next one, so that a
 * node costs one round trip at most. Each statement says in a comment what the run holds, for those who wait and for whoever looks at the server.
 */
import type { Session } from '../warehouses/warehouse.ts'

export interface HeldLock {
  /** Both halves of the key: `1936811630, 42`. */
  readonly key: string
  /** `analytics.turf` */
  readonly relation: string
  readonly node: string
  readonly since: Date
}

export interface LockBatches {
  /** False when another session holds it. */
  readonly tryLock: (lock: HeldLock) => Promise<boolean>
  /** Sent with the next question, or soon. */
  readonly unlock: (lock: HeldLock) => void
  /** Another statement on the same session, in its turn. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>
}

interface Question {
  readonly lock: HeldLock
  readonly answer: (taken: boolean) => void
  readonly fail: (error: unknown) => void
}

export function createLockBatches(session: Session, note: (held: readonly HeldLock[]) => string): LockBatches {
  const held = new Set<HeldLock>()
  let questions: Question[] = []
  let freed: HeldLock[] = []
  let turn: Promise<unknown> = Promise.resolve()
  let scheduled = false

  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    turn = turn.then(send)
  }
  const send = async (): Promise<void> => {
    scheduled = false
    const [asked, given] = [questions, freed]
    ;[questions, freed] = [[], []]
    if (asked.length + given.length === 0) return
    for (const { lock } of asked) held.add(lock)
    const calls = [...given.map(({ key }) => `pg_advisory_unlock(${key})`), ...asked.map(({ lock }) => `pg_try_advisory_lock(${lock.key})`)]
    try {
      const [result] = await session.run(`/* ${note([...held])} */ select ${calls.join(', ')}`)
      for (const [index, { lock, answer }] of asked.entries()) {
        const taken = result!.rows[0]![given.length + index] === 't'
        if (!taken) held.delete(lock)
        answer(taken)
      }
    } catch (error) {
      for (const { lock, fail } of asked) {
        held.delete(lock)
        fail(error)
      }
    }
  }
  return {
    tryLock: (lock) =>
      new Promise((answer, fail) => {
        questions.push({ lock, answer, fail })
        schedule()
      }),
    unlock: (lock) => {
      held.delete(lock)
      freed.push(lock)
      setImmediate(schedule)
    },
    during: (work) => {
      const done = turn.then(work)
      turn = done.catch(() => undefined)
      return done
    },
  }
}
