import { describe, expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Warehouse } from '../../src/warehouses/warehouse.ts'
import { createProject, statusesOf } from '../support/cli.ts'
import { databases, targetOver } from '../support/databases.ts'
import { layeredViews } from '../support/layered-views.ts'
import { build, rowsOf, type Wanted } from './build-relation.ts'

const postgres = databases.find((one) => one.type === 'postgres')!
const range = (size: number) => Array.from({ length: size }, (_, index) => index)

describe('beside readers', () => {
  it('a table with 100 dependent views is swapped 16 times by two writers beside 8 readers, and no reader notices', async () => {
    await using database = await postgres.create()
    const target = { ...database.target, threads: 12 }
    await using warehouse = await openWarehouse(target, { applicationName: 'sqlflow test' })
    const supporters = (round: number): Wanted => ({
      name: 'supporters',
      materialized: 'table',
      sql: `select id, ${round} as round from generate_series(1, 200) id`,
      primaryKey: ['id'],
    })
    await within(warehouse, async (session) => {
      await build(session, supporters(0))
      for (const n of range(100)) await session.run(`create view turf_${n} as select id, round from supporters where id > ${n}`)
      for (const n of range(5))
        await session.run(`create view above_${n} as select t.id, u.round from turf_${n} t join turf_${n + 50} u on u.id = t.id`)
    })
    const progress = { writing: true }
    const read = async (n: number) => {
      let reads = 0
      await within(warehouse, async (session) => {
        while (progress.writing || reads === 0) {
          const [whole, above] = [`turf_${(n * 7 + reads) % 100}`, `above_${reads % 5}`]
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
        for (const round of range(8))
          await build(session, { ...supporters(first + round), runId: `writer-${first}` }, { swapTimeout: 60_000 })
      })
    const readers = range(8).map(read)
    await Promise.all([write(100), write(200)]).finally(() => (progress.writing = false))
    expect((await Promise.all(readers)).every((reads) => reads > 0)).toBe(true)
    await within(warehouse, async (session) => {
      expect(await rowsOf(session, `select count(*) from pg_class where relname ~ '__(new|old)_'`)).toEqual([['0']])
    })
  })

  it('500 views in ten layers are rebuilt by 4 and by 8 threads, without a deadlock and without a reader that notices', async () => {
    await using project = await createProject('postgres', { files: layeredViews('a.id') })
    const run = async (threads: number): Promise<void> => {
      const { exitCode, stdout } = await project.run(['run', '--json', '--threads', String(threads)])
      expect([exitCode, statusesOf(stdout).filter((status) => !status.startsWith('success'))]).toEqual([0, []])
    }
    await run(8)
    {
      await using warehouse = await openWarehouse(targetOver('postgres', { url: project.url! }), { applicationName: 'sqlflow test' })
      const progress = { reading: true }
      const readers = range(4).map((reader) => readViews(warehouse, reader, progress))
      try {
        await run(4)
        project.write(layeredViews(`'x'::text as tag, a.id`))
        await run(8)
        await run(4)
      } finally {
        progress.reading = false
      }
      expect((await Promise.all(readers)).every((reads) => reads > 0)).toBe(true)
    } // the sessions have told the server what they met
    expect(await project.query(`select deadlocks from pg_stat_database where datname = current_database()`)).toEqual([['0']])
    expect(
      await project.query(
        `select count(*), min(tag), (select count(*) from pg_class where relname ~ '__(new|old)_') from analytics.v_9_49`,
      ),
    ).toEqual([['1', 'x', '0']])
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

  it('writes a table in place when readers leave no moment for a swap, where its columns are the same', async () => {
    await using database = await postgres.create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await within(warehouse, async (session) => {
      await build(session, { name: 'supporters', materialized: 'table', sql: 'select 1 as id' })
      await session.run('create view areas as select id from supporters')
      await within(warehouse, async (other) => {
        await other.run('begin; select * from areas')
        const applied = await build(session, { name: 'supporters', materialized: 'table', sql: 'select 2 as id' }, { swapTimeout: 1000 })
        expect(applied).toMatchObject({
          action: 'write table in place',
          notes: ['public.supporters was written in place, because readers left no moment for a swap.'],
        })
        expect(await rowsOf(other, 'select id from areas')).toEqual([['2']])
        const retyped = build(
          session,
          { name: 'supporters', materialized: 'table', sql: 'select 3 as id, 4 as more' },
          { swapTimeout: 1000 },
        )
        await expect(retyped).rejects.toMatchObject({ code: 'swap-timeout' })
        expect(await rowsOf(other, 'select id from areas')).toEqual([['2']])
        await other.run('commit')
      })
      expect(await rowsOf(session, `select relname from pg_class where relname like '%\\_\\_new\\_%'`)).toEqual([])
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

/** Reads whole layers of views until told to stop; each read finds one row. */
async function readViews(warehouse: Warehouse, reader: number, progress: { readonly reading: boolean }): Promise<number> {
  return await within(warehouse, async (session) => {
    let reads = 0
    for (; progress.reading; reads++) {
      const name = `v_${(reads + reader) % 10}_${(reads * 7 + reader) % 50}`
      expect(await rowsOf(session, `select count(id) from analytics.${name}`)).toEqual([['1']])
    }
    return reads
  })
}

async function within<T>(warehouse: Warehouse, work: (session: Awaited<ReturnType<Warehouse['acquire']>>) => Promise<T>): Promise<T> {
  await using session = await warehouse.acquire()
  return await work(session)
}
