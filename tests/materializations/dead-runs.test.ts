import { describe, expect, it } from 'vitest'
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { asideName } from '../../src/materializations/aside-names.ts'
import { applicationName } from '../../src/runner/application-name.ts'
import { clearDeadRuns } from '../../src/runner/clear-dead-runs.ts'
import { lockInvocation, type InvocationLock, type InvocationLockOptions } from '../../src/runner/invocation-lock.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { databases } from '../support/databases.ts'
import { rowsOf } from './build-relation.ts'

const postgres = databases.find((one) => one.type === 'postgres')!

const [turf, events] = ['turf', 'events'].map((name) => ({ relation: { schema: 'staging', name }, node: `model:${name}` }) as const)

function lockRun(warehouse: Warehouse, runId: string, more: Partial<InvocationLockOptions> = {}): Promise<InvocationLock> {
  const now = (): Date => new Date('2026-11-01T12:00:03.456Z')
  return lockInvocation({ warehouse, command: 'build', runId, wait: true, now, ...more })
}

describe('two runs on one database', () => {
  it('at the same relation: the second is refused, naming the first, or waits for it; at another one it goes on', async () => {
    await using database = await postgres.create()
    await using first = await openWarehouse(database.target, { applicationName: applicationName('field', 'run-1') })
    await using second = await openWarehouse(database.target, { applicationName: applicationName('field', 'run-2') })
    await using firstLock = await lockRun(first, 'run-1')
    await using firstSession = await first.acquire()
    await using session = await second.acquire()
    const held = await firstLock.lockRelation({ ...turf!, session: firstSession })
    const holder =
      /^Another run works on staging\.turf: sqlflow:field:[0-9a-f]{8} \(build\), role postgres from 127\.0\.0\.1, process \d+, since [-\d :+]+, at model:turf since 2026-11-01 12:00:03Z\.$/
    const refusal = { code: 'relation-locked', message: expect.stringMatching(holder), exitCode: 2 }
    {
      await using impatient = await lockRun(second, 'run-2', { wait: false })
      await expect(impatient.refuseHeld([events!.relation, turf!.relation])).rejects.toMatchObject(refusal)
      await expect(impatient.lockRelation({ ...turf!, session })).rejects.toMatchObject(refusal)
      await impatient.refuseHeld([events!.relation])
      using _elsewhere = await impatient.lockRelation({ ...events!, session })
    }
    const waiting = Promise.withResolvers<string>()
    await using patient = await lockRun(second, 'run-2', { onWait: waiting.resolve })
    const locked = patient.lockRelation({ ...turf!, session })
    expect(await waiting.promise).toMatch(holder)
    held[Symbol.dispose]()
    using _held = await locked
    await using impatient = await lockRun(first, 'run-3', { wait: false })
    await expect(impatient.refuseHeld([turf!.relation])).rejects.toMatchObject({ code: 'relation-locked' })
  })

  it('tell a role that may not watch the other what the server shows it', async () => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse(database.target, { applicationName: applicationName('field', 'run-1') })
    await using lock = await lockRun(warehouse, 'run-1')
    await using session = await warehouse.acquire()
    using _held = await lock.lockRelation({ ...turf!, session })
    await using impatient = await lockRun(warehouse, 'run-2', { wait: false })
    await session.run('begin; create role limited_watcher; set local role limited_watcher')
    await expect(impatient.lockRelation({ ...turf!, session })).rejects.toMatchObject({
      message: expect.stringMatching(/^Another run works on staging\.turf: sqlflow:field:[0-9a-f]{8}, role postgres, process \d+\.$/),
    })
    await session.run('rollback')
  })

  it('wait for a relation in any number, and each has it once', async () => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse({ ...database.target, threads: 20 }, { applicationName: 'sqlflow test' })
    const inside: string[] = []
    const work = async (runId: string): Promise<void> => {
      await using lock = await lockRun(warehouse, runId)
      await using session = await warehouse.acquire()
      for (let round = 0; round < 5; round++) {
        using _held = await lock.lockRelation({ ...turf!, session })
        inside.push(runId)
        await session.run('select 1')
        expect(inside).toEqual([runId])
        inside.pop()
      }
    }
    await Promise.all(['run-1', 'run-2', 'run-3', 'run-4', 'run-5', 'run-6'].map(work))
  })

  it('at two relations in opposite orders never wait for each other', async () => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse({ ...database.target, threads: 20 }, { applicationName: 'sqlflow test' })
    let done = 0
    const work = async (lock: InvocationLock, order: readonly (typeof turf)[]): Promise<void> => {
      await using session = await warehouse.acquire()
      for (let round = 0; round < 10; round++) {
        for (const one of order) {
          using _held = await lock.lockRelation({ ...one!, session })
          await session.run('select 1')
          done++
        }
      }
    }
    await using one = await lockRun(warehouse, 'run-1')
    await using other = await lockRun(warehouse, 'run-2')
    await Promise.all([work(one, [turf, events]), work(one, [events, turf]), work(other, [events, turf]), work(other, [turf, events])])
    expect(done).toBe(80)
  })

  it('a wait ends when its session is cancelled', async () => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await using first = await lockRun(warehouse, 'run-1')
    await using session = await warehouse.acquire()
    using _held = await first.lockRelation({ ...turf!, session })
    await using second = await lockRun(warehouse, 'run-2', { onWait: () => setImmediate(() => void waiter.cancel()) })
    await using waiter = await warehouse.acquire()
    await expect(second.lockRelation({ ...turf!, session: waiter })).rejects.toMatchObject({ sqlState: '57014' })
    expect(await rowsOf(waiter, 'select 1')).toEqual([['1']])
  })

  it('the locks of a run whose lock session has ended are free', async () => {
    await using database = await postgres.create()
    await using first = await openWarehouse(database.target, { applicationName: 'sqlflow first' })
    await using second = await openWarehouse(database.target, { applicationName: 'sqlflow second' })
    await using lock = await lockRun(first, 'run-1')
    await using session = await first.acquire()
    using _held = await lock.lockRelation({ ...turf!, session })
    await using other = await second.acquire()
    await other.run(`select pg_terminate_backend(l.pid, 5000) from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and a.datname = current_database() and a.application_name = 'sqlflow first'`)
    await using next = await lockRun(second, 'run-2', { wait: false })
    using _free = await next.lockRelation({ ...turf!, session: other })
    await expect(lock.lockRelation({ ...events!, session })).rejects.toMatchObject({ code: 'warehouse-error' })
  })

  it('sessions of a dead run are ended, those of a living run, of one that has just connected and of others are not', async () => {
    await using database = await postgres.create()
    const open = (name: string) => openWarehouse(database.target, { applicationName: name })
    await using dead = await open(applicationName('field', 'dead'))
    await using living = await open(applicationName('field', 'living'))
    await using beginning = await open(applicationName('field', 'beginning'))
    await using others = await open(applicationName('phones', 'other'))
    await using _lock = await lockRun(living, 'living')
    await using deadSession = await dead.acquire()
    await using writingSession = await dead.acquire()
    await using livingSession = await living.acquire()
    await using othersSession = await others.acquire()
    await using beginningSession = await beginning.acquire()
    await deadSession.run('/* sqlflow run dead, model:turf */ select 1')
    await writingSession.run('begin; create table turf ()')
    await livingSession.run('/* sqlflow run living, model:turf */ select 1')
    await othersSession.run('/* sqlflow run other, model:turf */ select 1')
    await using own = await open(applicationName('field', 'own'))
    expect((await clear(own, 'own')).endedSessions).toBe(2)
    await expect(deadSession.run('select 1')).rejects.toBeDefined()
    await expect(writingSession.run('select 1')).rejects.toBeDefined()
    for (const session of [livingSession, othersSession, beginningSession]) expect(await rowsOf(session, 'select 1')).toEqual([['1']])
  })

  it('what a living run has aside is left to it', async () => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse(database.target, { applicationName: applicationName('field', 'living') })
    await using session = await warehouse.acquire()
    const [mine, theirs] = ['living', 'dead'].map((runId) => asideName('turf', 'new', runId))
    for (const name of [mine, theirs]) {
      await session.run(`create table "${name}" (); comment on table "${name}" is 'sqlflow: field/model:turf'`)
    }
    {
      await using _lock = await lockRun(warehouse, 'living')
      expect((await clear(warehouse, 'own')).dropped).toEqual([{ schema: 'public', name: theirs }])
    }
    expect((await clear(warehouse, 'own')).dropped).toEqual([{ schema: 'public', name: mine }])
  })
})

describe.each(databases)('leftovers on $type', ({ create }) => {
  it('are dropped by name and stamp alone, and kept while something reads them', async () => {
    await using database = await create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    const names = {
      table: asideName('supporters', 'new', 'dead'),
      view: asideName('turf', 'old', 'dead'),
      read: asideName('events', 'old', 'dead'),
      foreign: asideName('pledges', 'new', 'dead'),
      unstamped: asideName('shifts', 'new', 'dead'),
      own: asideName('supporters', 'new', 'own'),
    }
    {
      await using session = await warehouse.acquire()
      await session.run(`create table "${names.table}" (id integer); create view "${names.view}" as select id from "${names.table}";
        create table "${names.read}" (id integer); create view reader as select id from "${names.read}";
        create table "${names.foreign}" (); create table "${names.unstamped}" (); create table "${names.own}" ();
        comment on table "${names.table}" is 'sqlflow: field/model:supporters'; comment on view "${names.view}" is 'sqlflow: field/model:turf';
        comment on table "${names.read}" is 'sqlflow: field/model:events'; comment on table "${names.foreign}" is 'sqlflow: phones/model:pledges';
        comment on table "${names.own}" is 'sqlflow: field/model:supporters'`)
    }
    const cleared = await clear(warehouse, 'own')
    expect(cleared.dropped.map((one) => one.name).sort()).toEqual([names.table, names.view].sort())
    expect(cleared.kept).toEqual([{ schema: 'public', name: names.read, kind: 'table' }])
    await using session = await warehouse.acquire()
    expect(
      await rowsOf(
        session,
        `select relname from pg_class where relkind in ('r', 'v') and relnamespace = 'public'::regnamespace order by 1`,
      ),
    ).toEqual([names.foreign, names.own, names.read, names.unstamped, 'reader'].sort().map((name) => [name]))
  })
})

async function clear(warehouse: Warehouse, runId: string): ReturnType<typeof clearDeadRuns> {
  await using session: Session = await warehouse.acquire()
  return await clearDeadRuns({
    session,
    capabilities: warehouse.capabilities,
    schemas: ['public'],
    project: 'field',
    runId,
    dialect: postgresDialect,
    onRetry: () => undefined,
  })
}
