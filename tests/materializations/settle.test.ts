/**
 * A connection is lost at every round trip of every shape of plan: before it is sent, while it runs, after it is done and before its answer is
 * known. What is reported is what happened, the relation is whole, and nothing is sent twice.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SqlflowError } from '../../src/core/errors.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { databases, type TestDatabase } from '../support/databases.ts'
import { build, rowsOf } from './build-relation.ts'
import { model, shapes } from './shapes.ts'
import { watchSession } from './watch-session.ts'

const postgres = databases.find((one) => one.type === 'postgres')!
const pglite = databases.find((one) => one.type === 'pglite')!

type Moment = 'before' | 'during' | 'after'
type Outcome = 'new' | 'old'

describe('a connection that is lost', () => {
  let database: TestDatabase
  let warehouse: Warehouse
  let other: Session

  beforeAll(async () => {
    database = await postgres.create()
    warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    other = await warehouse.acquire()
  })
  afterAll(async () => {
    await other?.[Symbol.asyncDispose]()
    await warehouse?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
  })

  describe.each(['before', 'during', 'after'] as const)('%s', (moment) => {
    it.each(shapes)('any round trip of: $plan', async ({ before, build: run }) => {
      let lost = true
      for (let trip = 0; lost; trip++) {
        await other.run('drop schema public cascade; create schema public')
        await before?.(other, 'public')
        await using session = await warehouse.acquire()
        const losing = loseAt({ session, trip, moment, end: () => endBackend(other, session.processId) })
        const looked: string[] = []
        const reconnect = async () => record(await warehouse.acquire(), looked)
        const said = await outcomeOf(run(losing.session, 'public', { reconnect }))
        lost = losing.lost()
        expect(said).toBe(await stateOf(other))
        expect([said, lost]).not.toEqual(['old', false])
        expect(
          looked.filter((sql) => !/^select pg_terminate_backend|^begin transaction isolation level repeatable read read only/.test(sql)),
        ).toEqual([])
      }
    })
  })

  it('and cannot be looked after, is in doubt', async () => {
    await other.run('drop schema public cascade; create schema public')
    await build(other, model('table', 1))
    await using session = await warehouse.acquire()
    const losing = loseAt({ session, trip: 2, moment: 'after', end: () => endBackend(other, session.processId) })
    const reconnect = () => Promise.reject(new SqlflowError('warehouse-unreachable', 'Nobody answers.'))
    await expect(build(losing.session, model('table', 2), { reconnect })).rejects.toMatchObject({
      code: 'publish-in-doubt',
      exitCode: 1,
      message:
        'The connection was lost while public.supporters was being replaced, and it cannot be found out whether it was: Nobody answers.',
      hint: 'It is whole, the old version or the new one. Build again once the warehouse answers.',
    })
  })
})

describe('an embedded warehouse that is stopped', () => {
  it('right after a publish is settled by looking', async () => {
    await using database = await pglite.create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    {
      await using session = await warehouse.acquire()
      await build(session, model('table', 1))
      const end = async () => {
        session.run('select pg_sleep(60)').catch(() => undefined)
        await session.cancel()
      }
      const losing = loseAt({ session, trip: 2, moment: 'after', end })
      expect(await outcomeOf(build(losing.session, model('table', 2), { reconnect: () => warehouse.acquire() }))).toBe('new')
    }
    await using next = await warehouse.acquire()
    expect(await stateOf(next)).toBe('new')
  })
})

interface Loss {
  readonly session: Session
  readonly trip: number
  readonly moment: Moment
  /** Ends the session's backend. */
  readonly end: () => Promise<unknown>
}

/** The session, which loses its connection at one of its round trips. */
function loseAt({ session, trip, moment, end }: Loss): { readonly session: Session; readonly lost: () => boolean } {
  let trips = 0
  let lost = false
  const around = async <T>(send: () => Promise<T>): Promise<T> => {
    if (trips++ !== trip) return await send()
    lost = true
    if (moment === 'before') await end()
    if (moment === 'during') {
      const [sent] = await Promise.all([send(), end()])
      await session.run('select 1') // it may have been faster than its end
      return sent
    }
    const sent = await send()
    if (moment === 'after') {
      await end()
      await session.run('select 1')
    }
    return sent
  }
  const losing = watchSession(session, {
    run: (sql) => around(() => session.run(sql)),
    copyFrom: (sql, bytes) => around(() => session.copyFrom(sql, bytes)),
  })
  return { session: losing, lost: () => lost }
}

/** Gone when this resolves. */
async function endBackend(other: Session, processId: number): Promise<void> {
  await other.run(`select pg_terminate_backend(${processId}, 10000)`)
}

function record(session: Session, sent: string[]): Session {
  const run = session.run.bind(session)
  return Object.assign(session, {
    run: async (sql: string) => {
      sent.push(sql)
      return await run(sql)
    },
  })
}

async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work
    return 'new'
  } catch (error) {
    if (error instanceof SqlflowError && error.code === 'warehouse-error') return 'old'
    throw error
  }
}

/** Whole, and the same through the view that reads it. */
async function stateOf(session: Session): Promise<Outcome> {
  const [[supporters, turf]] = (await rowsOf(session, `select to_regclass('supporters'), to_regclass('turf')`)) as [(string | null)[]]
  if (supporters === null) return 'old'
  const rows = await rowsOf(session, `select round::text from supporters${turf === null ? '' : ' union all select round::text from turf'}`)
  expect(rows).toEqual(Array.from({ length: turf === null ? 1 : 2 }, () => rows[0]))
  return rows[0]?.[0] === '2' ? 'new' : 'old'
}
