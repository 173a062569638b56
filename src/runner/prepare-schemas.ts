/** Before the first node: what dead runs left is cleared, the catalog read, and the schemas made that the run builds in. */
import type { Catalog } from '../core/catalog.ts'
import type { Project } from '../core/project.ts'
import { failuresSchema } from '../data-tests/store-failures.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { PlacedRelation } from '../materializations/plan.ts'
import { planSchemas } from '../materializations/plan-model.ts'
import type { Warehouse } from '../warehouses/warehouse.ts'
import { readPostgresCatalog } from '../warehouses/postgres-catalog.ts'
import { clearDeadRuns } from './clear-dead-runs.ts'
import type { WithSession } from './run-sessions.ts'
import type { RunUnit } from './units.ts'

/** The schemas that the units write to. */
export function schemasOf(dialect: Dialect, project: Project, units: readonly RunUnit[]): readonly string[] {
  const schemas = new Set<string>()
  for (const unit of units) {
    if (unit.kind === 'tests') {
      const stores = unit.tests.some((node) => (node.test === 'generic' ? node.use : node.definition).options.storeFailures)
      if (stores) schemas.add(failuresSchema(project.target.schema, dialect))
    } else if (unit.node.kind === 'model') schemas.add(unit.node.model.relation.schema)
    else if (unit.node.kind === 'seed') schemas.add(unit.node.seed.relation.schema)
  }
  return [...schemas].sort()
}

export interface PrepareOptions {
  readonly warehouse: Warehouse
  readonly withSession: WithSession
  readonly dialect: Dialect
  readonly schemas: readonly string[]
  readonly project: string
  readonly runId: string
}

export interface Prepared {
  readonly catalog: Catalog
  /** Old relations of earlier runs, which something still reads. */
  readonly kept: readonly PlacedRelation[]
}

/** Clears what dead runs left, and returns the catalog of the schemas, all of which exist then. */
export async function prepareSchemas({ warehouse, withSession, dialect, schemas, project, runId }: PrepareOptions): Promise<Prepared> {
  return await withSession(async (session) => {
    const { capabilities } = warehouse
    const { catalog, kept } = await clearDeadRuns({ session, capabilities, schemas, project, runId, dialect })
    const statements = planSchemas(schemas, catalog, dialect)
    if (statements.length === 0) return { catalog, kept }
    await session.run(statements.map(({ sql }) => sql).join(';\n'))
    return { catalog: await readPostgresCatalog(session, schemas), kept }
  })
}
