import { describe, expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { databases } from '../support/databases.ts'
import { build, rowsOf } from './build-relation.ts'

const postgres = databases.find((one) => one.type === 'postgres')!

describe('a connection lost around a commit', () => {
  it.each(['before', 'after'] as const)('%s it took effect is settled by looking', async (moment) => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    const supporters = (round: number) => ({ name: 'supporters', materialized: 'table', sql: `select ${round} as round` }) as const
    await build(session, supporters(1))
    const lose = async (sql: string) => {
      if (!sql.includes('drop table')) return await session.run(sql)
      if (moment === 'after') await session.run(sql)
      return await session.run('select pg_terminate_backend(pg_backend_pid())')
    }
    const flaky: Session = new Proxy(session, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        return name === 'run' ? lose : typeof value === 'function' ? value.bind(target) : value
      },
    })
    const outcome = build(flaky, supporters(2), { reconnect: () => warehouse.acquire() }).then(
      ({ action }) => action,
      (error: unknown) => (error instanceof Error ? error.name : error),
    )
    expect(await outcome).toBe(moment === 'after' ? 'swap table' : 'PlanError')
    await using other = await warehouse.acquire()
    expect(await rowsOf(other, 'select round from supporters')).toEqual([[moment === 'after' ? '2' : '1']])
  })
})
