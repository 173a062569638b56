/** Who holds locks on relations that a publish needs. Users other than superusers see their own sessions alone. */
import { relationLabel, type RelationName } from '../../core/relation.ts'
import type { Session } from '../warehouse.ts'
import { literals } from './catalog-queries.ts'
import { loweredKey } from './read-places.ts'

export async function readBlockers(session: Pick<Session, 'run'>, relations: readonly RelationName[]): Promise<readonly string[]> {
  const [own, named, locks] = await session.run(`select pg_backend_pid();
select c.oid, n.nspname, c.relname
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in (${literals(relations.map(({ schema }) => schema))}) and c.relname in (${literals(relations.map(({ name }) => name))})
order by n.nspname, c.relname;
select distinct pid, txn_owner, txn_start, relation from svv_transactions where granted and relation is not null order by pid`)
  const asked = new Set(relations.map(loweredKey))
  const wanted = new Map(
    named!.rows
      .map(([id, schema, name]) => [id!, { schema: schema!, name: name! }] as const)
      .filter(([, relation]) => asked.has(loweredKey(relation))),
  )
  return locks!.rows.flatMap(([pid, user, start, id]) => {
    const relation = wanted.get(id!)
    if (relation === undefined || pid === own!.rows[0]![0]) return []
    return [`process ${pid} (user ${user?.trim()}, in a transaction since ${start}) on ${relationLabel(relation)}`]
  })
}
