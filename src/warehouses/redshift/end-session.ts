/**
 * Ends another session. STV_SESSIONS shows a login its own sessions, and a superuser all; to end one takes effect some time after it was asked for, so it
 * is looked for until it is gone. What it follows: "STV_SESSIONS" and "PG_TERMINATE_BACKEND" of the Amazon Redshift Database Developer Guide.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { WarehouseError } from '../../core/errors.ts'
import type { EndOther } from '../pg/pg-session.ts'

/** Looks until it is given up, a tenth of a second apart. */
const mostLooks = 100

/** SQLSTATEs of a server that shows nobody its sessions, or not to this login. */
const notShown: ReadonlySet<string | undefined> = new Set(['42501', '42P01', '0A000'])

export const endRedshiftSession: EndOther = async (session, { processId, startedBefore }) => {
  if (processId === session.processId) return 'running'
  const began = startedBefore === undefined ? '' : ` and starttime <= '${startedBefore}'`
  const isThere = async (): Promise<boolean> => {
    try {
      const [found] = await session.run(`select process from stv_sessions where process = ${processId}${began}`)
      return found!.rows.length > 0
    } catch (error) {
      if (error instanceof WarehouseError && notShown.has(error.sqlState)) return false
      throw error
    }
  }
  if (!(await isThere())) return 'gone'
  await session.run(`select pg_terminate_backend(${processId})`)
  for (let looks = 0; looks < mostLooks; looks++) {
    if (!(await isThere())) return 'ended'
    await delay(100)
  }
  return 'running'
}
