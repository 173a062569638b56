import { describe, expect, it } from 'vitest'
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { asideName } from '../../src/materializations/aside-names.ts'
import { applicationName } from '../../src/runner/application-name.ts'
import { clearDeadRuns } from '../../src/runner/clear-dead-runs.ts'
import { lockInvocation } from '../../src/runner/invocation-lock.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { databases } from '../support/databases.ts'
import { rowsOf } from './build-relation.ts'

const postgres = databases.find((one) => one.type === 'postgres')!

describe('two runs on one database', () => {
  it('a second one on the same schema is refused, naming the first, or waits for it', async () => {
    await using database = await postgres.create()
    await using first = await openWarehouse(database.target, { applicationName: applicationName('field', 'run-1') })
    await using second = await openWarehouse(database.target, { applicationName: applicationName('field', 'run-2') })
    const held = await lockInvocation({ warehouse: first, schemas: ['marts', 'staging'], runId: 'run-1', wait: false })
    const wanted = { warehouse: second, schemas: ['staging'], runId: 'run-2' }
    await expect(lockInvocation({ ...wanted, wait: false })).rejects.toMatchObject({
      code: 'schema-locked',
      message: expect.stringMatching(
        /^Another run writes to the schema staging: sqlflow:field:[0-9a-f]{8}, role postgres from 127\.0\.0\.1, process \d+, since [-\d :+]+\.$/,
      ),
      hint: 'Wait until it has ended, or run without --no-wait.',
    })
    await using _elsewhere = await lockInvocation({ ...wanted, runId: 'run-3', schemas: ['other'], wait: false })
    const waiting = Promise.withResolvers<string>()
    const locked = lockInvocation({ ...wanted, wait: true, onWait: waiting.resolve })
    expect(await waiting.promise).toMatch(/^Another run writes to the schema staging: sqlflow:field:/)
    await held[Symbol.asyncDispose]()
    await (await locked)[Symbol.asyncDispose]()
  })

  it('a wait ends when it is aborted', async () => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await using _held = await lockInvocation({ warehouse, schemas: ['staging'], runId: 'run-1', wait: false })
    const controller = new AbortController()
    const waits = lockInvocation({
      warehouse,
      schemas: ['staging'],
      runId: 'run-2',
      wait: true,
      onWait: () => setImmediate(() => controller.abort(new Error('Stopped.'))),
      signal: controller.signal,
    })
    await expect(waits).rejects.toThrow('Stopped.')
  })

  it('sessions of a dead run are ended, those of a living run and of others are not', async () => {
    await using database = await postgres.create()
    const open = (name: string) => openWarehouse(database.target, { applicationName: name })
    await using dead = await open(applicationName('field', 'dead'))
    await using living = await open(applicationName('field', 'living'))
    await using others = await open(applicationName('phones', 'other'))
    await using _lock = await lockInvocation({ warehouse: living, schemas: ['marts'], runId: 'living', wait: false })
    await using deadSession = await dead.acquire()
    await using livingSession = await living.acquire()
    await using othersSession = await others.acquire()
    await using own = await open(applicationName('field', 'own'))
    expect((await clear(own, 'own')).endedSessions).toBe(1)
    await expect(deadSession.run('select 1')).rejects.toBeDefined()
    expect(await rowsOf(livingSession, 'select 1')).toEqual([['1']])
    expect(await rowsOf(othersSession, 'select 1')).toEqual([['1']])
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
