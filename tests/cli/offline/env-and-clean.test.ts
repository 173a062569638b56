import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFieldProject } from './field-project.ts'

describe('sqlflow env', () => {
  it('lists every variable, where it is declared and whether it is set, and no value', async () => {
    await using project = await createFieldProject()
    expect(await project.run(['env'], { env: { DATABASE_PASSWORD: 'walk-the-turf' } })).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `name               state              secret  targets  declared
─────────────────  ─────────────────  ──────  ───────  ───────────────
REGION             set (.env)                 all      sqlflow.yml:4:3
DATABASE_PASSWORD  set (environment)  secret  prod     sqlflow.yml:5:3
`,
    })
  })

  it('exits with 2 when one that the target needs is missing', async () => {
    await using project = await createFieldProject()
    const { exitCode, stdout } = await project.run(['env', '--target', 'prod'])
    expect(exitCode).toBe(2)
    expect(stdout).toContain('DATABASE_PASSWORD  missing     secret  prod     sqlflow.yml:5:3\n')
  })

  it('prints a variable a line with --json', async () => {
    await using project = await createFieldProject()
    const { stdout } = await project.run(['env', '--json'])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(lines).toEqual([
      { name: 'REGION', secret: false, declaredAt: 'sqlflow.yml:4:3', isSet: true, from: '.env', needed: true },
      {
        name: 'DATABASE_PASSWORD',
        secret: true,
        targets: ['prod'],
        description: 'Of the reporting login.',
        declaredAt: 'sqlflow.yml:5:3',
        isSet: false,
        needed: false,
      },
    ])
  })

  it('tells what is wrong with sqlflow.yml, and nothing that is wrong elsewhere', async () => {
    await using project = await createFieldProject({ 'models/marts/turf_list.sql': "select * from {{ref 'nothing'}}" })
    expect((await project.run(['env'])).exitCode).toBe(0)
    expect(await project.run(['env', '--target', 'prdo'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'error[unknown-target]: There is no target `prdo`.\n  hint: Did you mean `prod`?\n\n1 error\n',
    })
    project.write({ 'sqlflow.yml': 'name: [\n' })
    const { exitCode, stdout, stderr } = await project.run(['env'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^sqlflow\.yml:\d+:\d+ error\[bad-yaml\]: [^]*\n\n1 error\n$/)
  })

  it('says where variables are declared when there are none', async () => {
    await using project = await createFieldProject({ 'sqlflow.yml': 'name: field\n', 'models/marts/turf_list.sql': 'select 1 as n\n' })
    project.remove('models/staging')
    const { stdout, exitCode } = await project.run(['env'])
    expect({ stdout, exitCode }).toEqual({
      exitCode: 0,
      stdout: 'The project declares no environment variables: `env:` in sqlflow.yml is where they go.\n',
    })
  })
})

describe('sqlflow clean', () => {
  it('removes what was written, and says what', async () => {
    await using project = await createFieldProject()
    await project.run(['compile'])
    expect(await project.run(['clean'])).toEqual({ exitCode: 0, stdout: 'Removed target, .sqlflow/cache.\n', stderr: '' })
    expect(await project.run(['clean'])).toEqual({ exitCode: 0, stdout: 'There was nothing to remove.\n', stderr: '' })
    expect(project.filesIn('models')).toEqual(['marts/turf_list.sql', 'staging/stg_supporters.sql'])
  })

  it('leaves the embedded database, unless it is asked for', async () => {
    await using project = await createFieldProject({ '.sqlflow/pglite/local/PG_VERSION': '18\n' })
    await project.run(['compile'])
    expect(JSON.parse((await project.run(['clean', '--json'])).stdout)).toEqual({ removed: ['target', '.sqlflow/cache'] })
    expect(project.filesIn('.sqlflow')).toEqual(['pglite/local/PG_VERSION'])
    expect(JSON.parse((await project.run(['clean', '--database', '--json'])).stdout)).toEqual({ removed: ['.sqlflow'] })
  })

  it('refuses while the embedded database is open', async () => {
    await using project = await createFieldProject()
    mkdirSync(join(project.root, '.sqlflow', 'pglite'), { recursive: true })
    const { lockDirectory } = await import('../../../src/warehouses/pglite/directory-lock.ts')
    using _lock = await lockDirectory({ directory: join(project.root, '.sqlflow', 'pglite', 'dev'), timeout: 0, onWait: () => {} })
    const { exitCode, stderr } = await project.run(['clean', '--database'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^error\[warehouse-locked\]: The embedded database is open in another process: .*\n {2}hint: Wait for it to end, or stop it\.\n$/,
    )
    expect(project.filesIn('.sqlflow')).not.toEqual([])
  })
})
