/** 200 views replaced on Postgres, one after the other, with and without the locks that keep two runs from working on one relation. */
import type { Catalog } from '../../src/core/catalog.ts'
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { relationKey, type RelationName } from '../../src/core/relation.ts'
import { planModel } from '../../src/materializations/plan-model.ts'
import { lockInvocation, nothingToLock, type InvocationLock } from '../../src/runner/invocation-lock.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { applyPlan } from '../../src/runner/apply-plan.ts'
import { median, repeat, type Measure } from '../measure.ts'
import { createFolder } from '../processes.ts'
import { openDatabase } from '../server.ts'

const count = 200
const rounds = 15

export const locks: Measure = {
  name: 'locks',
  run: async () => {
    await using folder = await createFolder()
    await using database = await openDatabase(folder.path)
    const target = {
      name: 'bench',
      type: 'postgres',
      connection: { url: database.url },
      schema: 'public',
      schemaPattern: '{schema}',
      protected: false,
      exports: 'preview',
      threads: 1,
    } as const
    await using warehouse = await openWarehouse(target, { applicationName: 'sqlflow bench' })
    await using lock = await lockInvocation({ warehouse, command: 'build', runId: 'bench', wait: true, now: () => new Date() })
    await using session = await warehouse.acquire()
    await buildAll(warehouse, session, lock)
    const measured = await repeat(rounds, async (round) => {
      const both = { without: 0, with: 0 }
      for (const kind of round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
        both[kind] = await buildAll(warehouse, session, kind === 'with' ? lock : nothingToLock)
      }
      return both
    })
    const [without, locked] = [median(measured.map((one) => one.without)), median(measured.map((one) => one.with))]
    const added = median(measured.map((one) => (one.with - one.without) / count))
    return [
      {
        measure: `locks of ${count} views that are replaced`,
        figure: `${added.toFixed(2)} ms a node (${(locked / count).toFixed(2)} ms against ${(without / count).toFixed(2)} ms)`,
        bar: 'at most 1 ms a node',
        met: added <= 1,
      },
    ]
  },
}

/** Milliseconds for all of them, from the lock of the first to the end of the last. */
async function buildAll(warehouse: Warehouse, session: Session, lock: InvocationLock): Promise<number> {
  const catalog = await session.catalog.read(['public'])
  const started = performance.now()
  for (let index = 0; index < count; index++) {
    const relation: RelationName = { schema: 'public', name: `turf_${index}` }
    const node = `model:${relation.name}` as const
    using _held = await lock.lockRelation({ session, relation, node })
    await buildView({ warehouse, session, catalog, relation, node })
  }
  return performance.now() - started
}

interface View {
  readonly warehouse: Warehouse
  readonly session: Session
  readonly catalog: Catalog
  readonly relation: RelationName
  readonly node: string
}

async function buildView({ warehouse, session, catalog, relation, node }: View): Promise<void> {
  const plan = (known: Parameters<Parameters<typeof applyPlan>[2]['replan']>[0] | undefined): ReturnType<typeof planModel> =>
    planModel({
      relation,
      columns: [],
      indexes: [],
      primaryKey: [],
      grants: {},
      stamp: { project: 'bench', node },
      runId: 'bench',
      catalog,
      capabilities: warehouse.capabilities,
      dialect: postgresDialect,
      known,
      materialized: 'view',
      sql: `select n as turf_id, 'area ' || n as area from generate_series(1, 100) as n`,
    })
  const first = plan(undefined)
  if (!first.ok) throw new Error(first.reasons[0]!.message)
  const existing = catalog.relations.get(relationKey(relation))
  await applyPlan(session, first.plan, { replan: plan, existing, dialect: postgresDialect, publishQueue: (work) => work() })
}
