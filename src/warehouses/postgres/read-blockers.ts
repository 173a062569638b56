/** Who holds locks on relations that a publish needs: named when it waits, and when it gives up. */
import { relationLabel, type RelationName } from '../../core/relation.ts'
import { postgresDialect } from '../../dialects/postgres.ts'
import type { Session } from '../warehouse.ts'

const { quoteLiteral } = postgresDialect

export async function readBlockers(session: Pick<Session, 'run'>, relations: readonly RelationName[]): Promise<readonly string[]> {
  const names = relations.map(({ schema, name }) => `(${quoteLiteral(schema)}, ${quoteLiteral(name)})`).join(', ')
  const [result] = await session.run(`select distinct a.pid, a.application_name, a.usename, a.state, n.nspname, c.relname
from pg_locks l
join pg_class c on c.oid = l.relation
join pg_namespace n on n.oid = c.relnamespace
join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid() and a.datname = current_database()
  and (n.nspname, c.relname) in (${names})
order by a.pid, n.nspname, c.relname`)
  return result!.rows.map(([pid, application, user, state, schema, name]) => {
    const who = [application, `role ${user}`, state].filter((part) => part !== null && part !== undefined && part !== '')
    return `process ${pid} (${who.join(', ')}) on ${relationLabel({ schema: schema!, name: name! })}`
  })
}
