/** One session ends another: what a run does with a connection that it lost, and with what a dead run left at work. */
import { describe, expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import { createDatabase, runOnce, targetOver } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'

const servers = [
  { type: 'postgres', start: createDatabase },
  { type: 'redshift', start: startRedshift },
] as const

describe.each(servers)('a session on $type', ({ type, start }) => {
  it('ends another with what it runs, once it is known to be that one', async () => {
    await using server = await start()
    const target = { ...targetOver(type, { url: server.url }), threads: 4 }
    await using warehouse = await openWarehouse(target, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    await using other = await warehouse.acquire()
    const { processId } = other
    const running = other.run('select count(*) from generate_series(1, 2000000000) n').catch((error: unknown) => error)
    expect(await session.endOther({ processId, startedBefore: '2001-01-01 00:00:00' })).toBe('gone')
    expect(await session.endOther({ processId, startedBefore: '2101-01-01 00:00:00' })).toBe('ended')
    expect(await running).toMatchObject({ code: 'warehouse-error' })
    expect(await session.endOther({ processId })).toBe('gone')
    expect((await session.run('select 1'))[0]!.rows).toEqual([['1']])
  })
})

describe('a session on a redshift that shows no sessions', () => {
  it('ends none', async () => {
    await using server = await startRedshift()
    const user = `blind_${process.pid}`
    await runOnce(server.url, `create user ${user} password 'test'`)
    await using _user = { [Symbol.asyncDispose]: () => runOnce(server.url, `drop user ${user}`) }
    await runOnce(server.url, 'revoke select on stv_sessions from public')
    const url = Object.assign(new URL(server.url), { username: user, password: 'test' }).href
    await using warehouse = await openWarehouse({ ...targetOver('redshift', { url }), threads: 4 }, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    await using other = await warehouse.acquire()
    expect(await session.endOther({ processId: other.processId })).toBe('gone')
    expect((await other.run('select 1'))[0]!.rows).toEqual([['1']])
  })
})
