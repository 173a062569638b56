/** One session ends another: what a run does with a connection that it lost, and with what a dead run left at work. */
import { describe, expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import { createDatabase, targetOver } from '../support/databases.ts'
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
    const ended = expect(other.run('select count(*) from generate_series(1, 2000000000) n')).rejects.toMatchObject({
      code: 'warehouse-error',
    })
    expect(await session.endOther({ processId, startedBefore: '2001-01-01 00:00:00' })).toBe('gone')
    expect(await session.endOther({ processId, startedBefore: '2101-01-01 00:00:00' })).toBe('ended')
    await ended
    expect(await session.endOther({ processId })).toBe('gone')
    expect((await session.run('select 1'))[0]!.rows).toEqual([['1']])
  })
})
