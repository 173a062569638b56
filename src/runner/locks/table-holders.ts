/** Who holds locks of a table: a line for people. */
import { relationKey, type RelationName } from '../../core/relation.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import { findLockTables, lockTable, readLockTables, runsThat, type TableSession } from './lock-table.ts'
import type { Holder } from './run-locks.ts'

const { quoteLiteral, storedName } = redshiftDialect

/** Of the relations those that living runs other than `runId` hold. */
export async function findTableHolders(to: TableSession, relations: readonly RelationName[], runId: string): Promise<readonly Holder[]> {
  const byKey = new Map(relations.map((relation) => [keyInTable(relation), relation]))
  const schemas = await findLockTables(to, [...new Set(relations.map(({ schema }) => schema))])
  const rows = await readLockTables(
    to,
    schemas,
    (schema) => `select ${quoteLiteral(schema)}, l.relation, l.run, l.command, l.login, l.host, l.process, r.since, l.node, l.since
from ${lockTable(schema)} l left join ${lockTable(schema)} r on r.run = l.run and r.relation = ''
where l.relation <> '' and l.run <> ${quoteLiteral(runId)} and l.run in (${runsThat('living', schema)})`,
  )
  return rows.flatMap(([schema, name, run, command, login, host, process, began, node, since]) => {
    const relation = byKey.get(keyInTable({ schema: schema!, name: name! }))
    if (relation === undefined) return []
    const text = `run ${run} (${command}), user ${login} from ${host}, process ${process}, since ${began ?? since} UTC`
    return [{ relation, text, at: { node: node!, since: `${since} UTC` } }]
  })
}

function keyInTable({ schema, name }: RelationName): string {
  return relationKey({ schema: storedName(schema), name: storedName(name) })
}
