/**
 * Locks as rows of a table. One session takes and frees them, each time in one short transaction of one round trip, and says every ten seconds that
 * the run lives. A run joins a schema with its first lock there, and its rows go when it ends; those of a run that died are old, and taken over.
 */
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Diagnostic } from '../../core/diagnostic.ts'
import { SqlflowError } from '../../core/errors.ts'
import { relationLabel } from '../../core/relation.ts'
import { redshiftDialect } from '../../dialects/redshift.ts'
import type { Warehouse } from '../../warehouses/warehouse.ts'
import { createLockBatches, type LockBatch } from './lock-batches.ts'
import {
  beatSql,
  createLockTable,
  dedicate,
  findLockTables,
  freeSql,
  heldSql,
  isTableMissing,
  leaveSql,
  type LockOwner,
  registerSql,
  takeSql,
  type TableSession,
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

const { storedName } = redshiftDialect

/** Calls `beat` every now and then, until disposed. */
export type Beating = (beat: () => void) => Disposable

const everyTenSeconds: Beating = (beat) => {
  const timer = setInterval(beat, 10_000).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

export async function openTableLocks(options: TableLocksOptions): Promise<RunLocks> {
  const { runId, signal, onDeadRun, beating = everyTenSeconds } = options
  const line = await openLine(options)
  const run: TableRun = { line, runId, joined: new Set(), lost: undefined, ended: false }
  const batches = createLockBatches((batch) => sendBatch(run, batch))
  const pulse = beating(() => void batches.during((held) => sayLiving(run, held)).catch(() => undefined)) // the next one may come through
  return {
    tryLock: async (lock) => {
      if (await batches.tryLock(lock)) return true
      const question = { runId, schemas: [lock.relation.schema], ...(onDeadRun && { onDeadRun }) }
      const buried = await batches.during(async () => buryDeadRuns({ ...question, to: await line.open() }))
      return buried.runs > 0 && (await batches.tryLock(lock))
    },
    unlock: batches.unlock,
    holders: (relations) => batches.during(async () => findTableHolders(await line.open(), relations, runId)),
    waitForTry: (_lock, _session, tries) => delay(Math.min(5000, 1000 * 1.3 ** (tries - 1)), undefined, signal && { signal }),
    [Symbol.asyncDispose]: async () => {
      pulse[Symbol.dispose]()
      run.ended = true
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
  /** All its rows are gone: what is still to be freed is free. */
  ended: boolean
}

/** The session of the locks: rows outlive it, so another takes its place when it is lost. */
interface Line extends AsyncDisposable {
  readonly open: () => Promise<TableSession>
  readonly owner: LockOwner
}

async function openLine({ warehouse, command, runId }: TableLocksOptions): Promise<Line> {
  let session = await warehouse.acquire()
  const close = async (): Promise<void> => {
    session.broken = true // it has settings of its own
    await session[Symbol.asyncDispose]()
  }
  try {
    let to = await dedicate(session)
    const { rows } = await session.query('select current_user')
    return {
      owner: { runId, command, login: rows[0]![0]!, host: hostname(), processId: session.processId },
      open: async () => {
        if (!session.broken) return to
        await close()
        session = await warehouse.acquire()
        return (to = await dedicate(session))
      },
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function sendBatch(run: TableRun, { asked, freed, held }: LockBatch): Promise<readonly boolean[]> {
  if (run.ended) return []
  if (run.lost !== undefined && asked.length > 0) throw run.lost
  try {
    return await takeAndFree(run, asked, freed)
  } catch (error) {
    if (!isTableMissing(error)) throw error
  }
  const schemas = schemasOf([...asked, ...freed])
  const there = await findLockTables(await run.line.open(), schemas)
  const others = held.filter((lock) => !asked.includes(lock))
  const isThere = (schema: string): boolean => there.includes(storedName(schema))
  for (const schema of schemas) if (!isThere(schema)) await rejoin(run, schema, others)
  const kept = freed.filter(({ relation }) => isThere(relation.schema)) // the others went with their table
  return await takeAndFree(run, asked, kept)
}

async function takeAndFree(
  { line, runId, joined }: TableRun,
  asked: readonly HeldLock[],
  freed: readonly HeldLock[],
): Promise<readonly boolean[]> {
  const schemas = schemasOf([...asked, ...freed])
  if (schemas.length === 0) return []
  const joining = schemas.filter((schema) => !joined.has(schema))
  const results = await withTablesLocked(await line.open(), schemas, [
    ...freed.map(({ relation }) => freeSql(relation, runId)),
    ...joining.map((schema) => registerSql(schema, line.owner)),
    ...asked.map((lock) => takeSql(lock, line.owner)),
  ])
  for (const schema of joining) joined.add(schema)
  return results.slice(freed.length + joining.length).map(({ rowCount }) => rowCount === 1)
}

function schemasOf(locks: readonly HeldLock[]): readonly string[] {
  return [...new Set(locks.map(({ relation }) => relation.schema))]
}

/** Says that the run lives. Where rows of it are gone, since somebody dropped the table or thought the run dead, it takes back what is free. */
async function sayLiving(run: TableRun, held: readonly HeldLock[]): Promise<void> {
  if (run.lost !== undefined) return
  for (const schema of await beatIn(run, [...run.joined], held)) await rejoin(run, schema, held)
}

/** Schemas in which rows of the run are missing. */
async function beatIn(run: TableRun, schemas: readonly string[], held: readonly HeldLock[]): Promise<readonly string[]> {
  if (schemas.length === 0) return []
  const { line, runId } = run
  try {
    const results = await withTablesLocked(
      await line.open(),
      schemas,
      schemas.map((schema) => beatSql(schema, runId)),
    )
    return schemas.filter((schema, index) => (results[index]!.rowCount ?? 0) < 1 + locksIn(schema, held).length)
  } catch (error) {
    if (!isTableMissing(error)) throw error
    if (schemas.length === 1) return schemas
    const gone: string[] = []
    for (const schema of schemas) gone.push(...(await beatIn(run, [schema], held)))
    return gone
  }
}

function locksIn(schema: string, held: readonly HeldLock[]): readonly HeldLock[] {
  return held.filter(({ relation }) => relation.schema === schema)
}

/** Makes the table where it is missing, and the rows of the run. */
async function rejoin(run: TableRun, schema: string, held: readonly HeldLock[]): Promise<void> {
  const { line, runId, joined } = run
  const to = await line.open()
  const locks = locksIn(schema, held)
  joined.delete(schema)
  try {
    await createLockTable(to, schema)
  } catch (error) {
    if (!isTableMissing(error) || locks.length > 0) throw error
    return // the schema was dropped
  }
  const results = await withTablesLocked(
    to,
    [schema],
    [registerSql(schema, line.owner), ...locks.map((lock) => takeSql(lock, line.owner)), heldSql(schema, runId)],
  )
  joined.add(schema)
  const ours = new Set(results.at(-1)!.rows.map(([relation]) => relation))
  const taken = locks.filter(({ relation }) => !ours.has(storedName(relation.name))).map(({ relation }) => relationLabel(relation))
  if (taken.length > 0) run.lost = lostError(runId, taken)
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
  const to = await line.open()
  const there = await findLockTables(to, [...joined])
  if (there.length > 0) {
    await withTablesLocked(
      to,
      there,
      there.map((schema) => leaveSql(schema, runId)),
    )
  }
}
