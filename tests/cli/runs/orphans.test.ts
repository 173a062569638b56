/** What a project has built and no node builds any more: listed, and dropped when asked, by its stamps alone. */
import { describe, expect, it } from 'vitest'
import { createProject, warehouses, type CliProject } from '../../support/cli.ts'

const files = {
  'models/turf.sql': '/*---\nmaterialized: table\n---*/\nselect 1 as turf_id\n',
  'models/areas.sql': "select * from {{ref 'turf'}}\n",
  'models/lists.sql': "select * from {{ref 'areas'}}\n",
  'models/moved.sql': '/*---\nschema: staging\n---*/\nselect 1 as turf_id\n',
  'models/inlined.sql': 'select 1 as turf_id\n',
  'seeds/regions.csv': 'region_id\n1\n',
  'tests/no_turf.sql': "/*---\nstore_failures: true\nseverity: warn\n---*/\nselect * from {{ref 'turf'}}\n",
}

/** A project that was built, and then changed: `turf` and `regions` are all that it still builds where they are. */
async function changeAfterBuild(project: CliProject): Promise<void> {
  expect((await project.run(['build'])).exitCode).toBe(0)
  await project.query(`create schema theirs; create view theirs.regions as select region_id from analytics.regions;
create view theirs.areas as select turf_id from analytics.areas; create table analytics.by_hand (); create table theirs.stamped ();
comment on table theirs.stamped is 'sqlflow: phones/model:turf'; comment on table analytics.by_hand is 'Not a line of sqlflow: field/model:turf, nor at its end.';
create table analytics.turf__new_0123abcd_4567abcd (); comment on table analytics.turf__new_0123abcd_4567abcd is 'sqlflow: field/model:turf'`)
  for (const file of ['models/areas.sql', 'models/lists.sql', 'tests/no_turf.sql', 'seeds/regions.csv']) project.remove(file)
  project.write({
    'models/moved.sql': 'select 1 as turf_id\n',
    'models/inlined.sql': '/*---\nmaterialized: ephemeral\n---*/\nselect 1 as turf_id\n',
  })
}

const orphans = [
  'analytics.areas',
  'analytics.inlined',
  'analytics.lists',
  'analytics.regions',
  'analytics.turf__new_0123abcd_4567abcd',
  'analytics_failures.no_turf',
  'staging.moved',
]

const relationsOf = (project: CliProject): Promise<readonly (readonly (string | null)[])[]> =>
  project.query(
    `select relnamespace::regnamespace || '.' || relname from pg_class where relkind in ('r', 'v') and relnamespace::regnamespace::text ~ '^(analytics|theirs|staging)' order by 1`,
  )

describe.each(warehouses)('orphans on $type', ({ create }) => {
  it('are listed, and dropped after asking, without what others depend on', async () => {
    await using project = await create({ files })
    await changeAfterBuild(project)
    const listed = await project.run(['list', '--orphans', '--json'])
    const lines = listed.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Readonly<Record<string, unknown>> => JSON.parse(line))
    expect(lines.map((line) => String(line['relation'])).toSorted()).toEqual(orphans)
    expect(lines.find((line) => line['relation'] === 'analytics.areas')).toEqual({
      relation: 'analytics.areas',
      schema: 'analytics',
      name: 'areas',
      kind: 'view',
      node: 'model:areas',
      leftBehind: false,
      dependents: ['view analytics.lists', 'view theirs.areas'],
    })
    const before = await relationsOf(project)
    const unasked = await project.run(['clean', '--orphans'])
    expect([unasked.exitCode, unasked.stdout]).toEqual([2, ''])
    expect(unasked.stderr).toContain(
      'error[not-confirmed]: Nothing was dropped: `clean` asks before it drops 7 relations, and nobody can answer here.',
    )
    const questions: string[] = []
    const answer = (given: boolean | undefined) => ({
      prompts: { confirm: (message: string) => Promise.resolve((questions.push(message), given)) },
    })
    expect((await project.run(['clean', '--orphans'], answer(false))).exitCode).toBe(1)
    expect((await project.run(['clean', '--orphans'], answer(undefined))).exitCode).toBe(130)
    expect(await relationsOf(project)).toEqual(before)

    const { exitCode, stdout, stderr } = await project.run(['clean', '--orphans'], answer(true))
    expect(questions).toEqual(['Drop 7 relations?', 'Drop 7 relations?', 'Drop 7 relations?'])
    expect(exitCode).toBe(1)
    expect(stdout.split('\n').toSorted()).toEqual([
      '',
      'Dropped the table analytics.turf__new_0123abcd_4567abcd.',
      'Dropped the table analytics_failures.no_turf.',
      'Dropped the view analytics.inlined.',
      'Dropped the view analytics.lists.',
      'Dropped the view staging.moved.',
    ])
    expect(stderr.split('\n').filter((line) => line.startsWith('Kept'))).toEqual([
      'Kept the view analytics.areas: this depends on it: view theirs.areas.',
      'Kept the table analytics.regions: this depends on it: view theirs.regions.',
    ])
    await project.query('drop view theirs.regions; drop view theirs.areas')
    expect(await project.run(['clean', '--orphans', '--yes', '--json'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('"kept":[]'),
    })
    expect((await relationsOf(project)).flat()).toEqual(['analytics.by_hand', 'analytics.turf', 'theirs.stamped'])
    expect((await project.run(['list', '--orphans'])).stderr).toContain('There are no orphans')
    expect(await project.run(['clean', '--orphans'])).toMatchObject({ exitCode: 0, stdout: 'There was nothing to drop.\n' })
  })
})

describe.each(warehouses)('clean --schemas on $type', ({ create }) => {
  it('drops what the project built and the schemas that sqlflow made, and names what keeps one', async () => {
    await using project = await create({ files })
    expect(await project.run(['clean', '--schemas', '--yes'])).toEqual({ exitCode: 0, stdout: 'There was nothing to drop.\n', stderr: '' })
    await project.query('create schema staging')
    await changeAfterBuild(project)
    await project.query('drop view theirs.regions; drop view theirs.areas')
    const kept = await project.run(['clean', '--schemas', '--yes', '--json'])
    const told = JSON.parse(kept.stdout) as Readonly<Record<string, unknown>>
    expect(kept.exitCode).toBe(0)
    expect(told).toMatchObject({
      kept: [],
      droppedSchemas: ['analytics_failures'],
      keptSchemas: [{ schema: 'analytics', because: 'this is in it: table analytics.by_hand' }],
    })
    expect(await project.query(`select nspname from pg_namespace where nspname ~ '^(analytics|staging|theirs)' order by 1`)).toEqual([
      ['analytics'],
      ['staging'],
      ['theirs'],
    ])
    await project.query('drop table analytics.by_hand')
    expect((await project.run(['clean', '--schemas', '--yes'])).stdout).toBe('Dropped the schema analytics.\n')
    expect((await relationsOf(project)).flat()).toContain('theirs.stamped')
    expect((await project.run(['build'])).exitCode).toBe(0)
  })
})

describe('clean on a database of many', () => {
  const config = (person: string): string => `targets:
  dev: { type: postgres, url: "\${DATABASE_URL}", schema: dev_${person}, schema_pattern: "dev_${person}_{schema}" }
  prod: { type: postgres, url: "\${DATABASE_URL}", schema: analytics, protected: true }
`
  const yml = (person: string): string => `name: field\ndefault_target: dev\nenv: { DATABASE_URL: { secret: true } }\n${config(person)}`

  it('never touches other targets and other people, also where a name begins with another', async () => {
    await using project = await createProject('postgres', { files })
    for (const person of ['ana_b', 'ana']) {
      project.write({ 'sqlflow.yml': yml(person) })
      expect((await project.run(['build', '--exclude', 'no_turf'])).exitCode).toBe(0)
    }
    expect((await project.run(['run', '--target', 'prod', '--exclude', 'moved'], { env: { CI: 'true' } })).exitCode).toBe(0)
    project.remove('models/moved.sql')
    const { stdout, stderr } = await project.run(['list', '--orphans', '--json'])
    expect(stdout.match(/"relation":"[^"]+"/g)).toEqual(['"relation":"dev_ana_staging.moved"'])
    expect(stderr).toBe('Not looked at, since other targets or other people may build there: analytics, dev_ana_b, dev_ana_b_staging.\n')
    expect((await project.run(['clean', '--schemas', '--yes'])).exitCode).toBe(0)
    expect((await project.query(`select nspname from pg_namespace where nspname ~ '^(dev|analytics)' order by 1`)).flat()).toEqual([
      'analytics',
      'dev_ana_b',
      'dev_ana_b_staging',
    ])
    expect((await project.query('select turf_id::text from dev_ana_b_staging.moved')).flat()).toEqual(['1'])
    const refused = await project.run(['clean', '--schemas', '--target', 'prod', '--yes'])
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('error[clean-protected]')])
  })

  it('waits for a run that works on what it drops, and leaves what that has aside', async () => {
    const long = (rows: string): string =>
      `/*---\nmaterialized: table\n---*/\nselect n as turf_id from generate_series(1, ${rows}) as n where n < 2\n`
    await using project = await createProject('postgres', { files: { 'models/turf.sql': long('1') } })
    expect((await project.run(['build'])).exitCode).toBe(0)
    project.write({ 'models/turf.sql': long('2000000000') })
    const run = project.spawn(['build', '--json'])
    await run.prints(/node-started/)
    for (let active = 0; active === 0;) {
      const rows = await project.query(
        `select from pg_stat_activity where datname = current_database() and state = 'active' and query like '/* sqlflow run %2000000000%' and pid <> pg_backend_pid()`,
      )
      active = rows.length
    }
    const clean = project.spawn(['clean', '--schemas', '--yes'])
    await clean.prints(/waiting: Another run works on analytics\.turf: sqlflow:field:[0-9a-f]{8} \(build\), .*, at model:turf since/)
    run.kill('SIGINT')
    expect((await run.result).exitCode).toBe(130)
    const { exitCode, stdout } = await clean.result
    expect([exitCode, stdout]).toEqual([0, 'Dropped the table analytics.turf.\nDropped the schema analytics.\n'])
  })

  it('takes one thing at a time, and no selectors', async () => {
    await using project = await createProject('postgres', { files })
    expect((await project.run(['clean', '--orphans', '--schemas'])).stderr).toBe(
      'error[bad-usage]: `clean` takes one of `--orphans` and `--schemas` at a time.\n',
    )
    expect((await project.run(['list', 'turf', '--orphans'])).stderr).toContain('`--orphans` takes no selectors')
  })
})
