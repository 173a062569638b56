/** Errors of the server that pass by themselves, and trying again: briefly, more slowly each time, and never without a word. */
import { setTimeout as delay } from 'node:timers/promises'
import { WarehouseError } from '../core/errors.ts'

export interface Retry {
  readonly reason: string
  /** Counts up from 1. */
  readonly attempt: number
}

export interface RetryTransientOptions {
  readonly onRetry: (retry: Retry) => void
  readonly signal?: AbortSignal | undefined
}

const mostRetries = 5

/** `work` leaves nothing behind when it fails: a statement, or a transaction that was rolled back. */
export async function retryTransient<T>(work: () => Promise<T>, { onRetry, signal }: RetryTransientOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof WarehouseError) || error.passing === undefined || attempt > mostRetries || signal?.aborted === true)
        throw error
      onRetry({ reason: `${error.message} (${error.sqlState}); trying again.`, attempt })
      await backOff(attempt, signal)
    }
  }
}

/** 20 ms to a second, spread so that two that met do not meet again. */
export async function backOff(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(Math.min(1000, 20 * 2 ** Math.min(attempt, 6)) * (0.5 + Math.random()), undefined, signal && { signal })
}
