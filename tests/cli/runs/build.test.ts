import { describe, expect, it } from 'vitest'
import { eventsOf, outcomesOf, steady, warehouses } from '../../support/cli.ts'
import { fieldFiles } from '../../support/field-project.ts'

const oids = `select relname, oid::text from pg_class where relnamespace = 'analytics'::regnamespace and relkind in ('r', 'v') order by relname`

describe.each(warehouses)('build on $type', ({ create }) => {
  it('says what was built, how long it took and where to look next', async () => {
    await using project = await create({
      files: { ...fieldFiles, 'exports/donors.yml': 'from: donors\norder_by: [supporter_id]\nto:\n  csv: { path: donors.csv }\n' },
    })
    const { exitCode, stdout, stderr } = await project.run(['build', '--threads', '1'])
    expect(exitCode).toBe(0)
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 10 nodes
      ✓ seed    analytics.raw_pledges                        3 rows, N ms
      ✓ seed    analytics.raw_supporters                     3 rows, N ms
      ✓ view    analytics.stg_pledges                        N ms
      ✓ view    analytics.stg_supporters                     N ms
      ✓ tests   analytics.stg_supporters                     2 tests passed, N ms
      ✓ test    relationships_stg_pledges_supporter_id       N ms
      ✓ table   analytics.donors                             2 rows, N ms
      ✓ test    unique_donors_supporter_id                   N ms
      ✓ csv     target/dev/exports/donors.csv                2 rows, preview: the target is not live, N ms
      "
    `)
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "
      Done in N ms: 2 seeds loaded, 3 models built, 4 tests passed, 1 export written.
      Exports
        target/dev/exports/donors.csv: 2 rows (preview: the target is not live)
      Next
        sqlflow show donors    its rows
        sqlflow graph +donors  what it is made from
        target/dev/            compiled SQL, run_results.json, manifest.json
      "
    `)
    expect(await project.query('select supporter_id, name, pledged from analytics.donors order by 1')).toEqual([
      ['1', 'Ana Ruiz', '35.00'],
      ['3', "Cy O'Neil", '5.00'],
    ])
    expect(await project.query(`select obj_description('analytics.donors'::regclass)`)).toEqual([
      ['Supporters who pledged.\nsqlflow: field/model:donors'],
    ])
  })

  it('swaps tables and keeps views when it runs again, and leaves nothing aside', async () => {
    await using project = await create({ files: fieldFiles })
    await project.run(['build'])
    const before = new Map((await project.query(oids)).map(([name, oid]) => [name, oid]))
    const { exitCode, stdout } = await project.run(['build', '--json'])
    expect(exitCode).toBe(0)
    expect(outcomesOf(stdout).map(({ notes }) => notes ?? [])).toEqual(outcomesOf(stdout).map(() => []))
    const after = await project.query(oids)
    expect(after.map(([name]) => name)).toEqual(['donors', 'raw_pledges', 'raw_supporters', 'stg_pledges', 'stg_supporters'])
    expect(after.filter(([name, oid]) => before.get(name ?? '') === oid).map(([name]) => name)).toEqual(['stg_pledges', 'stg_supporters'])
  })
})

describe.each(warehouses)('the advice at the end on $type', ({ create }) => {
  it('is to look at a model that is exported, whatever was built last', async () => {
    await using project = await create({
      files: {
        'models/call_list.sql': 'select 1 as supporter_id\n',
        'models/z_audit.sql': "select count(*) as calls from {{ref 'call_list'}}\n",
        'exports/calls.yml': 'from: call_list\nto: { csv: {} }\n',
      },
    })
    const { stdout } = await project.run(['build'])
    expect(stdout).toMatch(/^ {2}sqlflow show call_list {3}/m)
  })
})

describe('order', () => {
  it('starts a node as soon as its parents are done, the longest remaining path first, with tests as gates', async () => {
    await using project = await warehouses[0]!.create({
      files: {
        'models/short.sql': 'select 1 as turf_id\n',
        'models/slow.sql': '/*---\nmaterialized: table\n---*/\nselect 1 as turf_id from pg_sleep(0.6)\n',
        'models/quick.sql': '/*---\ncolumns:\n  turf_id: { tests: [not_null] }\n---*/\nselect 1 as turf_id\n',
        'models/after_quick.sql': "select * from {{ref 'quick'}}\n",
        'models/last.sql': "select q.turf_id from {{ref 'after_quick'}} as q join {{ref 'slow'}} as s using (turf_id)\n",
      },
    })
    const first = await project.run(['build', '--json', '--threads', '2'])
    const told = eventsOf(first.stdout).flatMap((event) =>
      event.type === 'node-started' || event.type === 'node-finished' ? [`${event.type.slice(5)} ${event.node}`] : [],
    )
    const at = (text: string): number => told.indexOf(text)
    expect(at('started model:after_quick')).toBeGreaterThan(at('finished test:not_null_quick_turf_id'))
    expect(at('started model:after_quick')).toBeLessThan(at('finished model:slow'))
    expect(at('started model:last')).toBeGreaterThan(at('finished model:slow'))
    const second = await project.run(['build', '--json', '--threads', '1'])
    expect(eventsOf(second.stdout).find(({ type }) => type === 'node-started')).toMatchObject({ node: 'model:slow' })
  })
})
