/**
 * The calls that Google gives one account in a minute, shared by everything in this process that uses it. A call holds its place until a
 * minute after its answer: however long it was under way, no minute of Google's sees more calls than there are places.
 */
import type { Clock } from './clock.ts'

export type CallKind = 'read' | 'write'

/** Google counts 60; the rest is for what a person does beside. */
const callsPerMinute = 55
const minute = 60_000

/** Of one kind, in the order in which they were asked for. */
class Places {
  private readonly clock: Clock
  /** When each place that is taken becomes free; undefined while its call is under way. */
  private readonly taken = new Set<{ freeAt: number | undefined }>()
  private queue: Promise<void> = Promise.resolve()
  private waiting = 0
  private pausedUntil = 0
  private onFreed: (() => void) | undefined

  constructor(clock: Clock) {
    this.clock = clock
  }

  async take(signal: AbortSignal, onWait: (milliseconds: number) => void): Promise<() => void> {
    const expected = this.expectedWait()
    if (expected > 0) onWait(expected)
    this.waiting += 1
    const turn = this.queue.then(() => this.waitForPlace(signal)).finally(() => (this.waiting -= 1))
    this.queue = turn.catch(() => undefined)
    await turn
    const place: { freeAt: number | undefined } = { freeAt: undefined }
    this.taken.add(place)
    return () => {
      place.freeAt = this.clock.now() + minute
      this.onFreed?.()
    }
  }

  /** Google said that it is too much: nobody calls for a while. */
  pause(milliseconds: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + milliseconds)
  }

  /** Milliseconds until a caller that asks at this moment has its turn; those under way are taken to end at once. */
  private expectedWait(): number {
    const now = this.clock.now()
    this.forget(now)
    const ahead = this.taken.size + this.waiting
    const paused = Math.max(0, this.pausedUntil - now)
    if (ahead < callsPerMinute) return paused
    const free = [...this.taken].map(({ freeAt }) => (freeAt ?? now + minute) - now).sort((a, b) => a - b)
    const rounds = Math.floor((ahead - callsPerMinute) / callsPerMinute)
    return Math.max(paused, (free[(ahead - callsPerMinute) % callsPerMinute] ?? minute) + rounds * minute)
  }

  private async waitForPlace(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const now = this.clock.now()
      this.forget(now)
      const wait = Math.max(this.pausedUntil - now, this.taken.size < callsPerMinute ? 0 : this.nextFree(now))
      if (wait <= 0) return
      if (wait === Infinity) await this.freed(signal)
      else await this.clock.sleep(wait, signal)
    }
  }

  private forget(now: number): void {
    for (const place of this.taken) if (place.freeAt !== undefined && place.freeAt <= now) this.taken.delete(place)
  }

  private nextFree(now: number): number {
    return Math.min(...[...this.taken].map(({ freeAt }) => (freeAt === undefined ? Infinity : freeAt - now)))
  }

  /** All places are held by calls under way. */
  private async freed(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const stop = (): void => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    this.onFreed = resolve
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', stop)
      this.onFreed = undefined
    }
  }
}

export type CallBudget = Readonly<Record<CallKind, Pick<Places, 'take' | 'pause'>>>

/** By clock, since a minute is one of its own. */
const budgets = new WeakMap<Clock, Map<string, CallBudget>>()

/** The one budget of an account. */
export function budgetOf(account: string, clock: Clock): CallBudget {
  const ofClock = budgets.get(clock) ?? new Map<string, CallBudget>()
  budgets.set(clock, ofClock)
  const budget = ofClock.get(account) ?? { read: new Places(clock), write: new Places(clock) }
  ofClock.set(account, budget)
  return budget
}
