/** Every shape of plan: what is there before, with 1 in each row, and the build after which it is 2. For tests that break it off somewhere. */
import type { Droppable } from '../../src/core/droppable.ts'
import { findDroppable } from '../../src/runner/find-droppable.ts'
import type { ApplyPlanOptions } from '../../src/runner/apply-plan.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { build, buildSeed, type Wanted } from './build-relation.ts'

export interface Shape {
  readonly plan: string
  readonly before?: (session: Session, schema: string) => Promise<unknown>
  readonly build: (session: Session, schema: string, options: Partial<ApplyPlanOptions>) => Promise<unknown>
}

export const model = (materialized: 'table' | 'view', round: number, schema = 'public'): Wanted => ({
  name: 'supporters',
  schema,
  materialized,
  sql: `select ${round} as round`,
})

const indexed = {
  primaryKey: ['round'],
  indexes: [{ columns: ['round'], unique: false }],
  columns: [{ name: 'round', description: 'When.' }],
}
const seed = { name: 'supporters', seedColumns: [{ name: 'round', type: 'integer' }] }
const turf = (schema: string): string => `create view ${schema}.turf as select round from ${schema}.supporters`

export const shapes: readonly Shape[] = [
  { plan: 'create table', build: (session, schema, options) => build(session, { ...model('table', 2, schema), ...indexed }, options) },
  { plan: 'create view', build: (session, schema, options) => build(session, model('view', 2, schema), options) },
  { plan: 'create seed', build: (session, schema, options) => buildSeed(session, { ...seed, schema, csv: '2\n' }, options) },
  {
    plan: 'replace view',
    before: async (session, schema) => {
      await build(session, model('view', 1, schema))
      await session.run(turf(schema))
    },
    build: (session, schema, options) => build(session, model('view', 2, schema), options),
  },
  {
    plan: 'swap view',
    before: async (session, schema) => {
      await build(session, { ...model('view', 1, schema), sql: 'select 1 as round, 0 as gone' })
      await session.run(turf(schema))
    },
    build: (session, schema, options) => build(session, model('view', 2, schema), options),
  },
  {
    plan: 'swap table',
    before: (session, schema) => build(session, model('table', 1, schema)),
    build: (session, schema, options) => build(session, model('table', 2, schema), options),
  },
  {
    plan: 'swap table with indexes and privileges under views',
    before: async (session, schema) => {
      await build(session, { ...model('table', 1, schema), ...indexed })
      await session.run(
        `${turf(schema)}; create view ${schema}.above as select round from ${schema}.turf; grant select on ${schema}.supporters to public`,
      )
    },
    build: (session, schema, options) => build(session, { ...model('table', 2, schema), ...indexed }, options),
  },
  {
    plan: 'swap table for view under a view',
    before: async (session, schema) => {
      await build(session, model('table', 1, schema))
      await session.run(turf(schema))
    },
    build: (session, schema, options) => build(session, model('view', 2, schema), options),
  },
  {
    plan: 'swap view for table under a view',
    before: async (session, schema) => {
      await build(session, model('view', 1, schema))
      await session.run(turf(schema))
    },
    build: (session, schema, options) => build(session, model('table', 2, schema), options),
  },
  {
    plan: 'swap seed under a view',
    before: async (session, schema) => {
      await build(session, model('table', 1, schema))
      await session.run(turf(schema))
    },
    build: (session, schema, options) => buildSeed(session, { ...seed, schema, csv: '2\n' }, options),
  },
  {
    plan: 'write in place under what cannot be moved',
    before: async (session, schema) => {
      await build(session, model('table', 1, schema))
      await session.run(`create policy own on ${schema}.supporters using (true); ${turf(schema)};
        create materialized view ${schema}.totals as select count(*) as n from ${schema}.supporters`)
    },
    build: (session, schema, options) => build(session, { ...model('table', 2, schema), ...indexed }, options),
  },
  {
    plan: 'write seed in place, as swap: in_place says',
    before: async (session, schema) => {
      await build(session, model('table', 1, schema))
      await session.run(turf(schema))
    },
    build: (session, schema, options) => buildSeed(session, { ...seed, schema, csv: '2\n', swap: 'in_place' }, options),
  },
  {
    plan: 'swap table, with a dependent that may be dropped',
    before: async (session, schema) => {
      await build(session, { ...model('table', 1, schema), sql: 'select 1 as round, 0 as gone' })
      await session.run(`${turf(schema)}; create view ${schema}.lost as select gone from ${schema}.supporters`)
    },
    build: async (session, schema, options) => {
      const droppable: readonly Droppable[] = await findDroppable(session, [`${schema}.lost`])
      return await build(session, { ...model('table', 2, schema), droppable }, options)
    },
  },
]
