import { describe, expect, it } from 'vitest'
import { createProject } from '../support/cli.ts'

describe('sqlflow build on redshift', () => {
  it('makes a table and a view', async () => {
    await using project = await createProject('redshift', {
      files: {
        'models/people.sql': "/*--- materialized: table ---*/\nselect 1 as id, 'Ana' as name",
        'models/names.sql': '/*--- materialized: view ---*/\nselect name from {{ref "people"}}',
      },
    })
    expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
    expect(await project.query('select name from analytics.names')).toEqual([['Ana']])
  })
})
