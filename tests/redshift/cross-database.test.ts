import { describe, expect, it } from 'vitest'
import { createProject } from '../support/cli.ts'

const sources = `sources:
  old:
    database: Archive
    schema: public
    tables:
      voters: { columns: { id: { type: integer, tests: [unique] }, name: { type: varchar(20) } } }
`

describe('a source of another database on redshift', () => {
  it('is read by tables, late-binding views and tests, and checked before a run', async () => {
    await using project = await createProject('redshift', {
      files: {
        'models/sources.yml': sources,
        'models/voters.sql': `/*--- materialized: table ---*/\nselect id, name from {{source 'old' 'voters'}}`,
        'models/names.sql': `select v.name from {{source 'old' 'voters'}} as v join {{ref 'voters'}} as w on w.id = v.id`,
      },
    })
    await project.query(`create schema "archive.public"; create table "archive.public".voters (id integer, name varchar(20));
insert into "archive.public".voters values (1, 'Ana'), (2, 'Bo')`)
    const { exitCode, stdout, stderr } = await project.run(['build', 'source:old', 'voters', 'names'])
    expect({ exitCode, told: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, told: '' })
    expect(await project.query('select name from analytics.names order by 1')).toEqual([['Ana'], ['Bo']])
    expect(project.read('target/dev/compiled/models/voters.sql')).toContain('"archive"."public"."voters"')
    await project.query('alter table "archive.public".voters rename column name to called')
    const changed = await project.run(['build'])
    expect(changed.exitCode).toBe(2)
    expect(changed.stderr).toContain('archive.public.voters')
    await project.query('drop table "archive.public".voters; create table "archive.public".voter (id integer)')
    const gone = await project.run(['build'])
    expect(gone.exitCode).toBe(2)
    expect(gone.stderr).toContain('missing-source')
    expect(gone.stderr).toContain('hint: Did you mean `voter`? Correct its `relation`, or grant what is read in the database archive')
  })
})

it('a source of another database means nothing on other targets: it is its schema and name there, with its sample', async () => {
  await using project = await createProject('postgres', {
    files: {
      'models/sources.yml': sources.replace('voters: {', 'voters: { sample: seeds/samples/voters.csv,'),
      'seeds/samples/voters.csv': 'id,name\n1,Ana\n',
      'models/names.sql': `select name from {{source 'old' 'voters'}}`,
    },
  })
  const { exitCode, stdout, stderr } = await project.run(['build'])
  expect({ exitCode, told: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, told: '' })
  expect(await project.query('select name from analytics.names')).toEqual([['Ana']])
})
