import { describe, expect, it } from 'vitest'
import type { Applied } from '../../src/runner/apply-plan.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { databases } from '../support/databases.ts'
import { build, buildSeed, rowsOf } from './build-relation.ts'

describe.each(databases)('$type', ({ type, create }) => {
  it('a seed is copied aside and swapped; a bad file leaves the old rows', async () => {
    await using database = await create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    expect(await seed(session, '1,Ana\n2,Bo\n')).toEqual({ action: 'create table', notes: [], rows: 2 })
    await session.run('create view turf as select name from counties')
    expect(await seed(session, '3,Cy\n')).toEqual({ action: 'swap table', notes: [], rows: 1 })
    await expect(seed(session, 'x,Cy\n')).rejects.toMatchObject({ sqlState: '22P02' })
    expect(await rowsOf(session, 'select name from turf')).toEqual([['Cy']])
    expect(await rowsOf(session, `select relname from pg_class where relname ~ '__(new|old)_'`)).toEqual([])
  })

  it('a role that does not own the relation, or a view on it, is told so', async () => {
    await using database = await create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    const [owner, other] = [`owner_${type}`, `other_${type}`]
    await session.run(
      `create role ${owner}; create role ${other}; grant create, usage on schema public to ${owner}, ${other}; set role ${owner}`,
    )
    await build(session, { name: 'supporters', materialized: 'table', sql: `select 1 as id, 'Ana' as name` })
    await session.run(
      `grant select on supporters to ${other}; set role ${other}; create view turf as select id from supporters; set role ${owner}`,
    )
    const inPlace = await build(session, { name: 'supporters', materialized: 'table', sql: `select 2 as id, 'Bo' as name` })
    expect(inPlace.notes).toEqual(['public.supporters was written in place, because a swap would lose or break: view public.turf.'])
    await expect(build(session, { name: 'supporters', materialized: 'table', sql: `select 2 as id` })).rejects.toMatchObject({
      message: `public.supporters was not replaced, and is as it was:\n  view public.turf belongs to the role ${other}`,
    })
    await session.run(`set role ${other}`)
    await expect(build(session, { name: 'supporters', materialized: 'view', sql: 'select 1 as id' })).rejects.toMatchObject({
      code: 'not-owner',
      message: `public.supporters belongs to the role ${owner}, and ${other} is no member of it, so it cannot be replaced.`,
      hint: `grant "${owner}" to "${other}";`,
    })
    await session.run(`reset role; drop view turf; drop table supporters; drop owned by ${owner}, ${other}; drop role ${owner}, ${other}`)
  })
})

function seed(session: Session, csv: string): Promise<Applied> {
  const seedColumns = [
    { name: 'id', type: 'integer' },
    { name: 'name', type: 'text' },
  ]
  return buildSeed(session, { name: 'counties', primaryKey: ['id'], seedColumns, csv })
}
