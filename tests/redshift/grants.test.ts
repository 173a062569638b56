import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliProject, createProject } from '../support/cli.ts'

const [ana, analysts, reporting] = [`Ana_${process.pid}`, `analysts_${process.pid}`, `reporting_${process.pid}`]

let project: CliProject

beforeAll(async () => {
  project = await createProject('redshift', {
    files: {
      'models/people.sql': `/*---
materialized: table
grants: { select: [group ${analysts}, role ${reporting}, ${ana.toLowerCase()}], insert: role ${reporting} }
columns: { id: { tests: [{ unique: { store_failures: true, severity: warn } }] } }
---*/
select 1 as id union all select 1`,
      'models/names.sql': `/*--- { materialized: view, grants: { select: group ${analysts} } } ---*/ select id from {{ref 'people'}}`,
    },
  })
  for (const sql of [`create user ${ana} password 'test'`, `create group ${analysts}`, `create role ${reporting}`]) await project.query(sql)
})

afterAll(async () => {
  await project.query(`drop owned by ${ana}, ${analysts}, ${reporting}`)
  for (const sql of [`drop user ${ana}`, `drop group ${analysts}`, `drop role ${reporting}`]) await project.query(sql)
  await project[Symbol.asyncDispose]()
})

async function privileges(relation: string): Promise<readonly string[]> {
  const rows = await project.query(
    `select privilege_type, identity_type, identity_name from svv_relation_privileges where namespace_name = 'analytics' and relation_name = '${relation}'`,
  )
  return rows.map((row) => row.join(' ').replace(`_${process.pid}`, '')).toSorted()
}

const granted = ['INSERT role reporting', 'SELECT group analysts', 'SELECT role reporting', 'SELECT user ana']

describe('grants on Redshift', () => {
  it('go to users, groups and roles, and stay through rebuilds with what was granted by hand', async () => {
    expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
    expect(await privileges('people')).toEqual(granted)
    expect(await privileges('names')).toEqual(['SELECT group analysts'])
    await project.query(`grant delete on analytics.people to group ${analysts}`)
    await project.query('grant select on analytics.names to public')
    expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
    expect(await privileges('people')).toEqual(['DELETE group analysts', ...granted])
    expect(await privileges('names')).toEqual(['SELECT group analysts', 'SELECT public public'])
  })

  it('keep failing rows of tests where asked', async () => {
    expect(await project.query('select * from analytics_failures.unique_people_id')).toEqual([['1', '2']])
  })
})
