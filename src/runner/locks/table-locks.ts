/**
 * Locks as rows of a table. One session takes and frees them, each time in one short transaction of one round trip, and says every ten seconds that
 * the run lives. A run joins a schema with its first lock there, and its rows go when it ends; those of a run that died are old, and taken over.
 */
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Diagnostic } from '../../core/diagnostic.ts'
import { SqlflowError } from '../../core/errors.ts'
import { relationLabel } from '../../core/relation.ts'
import type { Session, Warehouse } from '../../warehouses/warehouse.ts'
import { createLockBatches, type LockBatch } from './lock-batches.ts'
import {
  beatSql,
  createLockTable,
  findLockTables,
  freeSql,
  isTableMissing,
  leaveSql,
  type LockOwner,
  registerSql,
  takeSql,
  withTablesLocked,
} from './lock-table.ts'
import type { HeldLock, RunLocks } from './run-locks.ts'
import { buryDeadRuns } from './table-dead-runs.ts'
import { findTableHolders } from './table-holders.ts'

export interface TableLocksOptions {
  readonly warehouse: Pick<Warehouse, 'acquire'>
  readonly command: string
  readonly runId: string
  readonly onDeadRun?: (warning: Diagnostic) => void
  readonly signal?: AbortSignal
  readonly beating?: Beating
}

/** Calls `beat` every now and then, until disposed. */
export type Beating = (beat: () => void) => Disposable

const everyTenSeconds: Beating = (beat) => {
  const timer = setInterval(beat, 10_000).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

export async function openTableLocks(options: TableLocksOptions): Promise<RunLocks> {
  const { runId, signal, onDeadRun, beating = everyTenSeconds } = options
  const line = await openLine(options)
  const run: TableRun = { line, runId, joined: new Set(), lost: undefined }
  const batches = createLockBatches((batch) => sendBatch(run, batch))
  const pulse = beating(() => void batches.during((held) => sayLiving(run, held)).catch(() => undefined)) // the next one may come through
  return {
    tryLock: async (lock) => {
      if (await batches.tryLock(lock)) return true
      const question = { runId, schemas: [lock.relation.schema], ...(onDeadRun && { onDeadRun }) }
      const buried = await batches.during(async () => buryDeadRuns({ ...question, session: await line.session() }))
      return buried.runs > 0 && (await batches.tryLock(lock))
    },
    unlock: batches.unlock,
    holders: (relations) => batches.during(async () => findTableHolders(await line.session(), relations, runId)),
    waitForTry: (_lock, _session, tries) => delay(Math.min(5000, 1000 * 1.3 ** (tries - 1)), undefined, signal && { signal }),
    [Symbol.asyncDispose]: async () => {
      pulse[Symbol.dispose]()
      try {
        await batches.during(() => leave(run))
      } catch (error) {
        if (!(error instanceof SqlflowError)) throw error // rows that stay grow old
      } finally {
        await line[Symbol.asyncDispose]()
      }
    },
  }
}

interface TableRun {
  readonly line: Line
  readonly runId: string
  /** Schemas in which the run is known. */
  readonly joined: Set<string>
  /** Why it may go on no longer, once others have taken over what it held. */
  lost: SqlflowError | undefined
}

/** The session of the locks: rows outlive it, so another takes its place when it is lost. */
interface Line extends AsyncDisposable {
  readonly session: () => Promise<Session>
  readonly owner: LockOwner
}

async function openLine({ warehouse, command, runId }: TableLocksOptions): Promise<Line> {
  let session = await warehouse.acquire()
  try {
    const { rows } = await session.query('select current_user')
    const owner = { runId, command, login: rows[0]![0]!, host: hostname(), processId: session.processId }
    return {
      owner,
      session: async () => {
        if (!session.broken) return session
        await session[Symbol.asyncDispose]()
        return (session = await warehouse.acquire())
      },
      [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    }
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
}

async function sendBatch(run: TableRun, { asked, freed }: LockBatch): Promise<readonly boolean[]> {
  if (run.lost !== undefined && asked.length > 0) throw run.lost
  const schemas = [...new Set([...asked, ...freed].map(({ relation }) => relation.schema))]
  try {
    return await takeAndFree(run, schemas, asked, freed)
  } catch (error) {
    if (!isTableMissing(error)) throw error
  }
  const wanted = [...new Set(asked.map(({ relation }) => relation.schema))]
  const session = await run.line.session()
  for (const schema of wanted) await createLockTable(session, schema)
  return await takeAndFree(run, wanted, asked, []) // what was to be freed went with the table
}

async function takeAndFree(
  { line, runId, joined }: TableRun,
  schemas: readonly string[],
  asked: readonly HeldLock[],
  freed: readonly HeldLock[],
): Promise<readonly boolean[]> {
  if (schemas.length === 0) return []
  const asking = [...new Set(asked.map(({ relation }) => relation.schema))]
  const results = await withTablesLocked(await line.session(), schemas, [
    ...freed.map(({ relation }) => freeSql(relation, runId)),
    ...asking.map((schema) => registerSql(schema, line.owner)),
    ...asked.map((lock) => takeSql(lock, line.owner)),
  ])
  for (const schema of asking) joined.add(schema)
  return results.slice(freed.length + asking.length).map(({ rowCount }) => rowCount === 1)
}

/** Says that the run lives. Where its rows are gone, since somebody dropped the table or thought the run dead, it takes back what is free. */
async function sayLiving(run: TableRun, held: readonly HeldLock[]): Promise<void> {
  const schemas = [...run.joined]
  if (schemas.length === 0 || run.lost !== undefined) return
  const gone = await beatIn(run, schemas)
  for (const schema of gone) await rejoin(run, schema, held)
}

/** Schemas in which no row of the run was left. */
async function beatIn(run: TableRun, schemas: readonly string[]): Promise<readonly string[]> {
  const { line, runId } = run
  try {
    const results = await withTablesLocked(
      await line.session(),
      schemas,
      schemas.map((schema) => beatSql(schema, runId)),
    )
    return schemas.filter((_, index) => results[index]!.rowCount === 0)
  } catch (error) {
    if (!isTableMissing(error)) throw error
    if (schemas.length === 1) return schemas
    const gone: string[] = []
    for (const schema of schemas) gone.push(...(await beatIn(run, [schema])))
    return gone
  }
}

async function rejoin(run: TableRun, schema: string, held: readonly HeldLock[]): Promise<void> {
  const session = await run.line.session()
  const locks = held.filter(({ relation }) => relation.schema === schema)
  try {
    await createLockTable(session, schema)
  } catch (error) {
    if (!isTableMissing(error) || locks.length > 0) throw error
    run.joined.delete(schema) // the schema was dropped
    return
  }
  const taken = await takeAndFree(run, [schema], locks, [])
  const others = locks.filter((_, index) => taken[index] !== true).map(({ relation }) => relationLabel(relation))
  if (others.length > 0) run.lost = lostError(run.runId, others)
}

function lostError(runId: string, relations: readonly string[]): SqlflowError {
  return new SqlflowError(
    'locks-lost',
    `The run ${runId} was not seen for too long, and another run took over what it worked on: ${relations.join(', ')}.`,
    { hint: 'This machine slept, or lost its connection. Run the command again.', exitCode: 1 },
  )
}

async function leave({ line, runId, joined }: TableRun): Promise<void> {
  if (joined.size === 0) return
  const session = await line.session()
  const there = await findLockTables(session, [...joined])
  if (there.length > 0) {
    await withTablesLocked(
      session,
      there,
      there.map((schema) => leaveSql(schema, runId)),
    )
  }
}
