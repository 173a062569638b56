/** Who holds locks on relations that a publish needs: named when it waits, and when it gives up. */
import { relationLabel, type RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Session } from '../warehouses/warehouse.ts'

/** `process 4711 (psql, role ana, idle in transaction) on analytics.supporters`, one for each session and relation. */
export async function findBlockers(
  session: Pick<Session, 'run'>,
  relations: readonly RelationName[],
  dialect: Dialect,
): Promise<readonly string[]> {
  const names = relations.map(({ schema, name }) => `(${dialect.quoteLiteral(schema)}, ${dialect.quoteLiteral(name)})`).join(', ')
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
