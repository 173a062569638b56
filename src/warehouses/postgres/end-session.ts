/** Ends another session of the same application, which is one of the same run. */
import type { EndOther } from '../pg/pg-session.ts'

export const endPostgresSession: EndOther = async (session, { processId, startedBefore }) => {
  const began = startedBefore === undefined ? '' : ` and backend_start <= timestamp '${startedBefore}' at time zone 'UTC'`
  const [ended] = await session.run(`select pg_terminate_backend(pid, 10000) from pg_stat_activity
where pid = ${processId} and pid <> pg_backend_pid() and application_name = current_setting('application_name')${began}`)
  if (ended!.rows.length === 0) return 'gone'
  return ended!.rows.every(([gone]) => gone === 't') ? 'ended' : 'running'
}
