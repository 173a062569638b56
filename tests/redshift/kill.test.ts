import { describe, expect, it } from 'vitest'
import { redshiftDialect } from '../../src/dialects/redshift.ts'
import { clearDeadRuns } from '../../src/runner/clear-dead-runs.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import { redshiftCatalog } from '../../src/warehouses/redshift/redshift-catalog.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { build, rowsOf, type Wanted } from '../materializations/build-relation.ts'
import { stopAt } from '../materializations/stop-at.ts'
import { targetOver } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'

const onRedshift = { dialect: redshiftDialect, capabilities: { indexes: false, copy: false }, runId: 'killed' } as const
const wanted = (materialized: Wanted['materialized'], round: number, more: Partial<Wanted> = {}): Wanted => ({
  name: 'supporters',
  materialized,
  sql: `select ${round} as round`,
  columns: [{ name: 'round', description: 'When.' }],
  grants: { select: ['public'] },
  ...onRedshift,
  ...more,
})

interface Shape {
  readonly before?: (schema: string) => Wanted
  /** Reads the relation, bound to it. */
  readonly bound?: true
  readonly after: (schema: string) => Wanted
}

const shapes: Readonly<Record<string, Shape>> = {
  'create table': { after: () => wanted('table', 2) },
  'create view': { after: () => wanted('view', 2) },
  'replace view': { before: () => wanted('view', 1), after: () => wanted('view', 2) },
  'swap view that is bound': {
    before: () => wanted('view', 1, { design: { bind: true } }),
    after: () => wanted('view', 2),
  },
  'swap table': { before: () => wanted('table', 1), after: () => wanted('table', 2) },
  'swap table under a view that is bound': { before: () => wanted('table', 1), bound: true, after: () => wanted('table', 2) },
  'swap table for view': { before: () => wanted('table', 1), after: () => wanted('view', 2) },
  'write table in place': { before: () => wanted('table', 1), after: () => wanted('table', 2, { swap: 'in_place' }) },
  'make materialized view again': { before: () => wanted('materialized_view', 1), after: () => wanted('materialized_view', 2) },
}

describe('a session that ends between any two statements of', () => {
  it.each(Object.entries(shapes))('%s leaves everything old or new, and the next run is clean', async (_plan, shape) => {
    await using redshift = await startRedshift()
    const target = { ...targetOver('redshift', { url: redshift.url, ssl: false }), threads: 80 }
    await using warehouse = await openWarehouse(target, { applicationName: 'sqlflow test' })
    await using other = await warehouse.acquire()
    const make = (session: Session, schema: string, one: Wanted): ReturnType<typeof build> =>
      build(session, { ...one, schema }, { dialect: redshiftDialect })
    const schemas: string[] = []
    for (let done = false; !done;) {
      const at = schemas.length
      const schema = `at_${at}`
      schemas.push(schema)
      await other.run(`create schema ${schema}`)
      if (shape.before) await make(other, schema, shape.before(schema))
      if (shape.bound) await other.run(`create view ${schema}.turf as select round from ${schema}.supporters`)
      await using session = await warehouse.acquire()
      const stopped = Promise.withResolvers<false>()
      const watched = stopAt(session, at, () => stopped.resolve(false), redshiftCatalog)
      done = await Promise.race([make(watched, schema, shape.after(schema)).then(() => true), stopped.promise])
      session.broken = !done // its connection is closed, with the transaction that is open
    }
    expect(schemas.length).toBeGreaterThan(4)
    const [old, done] = [await stateOf(other, schemas[0]!), await stateOf(other, schemas.at(-1)!)]
    expect(done).toEqual(shape.bound ? ['2', '2'] : ['2'])
    expect(old).toEqual(shape.before ? (shape.bound ? ['1', '1'] : ['1']) : [])
    const capabilities = { locks: 'none' } as const
    await clearDeadRuns({
      session: other,
      capabilities,
      project: 'field',
      runId: 'next',
      schemas,
      dialect: redshiftDialect,
      onRetry: () => undefined,
    })
    expect(await rowsOf(other, `select relname from pg_class where relname ~ '__(new|old)_'`)).toEqual([])
    for (const schema of schemas) {
      const state = await stateOf(other, schema)
      expect([schema, state]).toEqual([schema, state[0] === done[0] ? done : old])
      await make(other, schema, shape.after(schema))
      expect([schema, await stateOf(other, schema)]).toEqual([schema, done])
    }
  })
})

/** What the relation holds, and what a view that is bound to it shows; nothing where it is not there. */
async function stateOf(session: Session, schema: string): Promise<readonly (string | null)[]> {
  const there = await rowsOf(
    session,
    `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = '${schema}' and c.relname in ('supporters', 'turf') order by 1`,
  )
  const rounds: (string | null)[] = []
  for (const [name] of there) rounds.push(...(await rowsOf(session, `select round from ${schema}.${name}`)).map(([round]) => round!))
  return rounds
}
