import { expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { databases } from '../support/databases.ts'

const { create } = databases.find((one) => one.type === 'pglite')!

/** What a few hundred builds do to the catalog. */
const churn = `do $$ begin
  for n in 1..250 loop
    execute 'create table supporters as select ' || (select string_agg(format('%s as column_%s', i, i), ', ') from generate_series(1, 20) i);
    drop table supporters;
  end loop;
end $$`

it('an embedded database is vacuumed when it is closed, so that builds reuse the space of earlier ones', async () => {
  await using database = await create()
  const open = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    return await work(session)
  }
  const sizeAfter = (sql: string) =>
    open(async (session) => {
      await session.run(sql)
      const [result] = await session.run(
        `select pg_relation_size('pg_attribute') / 8192, relpages from pg_class where relname = 'pg_attribute'`,
      )
      return result!.rows[0]!.map(Number)
    })
  const [first] = await sizeAfter(churn)
  const [size, vacuumed] = await sizeAfter('select 1')
  expect(size).toBeLessThan(first! / 2)
  expect(vacuumed).toBe(size)
  const [again] = await sizeAfter(churn)
  expect(again).toBeLessThanOrEqual(first! * 1.2)
})
