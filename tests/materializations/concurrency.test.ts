import { describe, expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Warehouse } from '../../src/warehouses/warehouse.ts'
import { databases } from '../support/databases.ts'
import { build, rowsOf, type Wanted } from './build-relation.ts'

const postgres = databases.find((one) => one.type === 'postgres')!
const range = (size: number) => Array.from({ length: size }, (_, index) => index)

describe('beside readers', () => {
  it('a table with 40 dependent views is swapped 30 times by two writers, and no reader notices', async () => {
    await using database = await postgres.create()
    const target = { ...database.target, threads: 12 }
    await using warehouse = await openWarehouse(target, { applicationName: 'sqlflow test' })
    const supporters = (round: number): Wanted => ({
      name: 'supporters',
      materialized: 'table',
      sql: `select id, ${round} as round from generate_series(1, 100) id`,
      primaryKey: ['id'],
    })
    await within(warehouse, async (session) => {
      await build(session, supporters(0))
      for (const n of range(40)) await session.run(`create view turf_${n} as select id, round from supporters where id > ${n}`)
      for (const n of range(5))
        await session.run(`create view above_${n} as select t.id, u.round from turf_${n} t join turf_${n + 20} u on u.id = t.id`)
    })
    const progress = { writing: true }
    const read = async (n: number) => {
      let reads = 0
      await within(warehouse, async (session) => {
        while (progress.writing || reads === 0) {
          const [whole, above] = [`turf_${(n * 7 + reads) % 40}`, `above_${reads % 5}`]
          const rows = await rowsOf(session, `select count(distinct round), count(*) > 50 from ${whole}`)
          expect(rows).toEqual([['1', 't']])
          expect(await rowsOf(session, `select count(*) > 50 from ${above}`)).toEqual([['t']])
          reads++
        }
      })
      return reads
    }
    const write = (first: number) =>
      within(warehouse, async (session) => {
        for (const round of range(15))
          await build(session, { ...supporters(first + round), runId: `writer-${first}` }, { swapTimeout: 60_000 })
      })
    const readers = range(6).map(read)
    await Promise.all([write(100), write(200)]).finally(() => (progress.writing = false))
    expect((await Promise.all(readers)).every((reads) => reads > 0)).toBe(true)
    await within(warehouse, async (session) => {
      expect(await rowsOf(session, `select count(*) from pg_class where relname ~ '__(new|old)_'`)).toEqual([['0']])
    })
  })

  it.each([4, 8])('views in layers are rebuilt by %i sessions at once', async (sessions) => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse({ ...database.target, threads: sessions + 2 }, { applicationName: 'sqlflow test' })
    const layers = range(4).map((layer) =>
      range(8).map((n): Wanted => {
        const parents = layer === 0 ? ['supporters'] : [`v_${layer - 1}_${n}`, `v_${layer - 1}_${(n + 1) % 8}`]
        return {
          name: `v_${layer}_${n}`,
          materialized: 'view',
          sql: `select a.id from ${parents.map((parent, at) => `public.${parent} ${at === 0 ? 'a' : 'b'}`).join(' join ')}${parents.length > 1 ? ' on b.id = a.id' : ''}`,
        }
      }),
    )
    await within(warehouse, (session) => build(session, { name: 'supporters', materialized: 'table', sql: 'select 1 as id' }))
    const progress = { writing: true }
    const reader = within(warehouse, async (session) => {
      let reads = 0
      for (; progress.writing; reads++) {
        const [[there]] = (await rowsOf(session, `select to_regclass('v_3_${reads % 8}') is not null`)) as [[string]]
        const rows = there === 't' ? await rowsOf(session, `select id from v_3_${reads % 8}`) : [['1']]
        expect(rows).toEqual([['1']])
      }
      return reads
    })
    try {
      for (const round of range(3)) {
        for (const layer of layers) {
          const left = round === 2 ? layer.map(withOneMoreColumn) : [...layer]
          await Promise.all(
            range(sessions).map(() =>
              within(warehouse, async (session) => {
                for (let view = left.pop(); view !== undefined; view = left.pop()) await build(session, view)
              }),
            ),
          )
        }
      }
    } finally {
      progress.writing = false
    }
    expect(await reader).toBeGreaterThan(0)
  })

  it('names who holds a lock, and leaves the relation as it was', async () => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await within(warehouse, async (session) => {
      await build(session, { name: 'supporters', materialized: 'table', sql: 'select 1 as id' })
      await within(warehouse, async (other) => {
        await other.run(`begin; select * from supporters`)
        const retries: string[] = []
        const swap = build(
          session,
          { name: 'supporters', materialized: 'table', sql: 'select 2 as id' },
          { swapTimeout: 0, onRetry: ({ reason }) => retries.push(reason) },
        )
        await expect(swap).rejects.toMatchObject({
          code: 'swap-timeout',
          message: `public.supporters was not replaced, because others hold locks on it: process ${other.processId} (sqlflow test, role postgres, idle in transaction) on public.supporters.`,
        })
        const again = build(
          session,
          { name: 'supporters', materialized: 'table', sql: 'select 2 as id' },
          { onRetry: ({ reason }) => (retries.push(reason), void other.run('commit')) },
        )
        expect((await again).action).toBe('swap table')
        expect(retries[0]).toBe(
          `public.supporters waits for process ${other.processId} (sqlflow test, role postgres, idle in transaction) on public.supporters.`,
        )
      })
      expect(await rowsOf(session, `select id from supporters`)).toEqual([['2']])
    })
  })

  it('plans again when a dependent view appears or changes between plan and publish', async () => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await within(warehouse, async (session) => {
      await build(session, { name: 'supporters', materialized: 'table', sql: `select 1 as id, 'Ana' as name` })
      await session.run('create view turf as select id from supporters')
      let changed = false
      const publishQueue = async <T>(work: () => Promise<T>): Promise<T> => {
        if (!changed)
          await session.run(
            'create or replace view turf as select id, name from supporters; create view late as select name from supporters',
          )
        changed = true
        return await work()
      }
      const applied = await build(
        session,
        { name: 'supporters', materialized: 'table', sql: `select 2 as id, 'Bo' as name` },
        { publishQueue },
      )
      expect(applied.action).toBe('swap table')
      expect(await rowsOf(session, `select t.id, t.name, l.name from turf t, late l`)).toEqual([['2', 'Bo', 'Bo']])
    })
  })
})

function withOneMoreColumn(view: Wanted): Wanted {
  return Object.assign({}, view, { sql: view.sql.replace('a.id', `'x'::text as tag, a.id`) })
}

async function within<T>(warehouse: Warehouse, work: (session: Awaited<ReturnType<Warehouse['acquire']>>) => Promise<T>): Promise<T> {
  await using session = await warehouse.acquire()
  return await work(session)
}
