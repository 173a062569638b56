/**
 * Who holds an advisory lock: a line for people. What a run is at stands in the comment of the last statement of its lock session, which the server
 * shows to the same role and to those who may watch; others are told the run, its role and its process.
 */
import { relationLabel } from '../../core/relation.ts'
import type { Row, Session } from '../../warehouses/warehouse.ts'
import type { HeldLock } from './run-locks.ts'

export interface AdvisoryHolder {
  /** The second half of the lock's key. */
  readonly key: number
  readonly text: string
  readonly entries: readonly NotedLock[]
}

/** What a run says of a lock that it holds. */
export interface NotedLock {
  /** `analytics.turf` */
  readonly relation: string
  readonly node: string
  readonly since: string
}

/** `sqlflow build; analytics.turf: model:turf since 2026-11-01 12:00:03Z` */
export function lockNote(command: string, held: readonly HeldLock[]): string {
  const entries = held.map(
    ({ relation, node, since }) => `${relationLabel(relation)}: ${node} since ${since.toISOString().slice(0, 19).replace('T', ' ')}Z`,
  )
  return [`sqlflow ${command}`, ...entries].join('; ').replaceAll('*/', '* /')
}

function readNote(query: string | null | undefined): { readonly command?: string; readonly entries: readonly NotedLock[] } {
  const [command, ...rest] = /^\/\* sqlflow (.*?) \*\/ select /.exec(query ?? '')?.[1]?.split('; ') ?? []
  const entries = rest.flatMap((entry) => {
    const [, relation, node, since] = /^(.+?): (.+) since (\S+ \S+)$/.exec(entry) ?? []
    return relation === undefined || node === undefined || since === undefined ? [] : [{ relation, node, since }]
  })
  return { ...(command !== undefined && { command }), entries }
}

/** Of the locks `(first, key)` those that other sessions of this database hold, and by whom. */
export async function describeHolders(session: Session, first: number, keys: readonly number[]): Promise<readonly AdvisoryHolder[]> {
  if (keys.length === 0) return []
  const [result] =
    await session.run(`select k.second, a.application_name, a.usename, host(a.client_addr), a.pid, date_trunc('second', a.backend_start), a.query
from (values ${keys.map((key) => `(${key})`).join(', ')}) k (second)
join pg_locks l on l.locktype = 'advisory' and l.granted and l.mode = 'ExclusiveLock' and l.objsubid = 2
  and l.classid::bigint = ${first} and l.objid::bigint = k.second::bigint & 4294967295
  and l.database = (select oid from pg_database where datname = current_database())
join pg_stat_activity a on a.pid = l.pid
where l.pid <> pg_backend_pid()`)
  return result!.rows.map(toHolder)
}

function toHolder([key, application, role, host, pid, since, query]: Row): AdvisoryHolder {
  const { command, entries } = readNote(query)
  const parts = [
    `${application}${command === undefined ? '' : ` (${command})`}`,
    `role ${role}${host == null ? '' : ` from ${host}`}`,
    `process ${pid}`,
    ...(since == null ? [] : [`since ${since}`]),
  ]
  return { key: Number(key), text: parts.join(', '), entries }
}
