/** Before the first node: what dead runs left is cleared, the catalog read, and the schemas made that the run builds in. */
import type { Catalog } from '../core/catalog.ts'
import { SqlflowError, WarehouseError } from '../core/errors.ts'
import type { Project } from '../core/project.ts'
import { failuresSchema } from '../data-tests/store-failures.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { PlacedRelation, Statement } from '../materializations/plan.ts'
import { planSchemas } from '../materializations/plan-model.ts'
import type { Session, Warehouse } from '../warehouses/warehouse.ts'
import { readPostgresCatalog } from '../warehouses/postgres-catalog.ts'
import { clearDeadRuns } from './clear-dead-runs.ts'
import { retryTransient, type Retry } from './retry-transient.ts'
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
  readonly onRetry: (retry: Retry) => void
}

export interface Prepared {
  readonly catalog: Catalog
  /** Old relations of earlier runs, which something still reads. */
  readonly kept: readonly PlacedRelation[]
}

/** Clears what dead runs left, and returns the catalog of the schemas, all of which exist then. */
export async function prepareSchemas({
  warehouse,
  withSession,
  dialect,
  schemas,
  project,
  runId,
  onRetry,
}: PrepareOptions): Promise<Prepared> {
  return await withSession(async (session) => {
    const { capabilities } = warehouse
    const { catalog, kept } = await clearDeadRuns({ session, capabilities, schemas, project, runId, dialect, onRetry })
    const statements = planSchemas(schemas, catalog, dialect)
    if (statements.length === 0) return { catalog, kept }
    await createSchemas(session, statements, onRetry)
    return { catalog: await readPostgresCatalog(session, schemas), kept }
  })
}

const insufficientPrivilege = '42501'

/** Throws SqlflowError `schema-not-created` where the role may not. */
async function createSchemas(session: Session, statements: readonly Statement[], onRetry: (retry: Retry) => void): Promise<void> {
  const sql = statements.map((statement) => statement.sql)
  try {
    await retryTransient(() => session.run(sql.join(';\n')), { onRetry })
  } catch (error) {
    if (!(error instanceof WarehouseError) || error.sqlState !== insufficientPrivilege) throw error
    const { rows } = await session.query('select quote_ident(current_database()), quote_ident(current_user)')
    const [database, role] = rows[0] ?? []
    throw new SqlflowError('schema-not-created', `The role ${role} may not create the schemas that this run builds in.`, {
      hint: `Its owner can allow it: grant create on database ${database} to ${role}. Or make them: ${sql.map((one) => `${one} authorization ${role}`).join('; ')}.`,
      cause: error,
    })
  }
}
