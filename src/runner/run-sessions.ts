/** Sessions of a run: those in use are known, so that Ctrl-C can cancel in the server what they are running. */
import type { Session, Warehouse } from '../warehouses/warehouse.ts'

export type WithSession = <T>(work: (session: Session) => Promise<T>) => Promise<T>

export function trackSessions(warehouse: Warehouse, signal: AbortSignal): WithSession {
  const open = new Set<Session>()
  signal.addEventListener('abort', () => {
    for (const session of open) session.cancel().catch(() => {})
  })
  return async (work) => {
    await using session = await warehouse.acquire()
    signal.throwIfAborted()
    open.add(session)
    try {
      return await work(session)
    } finally {
      open.delete(session)
    }
  }
}
