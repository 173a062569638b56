/**
 * Runs that hold rows of a lock table and have not been seen for a minute. Their sessions are ended before their rows go, so that nobody works on a
 * relation beside what a dead run still has under way.
 */
import { countOf } from '../../core/count-of.ts'
import { type Diagnostic, warningDiagnostic } from '../../core/diagnostic.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import { runTag } from '../../materializations/aside-names.ts'
import type { Row, Session } from '../../warehouses/warehouse.ts'
import {
  buryTable,
  findLockTables,
  lockTable,
  readLockTables,
  runsThat,
  type TableSession,
  visiting,
  withTablesLocked,
} from './lock-table.ts'
import type { DeadRuns, DeadRunsQuestion } from './run-locks.ts'

export const tableDeadRuns: DeadRuns = {
  findLiving: async (tags, { session, schemas }) => {
    const there = await findLockTables(visiting(session), schemas)
    const rows = await readLockTables(visiting(session), there, (schema) => runsThat('living', schema))
    return rows.map(([run]) => runTag(run!)).filter((tag) => tags.has(tag))
  },
  endSessions: async (question) => (await buryDeadRuns({ ...question, to: visiting(question.session) })).endedSessions,
}

/** Runs that live and are known in the schema, other than the one that asks. */
export async function findOtherRuns(session: Session, schema: string, runId: string): Promise<readonly string[]> {
  const there = await findLockTables(visiting(session), [schema])
  const rows = await readLockTables(visiting(session), there, (found) => runsThat('living', found))
  return rows.map(([run]) => run!).filter((run) => run !== runId)
}

export interface Buried {
  readonly runs: number
  readonly endedSessions: number
}

export interface BuryOptions extends Pick<DeadRunsQuestion, 'runId' | 'schemas' | 'onDeadRun'> {
  readonly to: TableSession
}

export async function buryDeadRuns(options: BuryOptions): Promise<Buried> {
  const { to, runId, schemas } = options
  const there = await findLockTables(to, schemas)
  const rows = await readLockTables(
    to,
    there,
    (schema) => `select ${redshiftDialect.quoteLiteral(schema)}, run, relation, command, login, host, process, since, seen_at
from ${lockTable(schema)} where run in (${runsThat('dead', schema)}) and run <> ${redshiftDialect.quoteLiteral(runId)}`,
  )
  if (rows.length === 0) return { runs: 0, endedSessions: 0 }
  const asking = await whoAsks(to.session)
  let endedSessions = 0
  const byRun = Map.groupBy(rows.map(toDeadLock), ({ run }) => run)
  for (const locks of byRun.values()) endedSessions += await bury(options, locks, asking)
  return { runs: byRun.size, endedSessions }
}

/** Whose sessions are seen. */
interface Asking {
  readonly login: string
  readonly superuser: boolean
}

async function whoAsks(session: Session): Promise<Asking> {
  const { rows } = await session.query('select usename, usesuper from pg_user where usename = current_user')
  return { login: rows[0]?.[0] ?? '', superuser: rows[0]?.[1] === 't' }
}

interface DeadLock {
  readonly schema: string
  readonly run: string
  /** Empty: of the run itself. */
  readonly relation: string
  readonly command: string
  readonly login: string
  readonly host: string
  readonly processId: number
  readonly since: string
  readonly seenAt: string
}

function toDeadLock([schema, run, relation, command, login, host, process, since, seenAt]: Row): DeadLock {
  return {
    schema: schema!,
    run: run!,
    relation: relation!,
    command: command!,
    login: login!,
    host: host!,
    processId: Number(process),
    since: since!,
    seenAt: seenAt!,
  }
}

/** How many sessions were ended. */
async function bury({ to, onDeadRun }: BuryOptions, locks: readonly DeadLock[], asking: Asking): Promise<number> {
  const ended = await endProcesses(to.session, locks)
  const schemas = [...new Set(locks.map(({ schema }) => schema))]
  const results = await withTablesLocked(
    to,
    schemas,
    schemas.map((schema) => buryTable(schema, locks[0]!.run)),
  )
  if (results.some(({ rowCount }) => (rowCount ?? 0) > 0)) onDeadRun?.(describe(locks, ended, asking))
  return ended
}

/** Those of sessions that began before the run took the lock: later ones have the number by chance. */
async function endProcesses(session: Session, locks: readonly DeadLock[]): Promise<number> {
  let ended = 0
  const asked = new Set<number>()
  for (const { processId, since } of locks) {
    if (asked.has(processId)) continue
    asked.add(processId)
    if ((await session.endOther({ processId, startedBefore: since })) === 'ended') ended++
  }
  return ended
}

function describe(locks: readonly DeadLock[], ended: number, asking: Asking): Diagnostic {
  const { run, command, login, host, processId } = locks.find(({ relation }) => relation !== '') ?? locks[0]!
  const held = locks.filter(({ relation }) => relation !== '').map(({ schema, relation }) => `${schema}.${relation}`)
  const seenAt = locks
    .map((lock) => lock.seenAt)
    .sort()
    .at(-1)!
  const that = held.length === 0 ? '' : ` that held ${held.join(', ')}`
  const taken = held.length === 0 ? 'what it left is put away' : 'taken over'
  const sessions = ended === 0 ? '' : `, and ${countOf(ended, 'session')} of it ended`
  return warningDiagnostic(
    'dead-run',
    `The run ${run} (${command}, ${login} from ${host}, process ${processId})${that} has not been seen since ${seenAt} UTC: ${taken}${sessions}.`,
    asking.superuser || asking.login === login
      ? {}
      : {
          hint: `${asking.login} does not see sessions of ${login}: if process ${processId} still works, ${login} or a superuser can end it.`,
        },
  )
}
