/** The whole SQL of each materialization, as `tests/materializations/golden/*.golden` keeps it, from plans made without a database. */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Catalog, CatalogRelation } from '../../src/core/catalog.ts'
import { relationKey } from '../../src/core/relation.ts'
import type { Plan } from '../../src/materializations/plan.ts'
import { planModel, planSchemas, planSeed } from '../../src/materializations/plan-model.ts'
import { planMove } from '../../src/materializations/move-relation.ts'
import { asideName, indexName, primaryKeyName, schemaStamp } from '../../src/materializations/aside-names.ts'
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { redshiftDialect } from '../../src/dialects/redshift.ts'
import { modelInput, type Wanted } from './build-relation.ts'

const table: CatalogRelation = {
  schema: 'public',
  name: 'supporters',
  id: '16400',
  kind: 'table',
  owner: 'builder',
  alterable: true,
  comment: 'sqlflow: field/model:supporters',
  columns: [
    { name: 'id', type: 'integer', notNull: true },
    { name: 'name', type: 'text', notNull: false },
  ],
  options: [],
  privileges: [
    { privilege: 'select', grantee: 'reporting', grantable: false },
    { privilege: 'update', grantee: 'organizers', grantable: true, column: 'name' },
  ],
  revokedFromOwner: [],
  indexes: [
    { name: primaryKeyName('supporters'), columns: ['id'], unique: true, primary: true, method: 'btree', special: false },
    {
      name: indexName('supporters', { columns: ['name'], unique: false }),
      columns: ['name'],
      unique: false,
      primary: false,
      method: 'btree',
      special: false,
    },
  ],
  attachments: [],
  dependents: [
    {
      kind: 'view',
      schema: 'reports',
      name: 'turf',
      id: '16410',
      owner: 'ana',
      alterable: true,
      options: ['security_barrier=true'],
      definition: 'SELECT id,\n    name\n   FROM public.supporters',
      uses: ['id', 'name'],
    },
  ],
  fingerprint: '5d41402abc4b2a76b9719d911017c592',
  version: '16400:750',
}
const view: CatalogRelation = { ...table, kind: 'view', privileges: [], indexes: [], dependents: [], options: ['security_barrier=true'] }

const wanted: Wanted = {
  name: 'supporters',
  materialized: 'table',
  sql: `select 1 as id, 'Ana' as name`,
  description: `Everybody we know.\nThe county's "own" too.`,
  columns: [{ name: 'id', description: `The supporter's id.` }, { name: 'name' }],
  primaryKey: ['id'],
  indexes: [{ columns: ['name'], unique: false }],
  grants: { select: ['reporting', 'public'] },
}
const asView: Wanted = { ...wanted, materialized: 'view', primaryKey: [], indexes: [] }

function catalogOf(...relations: readonly CatalogRelation[]): Catalog {
  return {
    schemas: new Set(['public']),
    relations: new Map(relations.map((one) => [relationKey(one), one])),
    user: 'builder',
    defaultGrantees: new Map([['public', ['everybody']]]),
  }
}

const built = { columns: table.columns }
const policy = { kind: 'policy', name: 'readers', blocksInserts: false }
const foreignKey = {
  kind: 'other',
  id: 'pg_constraint:16420',
  label: 'foreign key f on table pledges',
  toleratesRewrite: true,
  checksEachStatement: true,
} as const

const onRedshift = { dialect: redshiftDialect, capabilities: { indexes: false, copy: false } }

const plans: Readonly<Record<string, () => ReturnType<typeof planModel>>> = {
  'create-view': () => planModel(modelInput(asView, catalogOf())),
  'replace-view': () => planModel(modelInput(asView, catalogOf(view))),
  'swap-view': () => planModel({ ...modelInput(asView, catalogOf(view)), known: { existing: view, columnsChanged: true } }),
  'create-table': () => planModel(modelInput(wanted, catalogOf())),
  'build-table-aside': () => planModel(modelInput(wanted, catalogOf(table))),
  'swap-table': () => planModel({ ...modelInput(wanted, catalogOf(table)), known: { existing: table, built } }),
  'swap-table-for-view': () => planModel({ ...modelInput(asView, catalogOf(table)), known: { existing: table, built } }),
  'swap-view-for-table': () => planModel(modelInput(wanted, catalogOf({ ...view, options: [] }))),
  'write-table-in-place': () =>
    planModel({ ...modelInput(wanted, catalogOf(table)), known: { existing: { ...table, attachments: [policy] }, built } }),
  'write-table-in-place-under-a-foreign-key': () =>
    planModel({ ...modelInput(wanted, catalogOf(table)), known: { existing: { ...table, dependents: [foreignKey] }, built } }),
  'create-seed': () =>
    planSeed({
      ...modelInput({ ...wanted, description: 'Loaded.' }, catalogOf()),
      seedColumns: [
        { name: 'id', type: 'integer' },
        { name: 'name', type: 'text' },
      ],
      delimiter: ',',
    }),
  'redshift-create-table': () =>
    planModel({
      ...modelInput(wanted, catalogOf()),
      ...onRedshift,
      columns: [{ name: 'name', description: 'As they sign.', encode: 'zstd' }],
      design: {
        dist: { column: 'id' },
        sort: { columns: ['county', 'id'], interleaved: false },
        backup: false,
        queryGroup: 'nightly',
        analyze: true,
      },
    }),
  'redshift-create-view': () => planModel({ ...modelInput(asView, catalogOf()), ...onRedshift }),
  'redshift-replace-view': () =>
    planModel({ ...modelInput(asView, catalogOf({ ...view, lateBinding: true, options: [] })), ...onRedshift }),
  'redshift-swap-table': () => planModel({ ...modelInput(wanted, catalogOf(table)), ...onRedshift, known: { existing: table, built } }),
  'redshift-write-table-in-place': () =>
    planModel({ ...modelInput(wanted, catalogOf(table)), ...onRedshift, swap: 'in_place', known: { existing: table, built } }),
  'redshift-make-materialized-view-again': () =>
    planModel({
      ...modelInput({ ...wanted, materialized: 'materialized_view' }, catalogOf({ ...table, kind: 'materialized view', dependents: [] })),
      ...onRedshift,
      design: { autoRefresh: true },
    }),
  'redshift-create-seed': () =>
    planSeed({
      ...modelInput({ ...wanted, description: 'Loaded.' }, catalogOf()),
      ...onRedshift,
      columns: [{ name: 'name', encode: 'lzo' }],
      design: { dist: 'all', sort: 'auto' },
      seedColumns: [
        { name: 'id', type: 'integer' },
        { name: 'name', type: 'varchar(65535)' },
      ],
      delimiter: ',',
    }),
  'rename-table-with-row-level-security': () => ({
    ok: true,
    plan: planMove({
      existing: {
        ...table,
        comment: 'People.\nsqlflow: field/model:supporters',
        owner: 'ana',
        attachments: [{ kind: 'row-level security', name: 'supporters', blocksInserts: true }],
      },
      relation: { schema: 'public', name: 'folk' },
      stamp: { project: 'field', node: 'model:folk' },
      until: '2026-12-31',
      inTheWay: undefined,
      catalog: catalogOf(),
      dialect: postgresDialect,
    }),
  }),
  'rename-view-back': () => ({
    ok: true,
    plan: planMove({
      existing: view,
      relation: { schema: 'public', name: 'folk' },
      stamp: { project: 'field', node: 'model:folk' },
      until: undefined,
      inTheWay: { schema: 'public', name: 'folk' },
      catalog: catalogOf(),
      dialect: postgresDialect,
    }),
  }),
}

describe('golden SQL', () => {
  it.each(Object.keys(plans))('%s', async (name) => {
    const result = plans[name]!()
    if (!result.ok) throw new Error(result.reasons[0]!.message)
    const text = printPlan(result.plan)
    expect(text.toLowerCase()).not.toContain('cascade')
    await expect(text).toMatchFileSnapshot(fileURLToPath(new URL(`golden/${name}.golden`, import.meta.url)))
  })

  it('schemas are created once, those that are not there, and stamped', () => {
    const stamp = schemaStamp('field', 'dev_ana')
    expect(planSchemas(['staging', 'public', 'Marts', 'staging'], catalogOf(), postgresDialect, stamp)).toEqual([
      { sql: 'create schema "Marts"' },
      { sql: `comment on schema "Marts" is 'sqlflow: field/schema:dev_ana'` },
      { sql: 'create schema "staging"' },
      { sql: `comment on schema "staging" is 'sqlflow: field/schema:dev_ana'` },
    ])
  })
})

describe('a derived name', () => {
  it('is at most 63 bytes, whole characters, and ends in 8 hex digits that tell long names apart', () => {
    const [a, b] = ['ä'.repeat(30) + 'abc', 'ä'.repeat(30) + 'abd'].map((name) => asideName(name, 'new', 'run'))
    expect(a).toMatch(/^ä{20}__new_[0-9a-f]{8}_[0-9a-f]{8}$/)
    expect(Buffer.byteLength(a!)).toBe(63)
    expect(a).not.toBe(b)
    expect(asideName('turf', 'new', 'run')).toMatch(/^turf__new_[0-9a-f]{8}_[0-9a-f]{8}$/)
  })
})

function printPlan(plan: Plan): string {
  const head = [`-- ${plan.action}`, ...plan.notes.map((note) => `-- ${note}`)]
  const phases = plan.phases.flatMap(({ name, transaction, statements }) => [
    `\n-- ${name}`,
    ...(transaction ? ['begin;'] : []),
    ...statements.map(({ sql }) => `${sql};`),
    ...(transaction ? ['commit;'] : []),
  ])
  return [...head, ...phases, ''].join('\n')
}
