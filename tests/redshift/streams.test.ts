import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Row, Warehouse } from '../../src/warehouses/warehouse.ts'
import { createProject } from '../support/cli.ts'
import { targetOver } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'

describe('rows streamed from redshift', () => {
  let redshift: Awaited<ReturnType<typeof startRedshift>>
  let warehouse: Warehouse

  beforeAll(async () => {
    redshift = await startRedshift()
    warehouse = await openWarehouse(targetOver('redshift', { url: redshift.url }), { applicationName: 'sqlflow streams' })
  })
  afterAll(async () => {
    await warehouse[Symbol.asyncDispose]()
    await redshift[Symbol.asyncDispose]()
  })

  it('come by a cursor, a thousand at a time at most', async () => {
    await using session = await warehouse.acquire()
    const sizes: number[] = []
    let sum = 0
    {
      await using stream = await session.stream('select n from generate_series(1, 2500) as n -- all', { batchSize: 5000 })
      expect(stream.fields).toEqual([{ name: 'n', type: 'integer' }])
      for await (const rows of stream.batches()) {
        sizes.push(rows.length)
        for (const [n] of rows) sum += Number(n)
      }
    }
    expect({ sizes, sum }).toEqual({ sizes: [1000, 1000, 500], sum: 3_126_250 })
    expect(await transactionOf(session)).toBe('none')
  })

  it('tell their columns where there are none', async () => {
    await using session = await warehouse.acquire()
    await using stream = await session.stream('select 1 as turf_id where false')
    expect(stream.fields).toEqual([{ name: 'turf_id', type: 'integer' }])
    expect(await collect(stream.batches())).toEqual([])
  })

  it('leave a session that can be used, whether read to the end, left early, or failed', async () => {
    await using session = await warehouse.acquire()
    {
      await using stream = await session.stream('select n from generate_series(1, 100000) as n', { batchSize: 10 })
      for await (const rows of stream.batches()) {
        expect(rows).toHaveLength(10)
        break
      }
    }
    await expect(session.stream('select nothing from nowhere')).rejects.toMatchObject({ sqlState: '42P01', position: 20 })
    {
      await using stream = await session.stream('select 10 / (50 - n) from generate_series(1, 100) as n', { batchSize: 10 })
      await expect(collect(stream.batches())).rejects.toMatchObject({ message: 'division by zero' })
    }
    expect(await transactionOf(session)).toBe('none')
  })

  it('stand in the transaction of the session where one is open', async () => {
    await using session = await warehouse.acquire()
    await session.run("begin; create table shifts (shift_id integer, note varchar(20)); insert into shifts values (1, 'a'), (2, 'b')")
    {
      await using stream = await session.stream('select shift_id from shifts order by 1')
      expect(await collect(stream.batches())).toEqual([['1'], ['2']])
    }
    {
      await using stream = await session.stream('select note from shifts order by 1')
      expect(await collect(stream.batches())).toEqual([['a'], ['b']])
    }
    await session.run('rollback')
    expect((await session.query("select count(*) from pg_class where relname = 'shifts'")).rows).toEqual([['0']])
  })

  it('are not copied, and say so', async () => {
    await using session = await warehouse.acquire()
    const message = /^There is no COPY from or to the client on redshift on .*: rows are inserted, and streamed\.$/
    await expect(session.copyFrom('copy shifts from stdin', nothing())).rejects.toThrow(message)
    await expect(collect(chunks(session.copyTo('copy shifts to stdout')))).rejects.toThrow(message)
  })
})

it('exports and shows what redshift holds', async () => {
  await using project = await createProject('redshift', {
    target: 'exports: live',
    files: {
      'seeds/precincts.csv': `precinct,note\n${Array.from({ length: 2500 }, (_, at) => `${at},"n ""${at}"" 🗳️"`).join('\n')}\n`,
      'models/listed.sql': 'select precinct, note from {{ref "precincts"}}',
      'exports/precincts.yml': 'from: listed\norder_by: precinct\nto: { csv: { path: out/precincts.csv } }\n',
    },
  })
  const { exitCode, stdout, stderr } = await project.run(['build'])
  expect({ exitCode, said: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, said: '' })
  const lines = project.read('out/precincts.csv')!.split('\n')
  expect([lines.length, lines[1], lines[2500]]).toEqual([2502, '0,"n ""0"" 🗳️"', '2499,"n ""2499"" 🗳️"'])
  expect(await project.run(['show', 'listed', '--limit', '1'])).toMatchObject({ exitCode: 0 })
})

async function transactionOf(session: { run: (sql: string) => Promise<unknown> }): Promise<string> {
  return await session.run('vacuum').then(
    () => 'none',
    (error: unknown) => String(error),
  )
}

async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const rows of batches) all.push(...rows)
  return all
}

async function* chunks(bytes: AsyncIterable<Uint8Array>): AsyncIterable<readonly Row[]> {
  for await (const _ of bytes) yield []
}

async function* nothing(): AsyncIterable<Uint8Array> {
  yield new Uint8Array(0)
}
