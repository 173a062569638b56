/**
 * What a warehouse has to provide so that many runs work on it, and one at a time on one relation. Two kinds: advisory locks of a session, which the
 * server frees when the process dies; and rows of a table, which a run keeps fresh while it lives.
 */
import type { Diagnostic } from '../../core/diagnostic.ts'
import type { RelationName } from '../../core/relation.ts'
import type { Session } from '../../warehouses/warehouse.ts'

export interface HeldLock {
  readonly relation: RelationName
  readonly node: string
  /** By this machine's clock. */
  readonly since: Date
  /** The session that works on the relation. */
  readonly processId: number
}

/** Another run, as people are told of it. */
export interface Holder {
  readonly relation: RelationName
  /** `sqlflow:field:1f0c2a9b (build), role ana from 10.0.0.7, process 4711, since 2026-11-01 12:00:00+00` */
  readonly text: string
  /** What it does with the relation, where that is known. */
  readonly at?: { readonly node: string; readonly since: string }
}

/** The locks of one run, which others see as living until it is disposed. */
export interface RunLocks extends AsyncDisposable {
  /** False while another run holds it. */
  readonly tryLock: (lock: HeldLock) => Promise<boolean>
  /** Sent with the next question, or soon. */
  readonly unlock: (lock: HeldLock) => void
  /** Of the relations those that other runs hold, and which; as `session` sees it, where one is given. */
  readonly holders: (relations: readonly RelationName[], session?: Session) => Promise<readonly Holder[]>
  /** Until it is worth another try. `session` is the node's, which Ctrl-C cancels; `tries` counts from 1. */
  readonly waitForTry: (lock: HeldLock, session: Session, tries: number) => Promise<void>
}

export interface DeadRunsQuestion {
  readonly session: Session
  readonly project: string
  /** Of the run that asks. */
  readonly runId: string
  /** Where dead runs are looked for. */
  readonly schemas: readonly string[]
  /** Told of each that had locks, where the server does not free them. */
  readonly onDeadRun?: (warning: Diagnostic) => void
}

/** Tells runs that live from those that are dead. */
export interface DeadRuns {
  /** Of the tags (`runTag`) those whose run lives. */
  readonly findLiving: (tags: ReadonlySet<string>, question: DeadRunsQuestion) => Promise<readonly string[]>
  /** Ends the sessions in which a dead run may still bring something about, and waits until they have ended. How many there were. */
  readonly endSessions: (question: DeadRunsQuestion) => Promise<number>
}
