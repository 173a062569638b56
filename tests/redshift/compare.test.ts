import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliProject, createProject } from '../support/cli.ts'

let project: CliProject

beforeAll(async () => {
  project = await createProject('redshift', {
    files: {
      'models/people.sql':
        "/*---\nmaterialized: table\nprimary_key: id\ncolumns: { phone: { sensitive: true } }\n---*/\nselect 1 as id, 'Ana' as name, '555-0001' as phone",
    },
    config: '  prod: { type: redshift, url: "${DATABASE_URL}", schema: prod }\n',
  })
  for (const schema of ['analytics', 'prod']) {
    await project.query(`create schema ${schema}`)
    await project.query(
      `create table ${schema}.people (id int, name varchar(${schema === 'prod' ? 30 : 20}), phone varchar(20), extra super, pledge numeric(10, 2), active boolean, born date)`,
    )
    await project.query(
      `insert into ${schema}.people values (1, 'Ana', '555-0001', json_parse('{"a": 1}'), 10.5, true, '1990-01-01'), (2, 'Bo', null, null, null, null, null), (3, 'Cy', '555-0003', json_parse('{}'), 0, false, '2000-02-29')`,
    )
  }
})

afterAll(() => project[Symbol.asyncDispose]())

describe('sqlflow compare on Redshift', () => {
  it('finds two equal but for a type', async () => {
    expect(await project.run(['compare', 'people', '--with', 'prod'])).toEqual({
      exitCode: 1,
      stdout: `analytics.people (dev) and prod.people (prod) differ.
  The column name is character varying(20) in analytics.people (dev), and character varying(30) in prod.people (prod).
  Both have 3 rows.
  No row differs in 7 common columns.
  Compared as text: extra.
`,
      stderr: '',
    })
    expect(await project.run(['compare', 'people', '--with', 'prod', '--exclude-columns', 'name'])).toEqual({
      exitCode: 0,
      stdout: 'analytics.people (dev) and prod.people (prod) are equal: 3 rows, 6 columns.\n  Compared as text: extra.\n',
      stderr: '',
    })
  })

  it('counts rows both ways and by key, and shows rows with sensitive columns masked', async () => {
    await project.query('create table prod.changed (like prod.people)')
    await project.query(
      "insert into prod.changed select * from prod.people where id < 3 union all select 4, 'Di', '555-0004', null, 1, true, null",
    )
    await project.query(`update prod.changed set name = 'Beau', phone = '555-9' where id = 2`)
    await project.query(`update prod.changed set extra = json_parse('{"a": 2}'), pledge = null where id = 1`)
    expect(await project.run(['compare', 'people', '--with', 'prod.changed', '--key', 'id'])).toEqual({
      exitCode: 1,
      stdout: `analytics.people (dev) and prod.changed differ.
  The column name is character varying(20) in analytics.people (dev), and character varying(30) in prod.changed.
  Both have 3 rows.
  3 rows only in analytics.people (dev), 3 only in prod.changed.
  By id: 1 key only in analytics.people (dev), 1 only in prod.changed, 2 in both with other values.
  The column name differs in 1 row.
  The column phone differs in 1 row.
  The column extra differs in 1 row.
  The column pledge differs in 1 row.
  Compared as text: extra.

id  column  analytics.people  prod.changed
──  ──────  ────────────────  ────────────
1   extra   {"a": 1}          {"a": 2}
1   pledge  10.50             null
2   name    Bo                Beau
2   phone   null              ***
`,
      stderr: '',
    })
  })

  it('compares numbers of other types without a loss, and other types as text; rows that repeat count', async () => {
    await project.query(
      "create table prod.lists as select id::bigint as id, pledge::double precision as pledge, case when active then 'true' else 'false' end::varchar(5) as active, born::timestamp as born from prod.people where id <> 2",
    )
    await project.query(`insert into prod.lists select * from prod.lists where id = 1`)
    await project.query('insert into prod.lists values (2, null, null, null)')
    expect(await project.run(['compare', 'people', '--with', 'prod.lists', '--exclude-columns', 'name,phone,extra,born'])).toEqual({
      exitCode: 1,
      stdout: `analytics.people (dev) and prod.lists differ.
  The column id is integer in analytics.people (dev), and bigint in prod.lists.
  The column pledge is numeric(10,2) in analytics.people (dev), and double precision in prod.lists.
  The column active is boolean in analytics.people (dev), and character varying(5) in prod.lists.
  analytics.people (dev) has 3 rows, prod.lists has 4.
  0 rows only in analytics.people (dev), 1 only in prod.lists.
  Compared as text: active.
  Rows were not compared by key: id repeats in prod.lists (1 of its values).

only in     times  id  pledge  active
──────────  ─────  ──  ──────  ──────
prod.lists  1      1   10.5    true
`,
      stderr: '',
    })
  })

  it('compares with a late-binding view, by the columns that it has at this moment', async () => {
    await project.query('create view prod.late as select id, name from prod.people with no schema binding')
    const { stdout, exitCode } = await project.run(['compare', 'people', '--with', 'prod.late', '--json'])
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      equal: false,
      columns: { onlyHere: ['phone', 'extra', 'pledge', 'active', 'born'], onlyThere: [], compared: ['id', 'name'] },
      rows: { here: 3, there: 3, onlyHere: 0, onlyThere: 0 },
    })
  })

  it('refuses what is not there, and what may not be read', async () => {
    expect(await project.run(['compare', 'people', '--with', 'prod.gone'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'error[cannot-compare]: There is no relation prod.gone in this database.\n  hint: Build it first, or correct the name.\n',
    })
  })
})
