/**
 * The one session that holds a run's locks, shared by its nodes: what is asked while a statement is under way goes with the next one, so that a
 * node costs one round trip at most.
 */
import type { HeldLock } from './run-locks.ts'

export interface LockBatch {
  readonly asked: readonly HeldLock[]
  readonly freed: readonly HeldLock[]
  /** With what is asked. */
  readonly held: readonly HeldLock[]
}

export interface LockBatches {
  /** False when another session holds it. */
  readonly tryLock: (lock: HeldLock) => Promise<boolean>
  /** Sent with the next question, or soon. */
  readonly unlock: (lock: HeldLock) => void
  /** Other statements on the same session, in their turn. */
  readonly during: <T>(work: (held: readonly HeldLock[]) => Promise<T>) => Promise<T>
}

interface Question {
  readonly lock: HeldLock
  readonly answer: (taken: boolean) => void
  readonly fail: (error: unknown) => void
}

/** `send`: whether each of what was asked is taken. */
export function createLockBatches(send: (batch: LockBatch) => Promise<readonly boolean[]>): LockBatches {
  const held = new Set<HeldLock>()
  let questions: Question[] = []
  let freed: HeldLock[] = []
  let turn: Promise<unknown> = Promise.resolve()
  let scheduled = false

  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    turn = turn.then(sendNext)
  }
  const sendNext = async (): Promise<void> => {
    scheduled = false
    const [asked, given] = [questions, freed]
    ;[questions, freed] = [[], []]
    if (asked.length + given.length === 0) return
    for (const { lock } of asked) held.add(lock)
    try {
      const taken = await send({ asked: asked.map(({ lock }) => lock), freed: given, held: [...held] })
      for (const [index, { lock, answer }] of asked.entries()) {
        if (taken[index] !== true) held.delete(lock)
        answer(taken[index] === true)
      }
    } catch (error) {
      freed = [...given, ...freed]
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
      const done = turn.then(() => work([...held]))
      turn = done.catch(() => undefined)
      return done
    },
  }
}
