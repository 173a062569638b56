import { describe, expect, it } from 'vitest'
import { eventsOf, steady, warehouses, type CliProject, type Files, type Warehouse } from '../../support/cli.ts'

const models: Files = {
  'seeds/raw_turf.csv': 'turf_id,area\n1,North\n2,South\n',
  'models/stg_turf.sql': "/*---\nschema: staging\n---*/\nselect turf_id, area from {{ref 'raw_turf'}}\n",
  'models/northern.sql': "/*---\nmaterialized: ephemeral\n---*/\nselect turf_id from {{ref 'stg_turf'}} where area = 'North'\n",
  'models/turf_list.sql': `/*---
materialized: table
columns:
  turf_id:
    tests: [relationships: { to: stg_turf, field: turf_id }]
---*/
select turf_id from {{ref 'northern'}}
`,
}

async function createTeam({ type, create }: Warehouse): Promise<CliProject> {
  const connection = type === 'postgres' ? 'url: "${DATABASE_URL}"' : 'path: shared_database'
  const project = await create({ files: models })
  project.write({
    'sqlflow.yml': `name: field
default_target: dev
env: { ${type === 'postgres' ? 'DATABASE_URL: { secret: true }, ' : ''}DEVELOPER: { targets: [dev] } }
targets:
  dev: { type: ${type}, ${connection}, schema: "dev_\${DEVELOPER}", schema_pattern: "dev_\${DEVELOPER}_{schema}", refs_from: prod }
  prod: { type: ${type}, ${connection}, schema: analytics }
`,
  })
  return project
}

const ana = { env: { DEVELOPER: 'ana' } }

describe.each(warehouses)('refs_from on $type', (warehouse) => {
  it('builds one model from the parents of production, and says which it read', async () => {
    await using project = await createTeam(warehouse)
    await project.run(['build', '-t', 'prod'])
    const { exitCode, stderr } = await project.run(['build', 'turf_list'], ana)
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 2 nodes
      reads of target prod: staging.stg_turf
      ✓ table   dev_ana.turf_list                            1 row, N ms
      ✓ test    relationships_turf_list_turf_id              N ms
      "
    `)
    expect(exitCode).toBe(0)
    const { stdout } = await project.run(['build', 'turf_list', '--json'], ana)
    expect(eventsOf(stdout).find((event) => event.type === 'refs-redirected')).toMatchObject({
      target: 'prod',
      reads: [{ node: 'model:stg_turf', relation: 'staging.stg_turf' }],
    })
    expect((await project.run(['show', 'turf_list', '--format', 'csv'], ana)).stdout).toBe('turf_id\n1\n')
    const inline = await project.run(['show', '--format', 'csv', '--inline', "select count(*) as n from {{ref 'raw_turf'}}"], ana)
    expect(inline).toEqual({ exitCode: 0, stdout: 'n\n2\n', stderr: 'Reads of target prod: analytics.raw_turf\n' })
  })

  it('reads what stands in the own schema, and what the same run builds', async () => {
    await using project = await createTeam(warehouse)
    await project.run(['build', '-t', 'prod'])
    project.write({ 'seeds/raw_turf.csv': 'turf_id,area\n1,North\n2,South\n3,North\n' })
    const whole = await project.run(['build', '--json'], ana)
    expect(eventsOf(whole.stdout).filter((event) => event.type === 'refs-redirected')).toEqual([])
    const again = await project.run(['build', 'turf_list', '--json'], ana)
    expect(eventsOf(again.stdout).filter((event) => event.type === 'refs-redirected')).toEqual([])
    expect((await project.run(['show', 'turf_list', '--format', 'csv'], ana)).stdout).toBe('turf_id\n1\n3\n')
  })

  it('leaves a node that is missing in both to the error that names it', async () => {
    await using project = await createTeam(warehouse)
    const { exitCode, stderr } = await project.run(['run', 'turf_list'], ana)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('relation "dev_ana_staging.stg_turf" does not exist')
    expect(stderr).toContain('`stg_turf` is not built on this target yet: `sqlflow build +stg_turf` builds it, with all that it reads.')
  })

  it('never tests the relation of another target in the place of one that is selected', async () => {
    await using project = await createTeam(warehouse)
    await project.run(['build', '-t', 'prod'])
    const { exitCode, stderr } = await project.run(['test', 'turf_list'], ana)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('relation "dev_ana.turf_list" does not exist')
  })
})
