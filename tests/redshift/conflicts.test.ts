import { expect, it } from 'vitest'
import { redshiftDialect } from '../../src/dialects/redshift.ts'
import type { Retry } from '../../src/runner/retry-transient.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import { redshiftCatalog } from '../../src/warehouses/redshift/redshift-catalog.ts'
import { build, rowsOf, type Wanted } from '../materializations/build-relation.ts'
import { watchSession } from '../materializations/watch-session.ts'
import { targetOver } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'

const people = (round: number): Wanted => ({
  name: 'people',
  materialized: 'table',
  sql: `select ${round} as round`,
  swap: 'in_place',
  dialect: redshiftDialect,
  capabilities: { indexes: false, copy: false },
})

it('a publish that meets a serializable isolation violation is sent again, and says so', async () => {
  await using redshift = await startRedshift()
  const target = { ...targetOver('redshift', { url: redshift.url }), threads: 2 }
  await using warehouse = await openWarehouse(target, { applicationName: 'sqlflow test' })
  await using session = await warehouse.acquire()
  await using other = await warehouse.acquire()
  await build(session, people(1), { dialect: redshiftDialect })
  let met = false
  const retries: Retry[] = []
  const watched = watchSession(
    session,
    {
      run: async (sql) => {
        if (!met && sql.includes('delete from')) {
          met = true
          await other.run('begin; select count(*) from public.people; insert into public.people values (9); commit')
        }
        return await session.run(sql)
      },
    },
    redshiftCatalog,
  )
  await build(watched, people(2), { dialect: redshiftDialect, onRetry: (retry) => retries.push(retry) })
  expect(retries).toEqual([
    {
      attempt: 1,
      reason: 'public.people met Serializable isolation violation (1023): another transaction worked on the same table (XX000).',
    },
  ])
  expect(await rowsOf(session, 'select round from public.people')).toEqual([['2']])
})
