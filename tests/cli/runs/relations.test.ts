import { describe, expect, it } from 'vitest'
import { outcomesOf, steady, warehouses } from '../../support/cli.ts'

const supporters = (materialized: string, extra = ''): string =>
  `/*---\nmaterialized: ${materialized}\n---*/\nselect 1 as supporter_id, 'Ana Ruiz' as name${extra}\n`

describe.each(warehouses)('relations on $type', ({ create }) => {
  it('change from table to view and back, with what reads them', async () => {
    await using project = await create({
      files: { 'models/supporters.sql': supporters('table'), 'models/names.sql': "select name from {{ref 'supporters'}}\n" },
    })
    for (const [materialized, kind] of [
      ['table', 'r'],
      ['view', 'v'],
      ['table', 'r'],
    ] as const) {
      project.write({ 'models/supporters.sql': supporters(materialized) })
      const { exitCode, stdout } = await project.run(['build', '--json'])
      expect([exitCode, outcomesOf(stdout).map((one) => one.failure?.message)]).toEqual([0, [undefined, undefined]])
      const found = await project.query(`select name, (select relkind::text from pg_class where oid = 'analytics.supporters'::regclass),
  (select count(*) from pg_class where relname ~ '__(new|old)_') from analytics.names`)
      expect(found).toEqual([['Ana Ruiz', kind, '0']])
    }
  })

  it('say in their line which column is gone', async () => {
    await using project = await create({ files: { 'models/supporters.sql': supporters('view', ", 'PA' as state") } })
    await project.run(['build'])
    project.write({ 'models/supporters.sql': supporters('view') })
    const { stderr } = await project.run(['build'])
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 1 node
      ✓ view    analytics.supporters                         The column state is gone, N ms
      "
    `)
  })

  it('that are not ours are refused, and stay', async () => {
    await using project = await create({ files: { 'models/supporters.sql': supporters('table') } })
    await project.query(`create schema analytics; create table analytics.supporters as select 'theirs' as note`)
    const { exitCode, stderr } = await project.run(['build'])
    expect(exitCode).toBe(1)
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 1 node
      ✗ model   supporters                                   failed, N ms
          error[not-ours]: analytics.supporters is a table of the role postgres. This project did not build it, so it is not replaced.
            hint: Rename it, or give the node another name with \`alias\`. To replace it by this node, once: \`--adopt supporters\`.
      "
    `)
    expect(await project.query('select note from analytics.supporters')).toEqual([['theirs']])
  })

  it('keep the views and grants of others through a rebuild', async () => {
    await using project = await create({ files: { 'models/supporters.sql': supporters('table') } })
    await project.run(['build'])
    const role = `reporting_${project.url === undefined ? 'team' : new URL(project.url).pathname.slice(-6)}`
    await project.query(`create role ${role}; create schema theirs; create view theirs.names as select name from analytics.supporters;
grant usage on schema theirs to ${role}; grant select on theirs.names to ${role}; grant select on analytics.supporters to ${role}`)
    const before = await project.query(
      `select 'theirs.names'::regclass::oid::text, relacl::text from pg_class where oid = 'theirs.names'::regclass`,
    )
    project.write({ 'models/supporters.sql': supporters('table', ", 'PA' as state") })
    const { exitCode, stderr } = await project.run(['build'])
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 1 node
      ✓ table   analytics.supporters                         1 row, N ms
      "
    `)
    expect(exitCode).toBe(0)
    expect(
      await project.query(`select 'theirs.names'::regclass::oid::text, relacl::text from pg_class where oid = 'theirs.names'::regclass`),
    ).toEqual(before)
    expect(await project.query(`select has_table_privilege('${role}', 'analytics.supporters', 'select')::text`)).toEqual([['true']])
    expect(await project.query('select state from analytics.supporters')).toEqual([['PA']])

    project.write({ 'models/supporters.sql': '/*---\nmaterialized: table\n---*/\nselect 1 as supporter_id\n' })
    const refused = await project.run(['build'])
    expect(refused.exitCode).toBe(1)
    expect(steady(refused.stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 1 node
      ✗ model   supporters                                   failed, N ms
          error[swap-refused]: analytics.supporters was not replaced, and is as it was:
            view theirs.names uses the column name, which the new version does not have
            hint: Change or drop what is named, then build again; \`--drop-dependents theirs.names\` drops it in the same transaction. With the same columns as before, the table would be written in place where that is safe.
      "
    `)
    expect(await project.query('select name from theirs.names')).toEqual([['Ana Ruiz']])
    await project.query(`drop view theirs.names; drop owned by ${role}; drop role ${role}`)
  })
})
