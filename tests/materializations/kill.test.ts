import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Target } from '../../src/core/project.ts'
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { applicationName } from '../../src/runner/application-name.ts'
import { clearDeadRuns } from '../../src/runner/clear-dead-runs.ts'
import { lockInvocation } from '../../src/runner/invocation-lock.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { databases } from '../support/databases.ts'
import { build, rowsOf } from './build-relation.ts'
import { readEverything } from './read-everything.ts'
import { type Shape, shapes } from './shapes.ts'

/** After the catalog is read: building aside, reading what was built, publishing. */
const places = [1, 2, 3].flatMap((trip) => (['before', 'during'] as const).map((when) => ({ trip, when })))

/** Opening an embedded database takes seconds on a slow machine: it is killed where something is being written. */
const writes = places.filter(({ trip, when }) => trip !== 2 && when === 'during')

describe.each(databases)('kill -9 on $type', ({ type, create }) => {
  it(
    'leaves the relation old or new and whole at every round trip, and the next run clears what is aside',
    { timeout: 180_000 },
    async () => {
      await using database = await create()
      await asRun(database.target, 'first', async (session) => {
        await build(session, {
          name: 'supporters',
          materialized: 'table',
          sql: 'select id, 0 as round from generate_series(1, 20000) id',
          primaryKey: ['id'],
        })
        await session.run('create view turf as select id, round from supporters where id <= 10')
      })
      let published = '0'
      for (const [at, { trip, when }] of (type === 'pglite' ? writes : places).entries()) {
        const round = String(at + 1)
        expect(await buildAndKill(database.target, { runId: `killed-${round}`, trip, when, round })).toBe('there')
        await asRun(database.target, `next-${round}`, async (session) => {
          const [[rounds, oldest, count]] = (await rowsOf(
            session,
            'select count(distinct round), min(round), count(*) from supporters',
          )) as [string[]]
          expect([rounds, count]).toEqual(['1', '20000'])
          const mayBeNew = when === 'during' && trip === 3
          expect(mayBeNew ? [published, round] : [published]).toContain(oldest)
          expect(await rowsOf(session, 'select min(round), max(round), count(*) from turf')).toEqual([[oldest, oldest, '10']])
          expect(await rowsOf(session, `select relname from pg_class where relname ~ '__(new|old)_'`)).toEqual([])
          published = oldest!
        })
      }
      expect(await buildAndKill(database.target, { runId: 'last', trip: 99, when: 'before', round: '99' })).toBe('done')
      await asRun(database.target, 'after', async (session) => {
        expect(await rowsOf(session, 'select min(round), count(*) from turf')).toEqual([['99', '10']])
      })
    },
  )
})

const postgres = databases.find((one) => one.type === 'postgres')!

describe('kill -9 between any two statements of', () => {
  it.each(shapes)('$plan leaves everything old or new, and the next run is clean', { timeout: 180_000 }, async (shape) => {
    await using database = await postgres.create()
    const stops = await stopEverywhereAndKill(database.target, shape)
    expect(stops).toBeGreaterThan(5)
    const schemas = Array.from({ length: stops }, (_, index) => `at_${index}`)
    await asRun(
      database.target,
      'next',
      async (session) => {
        const states = await statesOf(session, schemas)
        const [old, done] = [states[0]!, states.at(-1)!]
        expect(done).not.toEqual(old)
        for (const [index, state] of states.entries()) expect([index, state]).toEqual([index, isSame(state, done) ? done : old])
        for (const [index, state] of states.entries()) if (isSame(state, old)) await shape.build(session, `at_${index}`, {})
        for (const [index, state] of (await statesOf(session, schemas)).entries()) expect([index, state]).toEqual([index, done])
      },
      schemas,
    )
  })
})

/** All that a schema holds, and the rows of what is built, by the names that they have in each. */
async function statesOf(session: Session, schemas: readonly string[]): Promise<readonly (readonly string[])[]> {
  const everything = await readEverything(session)
  const states: (readonly string[])[] = []
  for (const schema of schemas) {
    const own = everything.filter((line) => new RegExp(String.raw`\b${schema}\.`).test(line))
    states.push([...own.map((line) => line.replaceAll(`${schema}.`, '')), ...(await rowsIn(session, schema))])
  }
  return states
}

async function rowsIn(session: Session, schema: string): Promise<readonly string[]> {
  const rows: string[] = []
  for (const name of ['supporters', 'turf', 'above']) {
    const [[found]] = (await rowsOf(session, `select to_regclass('${schema}.${name}')`)) as [[string | null]]
    if (found !== null) rows.push(`${name}: ${JSON.stringify(await rowsOf(session, `select round from ${schema}.${name}`))}`)
  }
  return rows
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.join('\n') === b.join('\n')
}

/** In how many schemas it was at work when it was killed; in the last it was done. */
async function stopEverywhereAndKill(target: Target, { plan }: Shape): Promise<number> {
  return Number(await sayAndKill('stop-everywhere.ts', [JSON.stringify(target), 'killed', plan]))
}

interface Death {
  readonly runId: string
  readonly trip: number
  readonly when: 'before' | 'during'
  readonly round: string
}

/** What the process said before it was killed. */
async function buildAndKill(target: Target, { runId, trip, when, round }: Death): Promise<string> {
  return await sayAndKill('build-and-hang.ts', [JSON.stringify(target), runId, String(trip), when, round])
}

async function sayAndKill(script: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [said] = (await Promise.race([once(child.stdout, 'data'), exited.then(() => ['died'])])) as [unknown]
  child.kill('SIGKILL')
  await exited
  return String(said).trim()
}

/** As a run does: the lock, then the dead runs, then the work. */
async function asRun(
  target: Target,
  runId: string,
  work: (session: Session) => Promise<void>,
  schemas: readonly string[] = ['public'],
): Promise<void> {
  await using warehouse = await openWarehouse(target, { applicationName: applicationName('field', runId), lockTimeout: 30_000 })
  await using _lock = await lockInvocation({ warehouse, command: 'build', runId, wait: true, now: () => new Date() })
  await using session = await warehouse.acquire()
  const { capabilities } = warehouse
  await clearDeadRuns({
    session,
    capabilities,
    schemas,
    project: 'field',
    runId,
    dialect: postgresDialect,
    onRetry: () => undefined,
  })
  await work(session)
}
