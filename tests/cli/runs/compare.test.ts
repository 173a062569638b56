import { describe, expect, it } from 'vitest'
import { warehouses, type CliProject, type Warehouse } from '../../support/cli.ts'

const prodOf = { postgres: 'type: postgres, url: "${DATABASE_URL}"', pglite: 'type: pglite, path: .sqlflow/pglite/dev' }

const people = `/*---
materialized: table
primary_key: person_id
columns:
  phone: { sensitive: true }
---*/
select * from (values (1, 'Ana', '555-0001', '{"a": 1}'::json), (2, 'Bo', null, null), (3, 'Cy', '555-0003', '{}')) p (person_id, name, phone, extra)
`

const refusals: readonly (readonly [string, string])[] = [
  [
    'people --with other',
    'error[bad-usage]: `--with other` is no target of this project, and no relation.\n  hint: Name a target of sqlflow.yml, or a relation as schema.name.\n',
  ],
  ['people', 'error[bad-usage]: Name what to compare, and with what: `sqlflow compare turf_list --with prod`.\n'],
  ['peple --with prod', 'error[unknown-node]: There is no model, seed or source named `peple`.\n  hint: Did you mean `people`?\n'],
  ['part --with prod', 'error[cannot-compare]: `part` is ephemeral, so it has no relation.\n  hint: Compare a model that reads it.\n'],
  [
    'people --with analytics.people',
    'error[cannot-compare]: Both are analytics.people, which is one relation.\n  hint: Name another target or relation.\n',
  ],
  [
    'people --with analytics.gone',
    'error[cannot-compare]: There is no relation analytics.gone in this database.\n  hint: Build it first, or correct the name.\n',
  ],
  [
    'people --with elsewhere',
    'error[cannot-compare]: The targets `dev` and `elsewhere` are not on one database.\n  hint: Only relations of one database can be compared. Copy one of the two over, and name it: --with schema.name.\n',
  ],
  [
    'people --with prod --exclude-columns fone',
    'error[bad-usage]: `--exclude-columns` names `fone`, a column that neither of the two has.\n',
  ],
]

async function inTwoSchemas({ type, create }: Warehouse): Promise<CliProject> {
  const project = await create({
    files: { 'models/people.sql': people, 'models/part.sql': '/*--- materialized: ephemeral ---*/ select 1 as a' },
    config: `  prod: { ${prodOf[type]}, schema: prod }\n  elsewhere: { type: pglite, path: .sqlflow/other }\n`,
  })
  for (const target of ['dev', 'prod']) expect(await project.run(['build', '-t', target])).toMatchObject({ exitCode: 0 })
  return project
}

describe.each(warehouses)('sqlflow compare on $type', (warehouse) => {
  it('says that two are equal, and what it compared as text', async () => {
    await using project = await inTwoSchemas(warehouse)
    expect(await project.run(['compare', 'people', '--with', 'prod'])).toEqual({
      exitCode: 0,
      stdout: 'analytics.people (dev) and prod.people (prod) are equal: 3 rows, 4 columns.\n  Compared as text: extra.\n',
      stderr: '',
    })
  })

  it('names columns, counts rows both ways and by key, and shows rows with sensitive columns masked', async () => {
    await using project = await inTwoSchemas(warehouse)
    await project.query(`update prod.people set name = 'Beau', phone = '555-9' where person_id = 2`)
    await project.query('delete from prod.people where person_id = 3')
    await project.query(`insert into prod.people values (4, 'Di', '555-0004', null)`)
    expect(await project.run(['compare', 'people', '--with', 'prod'])).toEqual({
      exitCode: 1,
      stdout: `analytics.people (dev) and prod.people (prod) differ.
  Both have 3 rows.
  2 rows only in analytics.people (dev), 2 only in prod.people (prod).
  By person_id: 1 key only in analytics.people (dev), 1 only in prod.people (prod), 1 in both with other values.
  The column name differs in 1 row.
  The column phone differs in 1 row.
  Compared as text: extra.

person_id  column  analytics.people  prod.people
─────────  ──────  ────────────────  ───────────
2          name    Bo                Beau
2          phone   null              ***
`,
      stderr: '',
    })
    expect(await project.run(['compare', 'people', '--with', 'prod', '--exclude-columns', 'person_id,name,extra'])).toEqual({
      exitCode: 1,
      stdout: `analytics.people (dev) and prod.people (prod) differ.
  Both have 3 rows.
  2 rows only in analytics.people (dev), 2 only in prod.people (prod).
  Rows were not compared by key: the two do not both have person_id.

only in           times  phone
────────────────  ─────  ─────
analytics.people  1      ***
prod.people       1      ***
prod.people       1      ***
analytics.people  1      null
`,
      stderr: '',
    })
    const { stdout } = await project.run(['compare', 'people', '--with', 'prod', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      equal: false,
      here: { target: 'dev', relation: 'analytics.people' },
      there: { target: 'prod', relation: 'prod.people' },
      columns: { onlyHere: [], onlyThere: [], otherTypes: [], compared: ['person_id', 'name', 'phone', 'extra'], asText: ['extra'] },
      rows: { here: 3, there: 3, onlyHere: 2, onlyThere: 2 },
      keys: {
        columns: ['person_id'],
        onlyHere: 1,
        onlyThere: 1,
        differing: 1,
        byColumn: [
          { name: 'name', rows: 1 },
          { name: 'phone', rows: 1 },
        ],
      },
      sample: {
        kind: 'keyed',
        key: ['person_id'],
        rows: [
          {
            key: ['2'],
            differences: [
              { column: 'name', here: 'Bo', there: 'Beau' },
              { column: 'phone', here: null, there: '***' },
            ],
          },
        ],
      },
      notes: [],
    })
  })

  it('compares with any relation: duplicates count, columns and types differ, a key may be no key', async () => {
    await using project = await inTwoSchemas(warehouse)
    await project.query(
      `create table "Old.Lists" as select person_id::bigint, name::varchar(9), phone, 1 as more from analytics.people union all select 1, 'Ana', '555-0001', 1`,
    )
    expect(await project.run(['compare', 'people', '--with', 'public."Old.Lists"', '--key', 'person_id'])).toEqual({
      exitCode: 1,
      stdout: `analytics.people (dev) and public.Old.Lists differ.
  The column extra is only in analytics.people (dev).
  The column more is only in public.Old.Lists.
  The column person_id is integer in analytics.people (dev), and bigint in public.Old.Lists.
  The column name is text in analytics.people (dev), and character varying in public.Old.Lists.
  analytics.people (dev) has 3 rows, public.Old.Lists has 4.
  0 rows only in analytics.people (dev), 1 only in public.Old.Lists.
  Compared as text: name.
  Rows were not compared by key: person_id repeats in public.Old.Lists (1 of its values).

only in           times  person_id  name  phone
────────────────  ─────  ─────────  ────  ─────
public.Old.Lists  1      1          Ana   ***
`,
      stderr: '',
    })
    await project.query('create view public.nothing as select')
    expect(await project.run(['compare', 'people', '--with', 'public.nothing', '--quiet'])).toMatchObject({ exitCode: 1, stderr: '' })
  })

  it('refuses what cannot be compared, with exit code 2', async () => {
    await using project = await warehouse.create({
      files: { 'models/people.sql': people, 'models/part.sql': '/*--- materialized: ephemeral ---*/ select 1 as a' },
      config: `  prod: { ${prodOf[warehouse.type]}, schema: prod }\n  elsewhere: { type: pglite, path: .sqlflow/other }\n`,
    })
    await project.query(
      'create schema analytics; create schema prod; create table analytics.people (person_id int); create table prod.people (person_id int)',
    )
    for (const [line, stderr] of refusals) {
      expect(await project.run(['compare', ...line.split(' ')])).toEqual({ exitCode: 2, stdout: '', stderr })
    }
  })
})
