import { describe, expect, it } from 'vitest'
import { createProject, steady } from '../support/cli.ts'

describe('names with capitals on Redshift', () => {
  it('are those that the catalog keeps, of models, schemas, sources and kept failures', async () => {
    await using project = await createProject('redshift', {
      files: {
        'models/sources.yml': 'sources:\n  CRM:\n    tables:\n      Contacts: { columns: { ID: { tests: [not_null] } } }\n',
        'models/People.sql': `/*---
{ materialized: table, schema: Staging, primary_key: ID, columns: { ID: { description: DESCRIPTION, tests: [{ unique: { store_failures: true, severity: warn } }] } } }
---*/ select "ID" from {{source 'CRM' 'Contacts'}}`,
      },
    })
    await project.query('create schema crm')
    await project.query('create table crm.contacts (id int)')
    await project.query('insert into crm.contacts values (1), (1)')
    const model = project.read('models/People.sql')!
    for (const build of ['first', 'second']) {
      project.write({ 'models/People.sql': model.replace('DESCRIPTION', build) })
      const { exitCode, stderr } = await project.run(['build'])
      expect(steady(stderr)).toContain('✓ table   staging.people')
      expect(exitCode).toBe(0)
      expect(await project.query("select remarks from svv_redshift_columns where table_name = 'people'")).toEqual([[build]])
    }
    expect(await project.run(['compare', 'People', '--with', 'crm.contacts', '--key', 'ID'])).toMatchObject({
      exitCode: 0,
      stdout:
        'staging.people (dev) and crm.contacts are equal: 2 rows, 1 column.\n  Rows were not compared by key: id repeats in staging.people (1 of its values).\n',
    })
    expect(await project.query('select * from analytics_failures.unique_people_id')).toEqual([['1', '2']])
    expect((await project.run(['show', 'People', '--format', 'csv'])).stdout).toBe('id\n1\n1\n')
  })
})

describe('refs_from on Redshift', () => {
  it('reads what this target lacks from another', async () => {
    await using project = await createProject('redshift', {
      files: {
        'models/turf.sql': '/*--- { materialized: table } ---*/ select 1 as id',
        'models/turf_list.sql': "select id from {{ref 'turf'}}",
      },
      target: 'refs_from: prod',
      config: '  prod: { type: redshift, url: "${DATABASE_URL}", schema: Prod }\n',
    })
    expect(await project.run(['build', '-t', 'prod'])).toMatchObject({ exitCode: 0 })
    const { exitCode, stderr } = await project.run(['build', 'turf_list'])
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 1 node
      reads of target prod: prod.turf
      ✓ view    analytics.turf_list                          N ms
      "
    `)
    expect(exitCode).toBe(0)
    expect(await project.query('select id from analytics.turf_list')).toEqual([['1']])
  })
})
