/** Before the first node: what dead runs left is cleared, the catalog read, and the schemas made that the run builds in. */
import type { Catalog } from '../core/catalog.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { SqlflowError, WarehouseError } from '../core/errors.ts'
import type { Project } from '../core/project.ts'
import { failuresSchema } from '../data-tests/store-failures.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { schemaStamp, stampLine } from '../materializations/aside-names.ts'
import type { PlacedRelation, Statement } from '../materializations/plan.ts'
import { planSchemas } from '../materializations/plan-model.ts'
import type { Capabilities, Session, Warehouse } from '../warehouses/warehouse.ts'
import { clearDeadRuns } from './clear-dead-runs.ts'
import { lockTableStatements } from './locks/lock-table.ts'
import { retryTransient, type Retry } from './retry-transient.ts'
import type { WithSession } from './run-sessions.ts'
import { sendStatements } from './send-statements.ts'
import type { RunUnit } from './units.ts'

/** The schemas that the units write to. */
export function schemasOf(dialect: Dialect, project: Project, units: readonly RunUnit[]): readonly string[] {
  const schemas = new Set<string>()
  for (const unit of units) {
    if (unit.kind === 'tests') {
      const stores = unit.tests.some((node) => (node.test === 'generic' ? node.use : node.definition).options.storeFailures)
      if (stores) schemas.add(failuresSchema(project.target.schema, dialect))
    } else if (unit.kind === 'exports') continue
    else if (unit.node.kind === 'model') schemas.add(unit.node.model.relation.schema)
    else if (unit.node.kind === 'seed') schemas.add(unit.node.seed.relation.schema)
  }
  return [...schemas].sort()
}

export interface PrepareOptions {
  readonly warehouse: Warehouse
  readonly withSession: WithSession
  readonly dialect: Dialect
  readonly schemas: readonly string[]
  readonly project: Project
  readonly runId: string
  readonly onRetry: (retry: Retry) => void
  readonly onDeadRun: (warning: Diagnostic) => void
}

export interface Prepared {
  readonly catalog: Catalog
  /** Old relations of earlier runs, which something still reads. */
  readonly kept: readonly PlacedRelation[]
}

/** Clears what dead runs left, and returns the catalog of the schemas, all of which exist then. */
export async function prepareSchemas({ warehouse, withSession, project, ...options }: PrepareOptions): Promise<Prepared> {
  return await withSession(async (session) => {
    const { capabilities } = warehouse
    const { catalog, kept } = await clearDeadRuns({ ...options, session, capabilities, project: project.name })
    return { catalog: await createSchemas(session, project, { ...options, capabilities }, catalog), kept }
  })
}

interface CreateOptions extends Pick<PrepareOptions, 'schemas' | 'dialect' | 'onRetry'> {
  readonly capabilities: Pick<Capabilities, 'locks'>
}

/** Other runs may make the same schemas at the same moment: then what is left to make is looked up again. */
async function createSchemas(
  session: Session,
  { name, target }: Project,
  { schemas, dialect, capabilities, onRetry }: CreateOptions,
  found: Catalog,
): Promise<Catalog> {
  let catalog = found
  for (let attempt = 1; ; attempt++) {
    const stamp = schemaStamp(name, target.schema)
    const statements = planSchemas(schemas, catalog, dialect, stamp)
    if (statements.length === 0) return catalog
    const missing = schemas.filter((schema) => !catalog.schemas.has(schema))
    const tables = capabilities.locks === 'table' ? missing.flatMap((schema) => lockTableStatements(schema, stampLine(stamp))) : []
    try {
      await retryTransient(() => sendStatements(session, [{ sql: 'begin' }, ...statements, ...tables, { sql: 'commit' }]), { onRetry })
    } catch (error) {
      if (!(error instanceof WarehouseError)) throw error
      if (error.sqlState === insufficientPrivilege) throw await notCreated(session, statements, error)
      if (!madeByOthers.has(error.sqlState) || attempt > schemas.length) throw error
    }
    catalog = await session.catalog.read(schemas)
  }
}

const insufficientPrivilege = '42501'

/** `duplicate_schema`; `unique_violation` while the other's transaction was open. */
const madeByOthers: ReadonlySet<string | undefined> = new Set(['42P06', '23505'])

async function notCreated(session: Session, statements: readonly Statement[], cause: WarehouseError): Promise<SqlflowError> {
  const { rows } = await session.query('select quote_ident(current_database()), quote_ident(current_user)')
  const [database, role] = rows[0] ?? []
  const wanted = statements.flatMap(({ sql }) => (sql.startsWith('create ') ? [`${sql} authorization ${role}`] : []))
  return new SqlflowError('schema-not-created', `The role ${role} may not create the schemas that this run builds in.`, {
    hint: `Its owner can allow it: grant create on database ${database} to ${role}. Or make them: ${wanted.join('; ')}.`,
    cause,
  })
}
