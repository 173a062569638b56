/** What a process does that a function cannot: signals, death, locks between invocations. */
import { randomInt } from 'node:crypto'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { createProject, statusesOf, steady, warehouses, type CliProject } from '../../support/cli.ts'

const waiting = /node-started","node":"model:long"/
const aside = `select relname from pg_class where relname ~ '__(new|old)_'`

const longFiles = {
  'models/quick.sql': '/*---\nmaterialized: table\n---*/\nselect 1 as turf_id\n',
  'models/long.sql':
    "/*---\nmaterialized: table\n---*/\nselect q.turf_id from {{ref 'quick'}} as q, generate_series(1, 2000000000) as n where n < 0\n",
  'models/below.sql': "select * from {{ref 'long'}}\n",
}

describe.each(warehouses)('A run on $type whose progress nobody reads', ({ create }) => {
  it('goes on to its end', async () => {
    await using project = await create({
      files: { 'models/quick.sql': 'select 1 as turf_id\n', 'models/below.sql': "select * from {{ref 'quick'}}\n" },
    })
    const command = project.spawn(['build'])
    command.child.stderr?.destroy()
    const { exitCode, stdout } = await command.result
    expect([exitCode, steady(stdout).split('\n')[1]]).toEqual([0, 'Done in N ms: 2 models built.'])
  })
})

describe.each(warehouses)('Ctrl-C on $type', ({ type, create }) => {
  it('cancels what runs in the server, reports what stands, and exits 130', async () => {
    await using project = await create({ files: longFiles })
    const command = project.spawn(['build', '--json'])
    await command.prints(waiting)
    command.kill('SIGINT')
    const { exitCode, stdout, stderr } = await command.result
    expect(stderr).toBe('')
    expect(exitCode).toBe(130)
    expect(statusesOf(stdout)).toEqual(['success model:quick', 'cancelled model:long', 'cancelled model:below'])
    expect(JSON.parse(project.read('target/dev/run_results.json') ?? '')).toMatchObject({ status: 'cancelled' })
    expect(await project.query(aside)).toEqual([])
    expect(await project.query('select turf_id from analytics.quick')).toEqual([['1']])
    const sessions = `select query from pg_stat_activity where datname = current_database() and application_name like 'sqlflow:%'`
    expect(type === 'postgres' ? await project.query(sessions) : []).toEqual([])

    const text = project.spawn(['build'])
    await text.prints(/analytics\.quick/)
    text.kill('SIGINT')
    const told = await text.result
    expect(told.exitCode).toBe(130)
    expect(steady(told.stdout)).toMatchInlineSnapshot(`
      "
      Cancelled in N ms: 1 model built, 2 skipped.
      Skipped
        2 nodes: the run was cancelled
      Next
        sqlflow show quick    its rows
        sqlflow graph +quick  what it is made from
        target/dev/           compiled SQL, run_results.json, manifest.json
      "
    `)
  })

  it('ends at once when it is pressed twice', async () => {
    await using project = await create({ files: longFiles })
    const command = project.spawn(['build', '--json'])
    await command.prints(waiting)
    command.kill('SIGINT')
    command.kill('SIGINT')
    expect((await command.result).exitCode).toBe(130)
  })
})

describe.each(warehouses)('kill -9 on $type', ({ type, create }) => {
  it('leaves each relation old or new, and the next build clears what is left', { timeout: 180_000 }, async () => {
    await using project = await create({ files: versioned(0) })
    const begun = performance.now()
    expect((await project.spawn(['build']).result).exitCode).toBe(0)
    const whole = Math.ceil(performance.now() - begun)
    for (let version = 1; version <= (type === 'postgres' ? 8 : 3); version++) {
      project.write(versioned(version))
      const command = project.spawn(['build', '--json'])
      const timer = setTimeout(() => command.kill('SIGKILL'), randomInt(Math.floor(whole / 3), whole))
      await command.result
      clearTimeout(timer)
      const oldOrNew = [version - 1, version].map((one) => `20000 rows of version ${one}`)
      for (const found of (await readVersions(project)).slice(0, 2)) expect(oldOrNew).toContain(found)
      const next = await project.spawn(['build']).result
      expect([next.exitCode, next.stderr]).toEqual([0, expect.not.stringMatching(/error|Warning/)])
      expect(await readVersions(project)).toEqual([oldOrNew[1], oldOrNew[1], '0 relations aside'])
    }
  })
})

function versioned(version: number): Readonly<Record<string, string>> {
  const table = (from: string): string => `/*---\nmaterialized: table\n---*/\nselect n, ${version} as version from ${from}\n`
  return {
    'models/supporters.sql': table('generate_series(1, 20000) as n'),
    'models/all_supporters.sql': "select * from {{ref 'supporters'}}\n",
    'models/pledges.sql': table("{{ref 'all_supporters'}}"),
  }
}

/** What the two tables hold; and, once nothing runs, what stands aside. */
async function readVersions(project: CliProject): Promise<readonly string[]> {
  const held = (name: string): string =>
    `(select count(*) || ' rows of version ' || string_agg(distinct version::text, ' and ') from analytics.${name})`
  const aside = `(select count(*) || ' relations aside' from pg_class where relname ~ '__(new|old)_')`
  const [row = []] = await project.query(`select ${held('supporters')}, ${held('pledges')}, ${aside}`)
  return row.map(String)
}

describe('two invocations', () => {
  it('on one schema of a server: a fix of one model runs beside the build of all, which is not at it', async () => {
    const fixed = (turf: number): string => `/*---\nmaterialized: table\n---*/\nselect ${turf} as turf_id\n`
    await using project = await createProject('postgres', { files: { ...longFiles, 'models/fixed.sql': fixed(1) } })
    const first = project.spawn(['build', '--json'])
    await isAt(project, 'model:long')
    project.write({ 'models/fixed.sql': fixed(2) })
    const fix = await project.run(['build', 'fixed', '--no-wait'])
    expect([fix.exitCode, fix.stderr]).toEqual([0, expect.not.stringMatching(/waiting|error/)])
    expect(await project.query('select turf_id from analytics.fixed')).toEqual([['2']])
    first.kill('SIGINT')
    expect((await first.result).exitCode).toBe(130)
  })

  it('at the same relation of a server: the second waits, or refuses, naming the first', async () => {
    await using project = await createProject('postgres', { files: longFiles })
    const first = project.spawn(['build', '--json'])
    await isAt(project, 'model:long')
    const refused = await project.run(['build', '--no-wait'])
    expect(refused.exitCode).toBe(2)
    expect(holderless(refused.stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 3 nodes
      error[relation-locked]: Another run works on analytics.long: sqlflow:field:RUN (build), role postgres from 127.0.0.1, process N, since THEN, at model:long since THEN.
        hint: Wait until it is done, or run without --no-wait.
      "
    `)
    project.write({ 'models/long.sql': "select * from {{ref 'quick'}}\n" })
    const second = project.spawn(['run', 'long'])
    await second.prints(/waiting: /)
    first.kill('SIGINT')
    expect((await first.result).exitCode).toBe(130)
    const { exitCode, stderr } = await second.result
    expect(holderless(stderr)).toMatchInlineSnapshot(`
      "sqlflow V run of field on dev: 1 node
      waiting: Another run works on analytics.long: sqlflow:field:RUN (build), role postgres from 127.0.0.1, process N, since THEN, at model:long since THEN.
      ✓ view    analytics.long                               N ms
      "
    `)
    expect(exitCode).toBe(0)
  })

  it('waiting for one another, stop waiting at Ctrl-C', async () => {
    await using project = await createProject('postgres', { files: longFiles })
    const first = project.spawn(['build', '--json'])
    await isAt(project, 'model:long')
    const second = project.spawn(['build', 'long'])
    await second.prints(/waiting: /)
    second.kill('SIGINT')
    const { exitCode, stdout } = await second.result
    expect(exitCode).toBe(130)
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "
      Cancelled in N ms: 1 skipped.
      Skipped
        1 node: the run was cancelled
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json
      "
    `)
    first.kill('SIGINT')
    await first.result
  })

  it('wait for nobody who has been killed, and for the statement that he has left only until the server ends it', async () => {
    await using project = await createProject('postgres', { files: longFiles })
    const first = project.spawn(['build', '--json'])
    await isAt(project, 'model:long')
    first.kill('SIGKILL')
    await first.result
    project.write({ 'models/long.sql': "select * from {{ref 'quick'}}\n" })
    expect((await project.run(['build'])).exitCode).toBe(0)
    expect(await project.query(aside)).toEqual([])
  })

  it('that begin at the same moment, on a database without their schemas, both succeed', async () => {
    const models = (from: number): [string, string][] =>
      Array.from({ length: 8 }, (_, index) => [
        `models/turf_${from + index}.sql`,
        `/*---\nschema: area_${index}\n---*/\nselect ${index} as turf_id\n`,
      ])
    await using project = await createProject('postgres', { files: Object.fromEntries([...models(0), ...models(8)]) })
    const runs = ['1', '2', '3', '4'].map((threads) => project.spawn(['build', '--threads', threads]))
    const results = await Promise.all(runs.map((run) => run.result))
    expect(results.map(({ exitCode, stderr }) => [exitCode, /error|✗/.test(stderr)])).toEqual(runs.map(() => [0, false]))
    const stamps = `select distinct obj_description(oid, 'pg_namespace') from pg_namespace where nspname ~ '^area_'`
    expect(await project.query(stamps)).toEqual([['sqlflow: field/schema:analytics']])
  })

  it('on one embedded database: the second waits, or refuses, naming the first', async () => {
    await using project = await createProject('pglite', { files: longFiles })
    const first = project.spawn(['build', '--json'])
    await first.prints(waiting)
    const refused = await project.run(['build', 'quick', '--no-wait'])
    expect(refused.exitCode).toBe(2)
    expect(holderless(refused.stderr).replaceAll(project.root, 'ROOT')).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 1 node
      error[warehouse-locked]: The embedded database in ROOT/.sqlflow/pglite/dev is open in process N (main build) since THEN.
        hint: Wait for it to end, or stop it.
      "
    `)
    const second = project.spawn(['build', 'quick'])
    await second.prints(/waiting: /)
    first.kill('SIGINT')
    await first.result
    const { exitCode, stderr } = await second.result
    expect(holderless(stderr).replaceAll(project.root, 'ROOT')).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 1 node
      waiting: The embedded database in ROOT/.sqlflow/pglite/dev is open in process N (main build) since THEN.
      ✓ table   analytics.quick                              1 row, N ms
      "
    `)
    expect(exitCode).toBe(0)
  })
})

function holderless(text: string): string {
  return steady(text)
    .replaceAll(/sqlflow:field:[0-9a-f]{8}/g, 'sqlflow:field:RUN')
    .replaceAll(/process \d+/g, 'process N')
    .replaceAll(/since [\d-]+ [\d:]+(\+00| UTC|Z)/g, 'since THEN')
}

describe('a connection that is lost in the middle', () => {
  it('fails the node that it ran for, in words, and the others go on', async () => {
    await using project = await createProject('postgres', { files: longFiles })
    const command = project.spawn(['build'])
    await command.prints(/analytics\.quick/)
    await endSession(project)
    const { exitCode, stdout, stderr } = await command.result
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 3 nodes
      ✓ table   analytics.quick                              1 row, N ms
      ✗ table   analytics.long                               failed, N ms
          error[warehouse-error 57P01]: terminating connection due to administrator command
            hint: The server was stopped, or somebody ended this session. Run the command again.
      - model   below                                        skipped: model long failed
      "
    `)
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "
      Failed in N ms: 1 model built, 1 failed, 1 skipped.
      Failed
        model long (models/long.sql): terminating connection due to administrator command
      Skipped
        1 node: model long failed
      Next
        sqlflow build long+  once it is mended: it, and what was skipped below
        target/dev/          compiled SQL, run_results.json, manifest.json
      "
    `)
    expect(exitCode).toBe(1)
  })

  it('fails every test that its session had yet to answer', async () => {
    await using project = await createProject('postgres', {
      files: {
        'models/turf.sql': `/*---
columns:
  turf_id:
    tests:
      - expression: "(select count(*) from generate_series(1, 2000000000) as n where n < {{column}} - 1) = 0"
      - not_null
---*/
select 1 as turf_id
`,
        'models/below.sql': "select * from {{ref 'turf'}}\n",
      },
    })
    const command = project.spawn(['build', '--json'])
    await command.prints(/node-started","node":"test:not_null/)
    await endSession(project)
    const { exitCode, stdout, stderr } = await command.result
    expect(stderr).toBe('')
    expect(exitCode).toBe(1)
    expect(statusesOf(stdout)).toEqual([
      'success model:turf',
      'error test:expression_turf_turf_id',
      'error test:not_null_turf_turf_id',
      'skipped model:below',
    ])
  })
})

/** Ends the session that works on a long statement, as an administrator would. */
async function endSession(project: CliProject): Promise<void> {
  const client = new Client({ connectionString: project.url })
  await client.connect()
  for (let ended = 0; ended === 0;) {
    const { rowCount } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%generate_series%' and pid <> pg_backend_pid() and state = 'active'`,
    )
    ended = rowCount ?? 0
  }
  await client.end()
}

/** Resolves once a run works on the relation of the node. */
async function isAt(project: CliProject, node: string): Promise<void> {
  for (;;) {
    const rows = await project.query(
      `select from pg_stat_activity where datname = current_database() and state = 'active' and query like '/* sqlflow run %, ${node} */%' and pid <> pg_backend_pid()`,
    )
    if (rows.length > 0) return
  }
}
