/** Builds one relation as a run does: reads the catalog, plans, applies. */
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { type ModelInput, planModel } from '../../src/materializations/plan-model.ts'
import type { Known } from '../../src/materializations/relation-input.ts'
import { refusalError } from '../../src/materializations/refusals.ts'
import { relationKey } from '../../src/core/relation.ts'
import { type Applied, applyPlan, type ApplyPlanOptions } from '../../src/runner/apply-plan.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { readPostgresCatalog } from '../../src/warehouses/postgres-catalog.ts'

export const runId = '20261101t120000_aaaaaa'

export type Wanted = Pick<ModelInput, 'materialized' | 'sql'> & Partial<ModelInput> & { readonly name: string }

export function modelInput({ name, ...wanted }: Wanted, catalog: ModelInput['catalog']): ModelInput {
  return {
    relation: { schema: 'public', name },
    columns: [],
    indexes: [],
    primaryKey: [],
    grants: {},
    stamp: { project: 'field', node: `model:${name}` },
    runId,
    capabilities: { indexes: true },
    dialect: postgresDialect,
    ...wanted,
    catalog,
  }
}

export async function build(session: Session, wanted: Wanted, options: Partial<ApplyPlanOptions> = {}): Promise<Applied> {
  const input = modelInput(wanted, await readPostgresCatalog(session, ['public']))
  const replan = (known: Known) => planModel({ ...input, known })
  const first = planModel(input)
  if (!first.ok) throw refusalError(first.reasons)
  return await applyPlan(session, first.plan, {
    replan,
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
