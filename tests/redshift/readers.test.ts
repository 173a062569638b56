import { Client } from 'pg'
import { expect, it } from 'vitest'
import { redshiftDialect } from '../../src/dialects/redshift.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { build, type Wanted } from '../materializations/build-relation.ts'
import { targetOver } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'

const rounds = 8
const onRedshift = { dialect: redshiftDialect, capabilities: { indexes: false, copy: false } } as const

it('readers of a table, of a late-binding view and of a bound one see each version whole, and no error', async () => {
  await using redshift = await startRedshift()
  await using warehouse = await openWarehouse(
    { ...targetOver('redshift', { url: redshift.url }), threads: 1 },
    { applicationName: 'sqlflow test' },
  )
  await using session = await warehouse.acquire()
  await rebuild(session, 1)
  await session.run('create view public.bound as select round from public.people')
  const stop = new AbortController()
  const reading = ['people', 'names', 'bound'].map((name) => read(redshift.url, name, stop.signal))
  for (let round = 2; round <= rounds; round++) await rebuild(session, round)
  stop.abort()
  for (const seen of await Promise.all(reading)) {
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.filter((one) => !/^(\d+) \1 3$/.test(one))).toEqual([])
    expect(seen).toEqual(seen.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)))
  }
})

/** Three rows of one round, and a view of them. */
async function rebuild(session: Session, round: number): Promise<void> {
  const people: Wanted = {
    name: 'people',
    materialized: 'table',
    sql: [1, 2, 3].map((id) => `select ${id} as id, ${round} as round`).join(' union all '),
    runId: `round-${round}`,
    ...onRedshift,
  }
  const applied = await build(session, people, { dialect: redshiftDialect })
  if (applied.dropAfterwards) await session.run(`drop table ${redshiftDialect.relation(applied.dropAfterwards)}`)
  await build(
    session,
    { name: 'names', materialized: 'view', sql: 'select round from public.people', ...onRedshift },
    { dialect: redshiftDialect },
  )
}

/** `oldest newest count` of each time that it was read. */
async function read(url: string, name: string, signal: AbortSignal): Promise<readonly string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const seen: string[] = []
  try {
    while (!signal.aborted) {
      try {
        const { rows } = await client.query<[string, string, string]>({
          text: `select min(round), max(round), count(*) from public.${name}`,
          rowMode: 'array',
        })
        seen.push(rows[0]!.join(' '))
      } catch (error) {
        seen.push(String(error))
      }
    }
  } finally {
    await client.end()
  }
  return seen
}
