import { describe, expect, it } from 'vitest'
import { createProject, warehouses } from '../../support/cli.ts'

const head = (keys: string): string => `/*---\n${keys}\n---*/\n`
const people = (columns: string): string => `${head('materialized: table')}select ${columns}`
const totals = `${head('materialized: materialized_view\nindexes: [{ columns: [state], unique: true }]\ngrants: { select: [public] }')}select state, count(*) as people from {{ref 'people'}} group by state`

describe.each(warehouses)('A materialized view on $type', ({ create }) => {
  it('is built anew under its name, with what stands on it', async () => {
    await using project = await create({
      files: { 'models/people.sql': people(`1 as id, 'GA' as state`), 'models/totals.sql': totals },
    })
    expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
    await project.query('create view analytics.seen as select people from analytics.totals')
    project.write({ 'models/people.sql': people(`g as id, 'GA' as state from generate_series(1, 3) g`) })
    expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
    expect(await project.query('select people from analytics.seen')).toEqual([['3']])
    expect(
      await project.query(
        `select relname, relkind, relacl::text like '%=r/%' from pg_class where relnamespace = 'analytics'::regnamespace and relkind in ('r', 'm') order by 1`,
      ),
    ).toEqual([
      ['people', 'r', null],
      ['totals', 'm', 't'],
    ])
    expect(await project.query(`select count(*) from pg_indexes where tablename = 'totals' and indexdef like '%UNIQUE%'`)).toEqual([['1']])
  })

  it('stays on the old table until its own turn, where the table loses a column that it reads', async () => {
    await using project = await create({
      files: { 'models/people.sql': people(`1 as id, 'GA' as state`), 'models/totals.sql': totals },
    })
    expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
    project.write({
      'models/people.sql': people(`1 as id, 'PA' as region`),
      'models/totals.sql': totals.replace('[state]', '[region]').replaceAll('state', 'region'),
    })
    expect(await project.run(['build', '-s', 'people'])).toMatchObject({ exitCode: 1 })
    expect(await project.query('select state, people from analytics.totals')).toEqual([['GA', '1']])
    expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
    expect(await project.query('select region, people from analytics.totals')).toEqual([['PA', '1']])
    expect(await project.query(`select count(*) from pg_class where relname like '%\\_\\_old\\_%'`)).toEqual([['0']])
  })
})

describe('A materialized view', () => {
  it('becomes a table or a view, and the other way round', async () => {
    await using project = await createProject('postgres', {
      files: { 'models/totals.sql': `${head('materialized: materialized_view')}select 1 as n` },
    })
    for (const materialized of ['materialized_view', 'table', 'materialized_view', 'view', 'materialized_view']) {
      project.write({ 'models/totals.sql': `${head(`materialized: ${materialized}`)}select 1 as n` })
      expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
      expect(await project.query(`select relkind from pg_class where relname = 'totals'`)).toEqual([
        [{ materialized_view: 'm', table: 'r', view: 'v' }[materialized]],
      ])
    }
  })

  it('has no primary key, which is told where it is written', async () => {
    await using project = await createProject('postgres', {
      files: { 'models/totals.sql': `${head('materialized: materialized_view\nprimary_key: n')}select 1 as n` },
    })
    expect(await project.run(['build'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('models/totals.sql:3:1 error[useless-key]'),
    })
  })
})
