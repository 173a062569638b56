/** Builds one relation as a run does: reads the catalog, plans, applies. */
import type { Catalog } from '../../src/core/catalog.ts'
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { type ModelInput, planModel, planSeed, type SeedInput } from '../../src/materializations/plan-model.ts'
import type { Known, PlanResult } from '../../src/materializations/relation-input.ts'
import { refusalError } from '../../src/materializations/refusals.ts'
import { relationKey } from '../../src/core/relation.ts'
import { type Applied, applyPlan, type ApplyPlanOptions } from '../../src/runner/apply-plan.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'

const runId = '20261101t120000_aaaaaa'

export type Wanted = Pick<ModelInput, 'materialized' | 'sql'> & Partial<ModelInput> & { readonly name: string; readonly schema?: string }

export function modelInput({ name, schema = 'public', ...wanted }: Wanted, catalog: ModelInput['catalog']): ModelInput {
  return {
    relation: { schema, name },
    columns: [],
    indexes: [],
    primaryKey: [],
    grants: {},
    stamp: { project: 'field', node: `model:${name}` },
    runId,
    capabilities: { indexes: true, copy: true },
    dialect: postgresDialect,
    ...wanted,
    catalog,
  }
}

/** `catalog`: as a run has it that read it once, when it began. */
export async function build(
  session: Session,
  wanted: Wanted,
  { catalog, ...options }: Partial<ApplyPlanOptions> & { readonly catalog?: Catalog } = {},
): Promise<Applied> {
  const input = modelInput(wanted, catalog ?? (await session.catalog.read([wanted.schema ?? 'public'])))
  return await apply(session, input, (known) => planModel({ ...input, known }), options)
}

export interface WantedSeed extends Partial<ModelInput> {
  readonly name: string
  readonly schema?: string
  readonly seedColumns: SeedInput['seedColumns']
  /** Lines without a header. */
  readonly csv: string
}

export async function buildSeed(session: Session, wanted: WantedSeed, options: Partial<ApplyPlanOptions> = {}): Promise<Applied> {
  const { csv, seedColumns, ...rest } = wanted
  const model = modelInput({ materialized: 'table', sql: '', ...rest }, await session.catalog.read([wanted.schema ?? 'public']))
  const input: SeedInput = { ...model, seedColumns, delimiter: ',' }
  const copyRows = async function* (): AsyncIterable<Uint8Array> {
    yield Buffer.from(csv)
  }
  return await apply(session, input, (known) => planSeed({ ...input, known }), { copyRows, ...options })
}

async function apply(
  session: Session,
  input: ModelInput | SeedInput,
  plan: (known: Known | undefined) => PlanResult,
  options: Partial<ApplyPlanOptions>,
): Promise<Applied> {
  const first = plan(undefined)
  if (!first.ok) throw refusalError(first.reasons)
  return await applyPlan(session, first.plan, {
    replan: plan,
    existing: input.catalog.relations.get(relationKey(input.relation)),
    dialect: postgresDialect,
    publishQueue: (work) => work(),
    ...options,
  })
}

/** Rows of one query, as lists of text. */
export async function rowsOf(session: Session, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  return (await session.run(sql)).at(-1)!.rows
}
