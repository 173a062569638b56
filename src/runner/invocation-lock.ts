/**
 * One invocation writes to a schema at a time. Advisory locks of one dedicated session, for each schema and for the run itself: the
 * server frees them when the process dies. Schemas are locked in one order, so that two invocations never wait for each other.
 */
import { SqlflowError, WarehouseError } from '../core/errors.ts'
import { runTag } from '../materializations/aside-names.ts'
import { postgresDialect } from '../dialects/postgres.ts'
import type { Session, Warehouse } from '../warehouses/warehouse.ts'

/** First halves of our advisory locks' keys: `sqfs` and `sqfr` in ASCII. */
const schemaLock = 0x73_71_66_73
export const runLock = 0x73_71_66_72

export interface InvocationLockOptions {
  readonly warehouse: Pick<Warehouse, 'acquire' | 'capabilities'>
  readonly schemas: Iterable<string>
  readonly runId: string
  /** False: refuse instead of waiting. */
  readonly wait: boolean
  /** Called once for each schema that another invocation holds: `Another run writes to ...` */
  readonly onWait?: (reason: string) => void
  readonly signal?: AbortSignal
}

/**
 * Resolves when this process holds every schema, until disposed. An embedded warehouse has one process anyway: nothing is locked.
 * Throws SqlflowError `schema-locked` (exit 2) when it may not wait.
 */
export async function lockInvocation(options: InvocationLockOptions): Promise<AsyncDisposable> {
  const { warehouse, runId } = options
  if (!warehouse.capabilities.advisoryLocks) return { [Symbol.asyncDispose]: () => Promise.resolve() }
  const session = await warehouse.acquire()
  const release = async (): Promise<void> => {
    session.broken = true // closing the connection frees the locks, whatever state it is in
    await session[Symbol.asyncDispose]()
  }
  try {
    await session.run(
      `set statement_timeout = 0; set idle_session_timeout = 0; select pg_advisory_lock(${runLock}, ${runKey(runTag(runId))})`,
    )
    for (const schema of [...new Set(options.schemas)].sort()) await lockSchema(session, schema, options)
  } catch (error) {
    await release()
    throw error
  }
  return { [Symbol.asyncDispose]: release }
}

/** The second half of a run's key, from its tag of 8 hex digits. */
function runKey(tag: string): number {
  return Number.parseInt(tag, 16) | 0
}

async function lockSchema(session: Session, schema: string, options: InvocationLockOptions): Promise<void> {
  const key = `${schemaLock}, hashtext(${postgresDialect.quoteLiteral(schema)})`
  const [tried] = await session.run(`select pg_try_advisory_lock(${key})`)
  if (tried!.rows[0]![0] === 't') return
  const holder = await describeHolder(session, key)
  if (!options.wait) {
    throw new SqlflowError('schema-locked', `Another run writes to the schema ${schema}: ${holder}.`, {
      hint: 'Wait until it has ended, or run without --no-wait.',
    })
  }
  options.onWait?.(`Another run writes to the schema ${schema}: ${holder}.`)
  await waitFor(session, `select pg_advisory_lock(${key})`, options.signal)
}

async function waitFor(session: Session, sql: string, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  const stop = (): void => void session.cancel()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    await session.run(sql)
  } catch (error) {
    if (error instanceof WarehouseError) signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** `sqlflow:field:1f0c2a9b, role ana from 10.0.0.7, process 4711, since 2026-11-01 12:00:00+00` */
async function describeHolder(session: Session, key: string): Promise<string> {
  const [result] =
    await session.run(`select a.application_name, a.usename, coalesce(host(a.client_addr), 'this machine'), a.pid, date_trunc('second', a.backend_start)
from (values (${key})) k (first, second)
join pg_locks l on l.locktype = 'advisory' and l.granted and l.objsubid = 2
  and l.classid::bigint = k.first and l.objid::bigint = k.second & 4294967295
  and l.database = (select oid from pg_database where datname = current_database())
join pg_stat_activity a on a.pid = l.pid`)
  const row = result!.rows[0]
  if (row === undefined) return 'it has just ended'
  const [application, user, host, pid, since] = row
  return `${application}, role ${user} from ${host}, process ${pid}, since ${since}`
}
