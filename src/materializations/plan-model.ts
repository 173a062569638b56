/** The planners of models and seeds, and of schemas. A materialization is one file and one line here; an ephemeral model has no statements. */
import type { Catalog } from '../core/catalog.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { type Stamp, stampLine } from './aside-names.ts'
import { materializedViewBuild } from './materialized-view.ts'
import type { Statement } from './plan.ts'
import { publishingOf } from './publishing.ts'
import { planRelation } from './plan-relation.ts'
import type { Build, PlanResult, RelationInput } from './relation-input.ts'
import { seedBuild, type SeedShape } from './seed.ts'
import { tableBuild } from './table.ts'
import { viewBuild } from './view.ts'

const materializations = {
  view: viewBuild,
  table: tableBuild,
  materialized_view: materializedViewBuild,
} satisfies Readonly<Record<string, (sql: string, input: RelationInput) => Build>>

export interface ModelInput extends RelationInput {
  readonly materialized: keyof typeof materializations
  /** One SELECT, no trailing `;`. */
  readonly sql: string
}

export function planModel(input: ModelInput): PlanResult {
  return planRelation(input, materializations[input.materialized](input.sql, input))
}

export interface SeedInput extends RelationInput, SeedShape {}

/** Its plan holds one statement with `rows`, which `applyPlan` takes from `copyRows`. */
export function planSeed(input: SeedInput): PlanResult {
  return planRelation(input, seedBuild(input, input))
}

/**
 * Creates the schemas that are not there, and stamps them as made by sqlflow; once, before the first node. Fails where somebody has just made one:
 * that one is not stamped.
 */
export function planSchemas(
  schemas: Iterable<string>,
  catalog: Pick<Catalog, 'schemas'>,
  dialect: Dialect,
  stamp: Stamp,
): readonly Statement[] {
  const { commentsOnSchemas } = publishingOf(dialect)
  return [...new Set(schemas)]
    .filter((schema) => !catalog.schemas.has(schema))
    .sort()
    .map(dialect.quoteIdentifier)
    .flatMap((schema) => [
      { sql: `create schema ${schema}` },
      ...(commentsOnSchemas ? [{ sql: `comment on schema ${schema} is ${dialect.quoteLiteral(stampLine(stamp))}` }] : []),
    ])
}
