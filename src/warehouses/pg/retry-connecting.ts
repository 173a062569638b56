/**
 * Opening a connection, again when the failure is one that passes: a server that starts, restarts or has no slot free, or a network
 * that dropped the attempt. A server that was never reached is not waited for: its address is more likely wrong.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { SqlflowError } from '../../core/errors.ts'

/** Milliseconds before each further attempt. */
const pauses: readonly number[] = [200, 400, 800, 1600, 3200]

/** 53300 too many connections; 57P03 the server is starting or stopping; 57P01 and 57P02 it is shutting down. */
const passing: ReadonlySet<string> = new Set(['53300', '57P01', '57P02', '57P03', 'ECONNRESET', 'EPIPE'])

/** Signs of a server that is away, which pass only where it has been there. */
const away: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ETIMEDOUT', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

export interface RetryOptions {
  readonly explain: (error: unknown) => SqlflowError
  readonly onRetry: (reason: string, attempt: number) => void
  /** A connection to this server has been opened before. */
  readonly known: () => boolean
}

export async function retryConnecting<T>(connect: () => Promise<T>, { explain, onRetry, known }: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect()
    } catch (error) {
      const pause = pauses[attempt - 1]
      const explained = error instanceof SqlflowError ? error : explain(error)
      if (pause === undefined || !isPassing(error, known())) throw explained
      onRetry(explained.message, attempt)
      await sleep(pause)
    }
  }
}

function isPassing(error: unknown, known: boolean): boolean {
  if (!(error instanceof Error)) return false
  if (error.message === 'Connection terminated unexpectedly') return true
  const code = 'code' in error ? String(error.code) : ''
  return passing.has(code) || (known && away.has(code))
}
