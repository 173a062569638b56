/** Relations that somebody else made, and the one flag by which a node takes them over. */
import { describe, expect, it } from 'vitest'
import { eventsOf, outcomesOf, warehouses } from '../../support/cli.ts'

const turf = (columns: string): string => `/*---\nmaterialized: table\ndescription: One row per turf.\n---*/\nselect ${columns}\n`
const files = {
  'models/turf.sql': turf('1 as turf_id'),
  'models/areas.sql': "select * from {{ref 'turf'}}\n",
  'models/cte.sql': '/*---\nmaterialized: ephemeral\n---*/\nselect 1 as n\n',
  'seeds/regions.csv': 'region_id\n1\n',
}

describe.each(warehouses)('--adopt on $type', ({ create }) => {
  it('takes over what others built, once, with its dependents', async () => {
    await using project = await create({ files })
    await project.query(`create schema analytics; create schema crm;
create table analytics.turf as select 7 as turf_id; comment on table analytics.turf is 'Made by hand.';
create view crm.turf as select turf_id from analytics.turf;
create table analytics.regions (region_id integer); comment on table analytics.regions is 'sqlflow: phones/seed:regions'`)
    const [[identity]] = (await project.query(`select 'crm.turf'::regclass::oid::text`)) as [[string]]
    const refused = await project.run(['build', 'turf'])
    expect(refused.stderr).toContain('`--adopt turf`')

    const { exitCode, stdout } = await project.run(['build', '--adopt', 'turf', '--adopt', 'regions', '--json'])
    expect(exitCode).toBe(0)
    expect(Object.fromEntries(outcomesOf(stdout).map(({ where, notes }) => [where, notes]))).toEqual({
      'analytics.regions': ['adopted: a table of the role postgres, which the project phones built as seed:regions'],
      'analytics.turf': ["adopted: a table of the role postgres, which this project did not build; its comment gave way to the node's"],
      'analytics.areas': [],
    })
    expect(await project.query(`select turf_id::text, 'crm.turf'::regclass::oid::text from crm.turf`)).toEqual([['1', identity]])
    expect(await project.query(`select obj_description('analytics.turf'::regclass)`)).toEqual([
      ['One row per turf.\nsqlflow: field/model:turf'],
    ])

    const again = await project.run(['run', 'turf', '--adopt', 'turf', '--json'])
    expect(again.exitCode).toBe(0)
    expect(eventsOf(again.stdout).flatMap((event) => (event.type === 'warning' ? [event.diagnostic] : []))).toMatchObject([
      { code: 'needless-adopt', message: "analytics.turf is this project's already: `--adopt turf` is not needed." },
    ])
    expect((await project.run(['build'])).exitCode).toBe(0)
  })

  it('loses nothing that stands in the way, and adopts no kind that is never built', async () => {
    await using project = await create({ files: { ...files, 'models/turf.sql': turf('2 as other') } })
    await project.query(`create schema analytics; create table analytics.turf as select 7 as turf_id; create view analytics.mine as select turf_id from analytics.turf;
create sequence analytics.areas`)
    const { exitCode, stdout } = await project.run(['build', 'turf', 'areas', '--adopt', 'turf', '--adopt', 'areas', '--json'])
    expect(exitCode).toBe(1)
    expect(outcomesOf(stdout).map(({ node, status, failure }) => [node, status, failure?.code])).toEqual([
      ['model:turf', 'error', 'swap-refused'],
      ['model:areas', 'skipped', undefined],
    ])
    const areas = await project.run(['build', 'areas', '--adopt', 'areas', '--json'])
    expect(outcomesOf(areas.stdout)[0]?.failure).toMatchObject({
      code: 'not-ours',
      message: expect.stringContaining('is a sequence'),
    })
    expect(await project.query('select turf_id::text from analytics.mine')).toEqual([['7']])
    await project.query('drop sequence analytics.areas; create materialized view analytics.areas as select 1 as turf_id')
    expect(await project.run(['build', 'areas', '--adopt', 'areas'])).toMatchObject({ exitCode: 0 })
  })

  it('refuses a name that selects nothing to adopt, before anything is built', async () => {
    await using project = await create({ files })
    const told = async (...args: readonly string[]): Promise<readonly [number | null, string]> => {
      const { exitCode, stderr } = await project.run(args)
      return [exitCode, stderr.replace(/^sqlflow .*\n/, '')]
    }
    expect(await told('build', '--adopt', 'truf')).toEqual([
      2,
      'error[unknown-node]: There is no model or seed `truf` that could adopt a relation.\n  hint: Did you mean `turf`?\n',
    ])
    expect(await told('build', '--adopt', 'cte')).toEqual([2, expect.stringContaining('error[unknown-node]')])
    const notBuilt =
      'error[nothing-to-adopt]: `--adopt turf` names a node that this command does not build.\n  hint: Select it too, or leave the flag out.\n'
    expect(await told('build', 'areas', '--adopt', 'turf')).toEqual([2, notBuilt])
    expect(await told('seed', '--adopt', 'turf')).toEqual([2, notBuilt])
    expect(await told('build', '--adopt', 'turf')).toEqual([
      2,
      'error[nothing-to-adopt]: There is no relation analytics.turf that `turf` could adopt.\n  hint: Leave `--adopt` out: the node creates it. Or check the target, and the schema and alias of the node.\n',
    ])
    expect(await project.query(`select count(*)::text from pg_class where relnamespace = 'analytics'::regnamespace`)).toEqual([['0']])
  })
})
