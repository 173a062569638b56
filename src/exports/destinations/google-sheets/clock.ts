/** The time, as waiting needs it: passed in, so that a test waits for nothing. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface Clock {
  /** Milliseconds. */
  readonly now: () => number
  /** Rejects with the signal's reason as soon as it is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await sleep(milliseconds, undefined, { signal })
    } catch (error) {
      signal.throwIfAborted()
      throw error
    }
  },
}
