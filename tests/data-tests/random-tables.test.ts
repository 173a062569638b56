import { describe, expect, it } from 'vitest'
import type { DataTest } from '../../src/data-tests/data-test.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { databases } from '../support/databases.ts'
import { answer, builtIn, countFailingRows, written } from './support.ts'

type Random = () => number

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const states = ['PA', 'GA', "O'Hara", '']
const wheres = [undefined, 'active', 'age > 2', 'state is not null', 'active -- and known']

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!
}

function randomRow(random: Random): string {
  const orNull = (sql: string): string => (random() < 0.2 ? 'null' : sql)
  const state = `'${pick(random, states).replaceAll("'", "''")}'`
  return `(${[orNull(state), orNull(String(Math.floor(random() * 6))), orNull(String(random() < 0.5)), orNull(`now() - interval '${Math.floor(random() * 5)} days'`)].join(', ')})`
}

function randomTest(random: Random): DataTest {
  const where = pick(random, wheres)
  const details = where === undefined ? {} : { where: written(where) }
  const column = pick(random, ['state', 'age', 'active'])
  const limit = Math.floor(random() * 12)
  return pick(random, [
    () => builtIn('not_null', { column, ...details }),
    () => builtIn('unique', { column, ...details }),
    () => builtIn('unique_combination', { args: { columns: ['state', column === 'state' ? 'age' : column] }, ...details }),
    () => builtIn('accepted_values', { column: 'state', args: { values: states.slice(0, limit % 4) }, ...details }),
    () => builtIn('relationships', { column: 'age', args: { to: '"public"."ages"', field: 'age' }, ...details }),
    () => builtIn('expression', { args: { expression: { sql: written(`age < ${limit} or state = 'PA'`) } }, ...details }),
    () => builtIn('row_count', { args: { min: limit, max: limit + 8 }, ...details }),
    () => builtIn('recency', { column: 'updated_at', args: { within: `${limit} days` }, ...details }),
    () => builtIn('not_empty', details),
  ])()
}

async function fill(session: Session, random: Random): Promise<void> {
  const rows = Array.from({ length: Math.floor(random() * 25) }, () => randomRow(random))
  const insert = rows.length === 0 ? '' : `insert into stg_supporters values ${rows.join(', ')};`
  await session.run(`drop table if exists stg_supporters; create table stg_supporters (state text, age integer, active boolean, updated_at timestamptz);
    ${insert} drop table if exists ages; create table ages as select n as age from generate_series(0, ${Math.floor(random() * 6)}) as n`)
}

describe.each(databases)('tests asked together on $type', (kind) => {
  it('count what each of them alone returns, on random tables', async () => {
    await using database = await kind.create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    for (let seed = 1; seed <= 40; seed++) {
      const random = seeded(seed)
      await fill(session, random)
      const tests = Array.from({ length: 12 }, () => randomTest(random))
      const together = await answer(session, tests)
      const found = together.map((one) => [one.test.name, one.test.where?.sql, one.failures])
      const alone = []
      for (const test of tests) alone.push([test.name, test.where?.sql, await countFailingRows(session, test)])
      expect({ seed, found }).toEqual({ seed, found: alone })
    }
  })
})
