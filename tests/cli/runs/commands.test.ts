import { describe, expect, it } from 'vitest'
import { eventsOf, statusesOf, steady, everyWarehouse } from '../../support/cli.ts'
import { fieldFiles } from '../../support/field-project.ts'

describe.each(everyWarehouse)('commands and selectors on $type', ({ create }) => {
  it('do only their kind of node, and only what is selected', async () => {
    await using project = await create({
      files: { ...fieldFiles, 'exports/donors.yml': 'from: donors\nto:\n  csv: { path: donors.csv }\n' },
    })
    const ran = async (...args: readonly string[]): Promise<readonly string[]> =>
      statusesOf((await project.run([...args, '--json', '--threads', '1'])).stdout).toSorted()
    expect(await ran('seed')).toEqual(['success seed:raw_pledges', 'success seed:raw_supporters'])
    expect(await ran('run')).toEqual(['success model:donors', 'success model:stg_pledges', 'success model:stg_supporters'])
    expect(await ran('test')).toEqual([
      'success test:not_null_stg_supporters_supporter_id',
      'success test:relationships_stg_pledges_supporter_id',
      'success test:unique_donors_supporter_id',
      'success test:unique_stg_supporters_supporter_id',
    ])
    expect(await ran('run', 'donors')).toEqual(['success model:donors'])
    expect(await ran('run', '-s', '+donors', '-x', 'stg_pledges')).toEqual(['success model:donors', 'success model:stg_supporters'])
    expect(await ran('build', 'stg_pledges', '--full-refresh')).toEqual([
      'success model:stg_pledges',
      'success test:relationships_stg_pledges_supporter_id',
    ])
    expect(await ran('build', 'donors+', '--exclude', 'test_name:unique')).toEqual(['success export:donors', 'success model:donors'])
    expect(await ran('export')).toEqual(['success export:donors', 'success test:unique_donors_supporter_id'])
  })

  it('say that nothing was selected, and fail for it when asked', async () => {
    await using project = await create({ files: fieldFiles })
    const empty = await project.run(['build', 'donor'])
    expect(empty.exitCode).toBe(0)
    expect(steady(empty.stderr)).toMatchInlineSnapshot(`
      "warning[selector-matched-nothing]: Nothing matches \`donor\`.
        hint: Did you mean \`donors\`?

      1 warning
      sqlflow V build of field on dev: 0 nodes
      "
    `)
    expect(steady(empty.stdout)).toMatchInlineSnapshot(`
      "
      Done in N ms: nothing to do.
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json
      "
    `)
    const strict = await project.run(['build', 'donor', '--fail-on-empty'])
    expect(strict.exitCode).toBe(2)
    expect(steady(strict.stderr)).toMatchInlineSnapshot(`
      "error[selector-matched-nothing]: Nothing matches \`donor\`.
        hint: Did you mean \`donors\`?

      1 error
      "
    `)
    expect(strict.stdout).toBe('')
    const nothing = await project.run(['export'])
    expect(nothing.exitCode).toBe(0)
    expect(steady(nothing.stdout)).toMatchInlineSnapshot(`
      "
      Done in N ms: nothing to do.
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json
      "
    `)
  })

  it('print lines without colour where there is no terminal, less when quiet, and colours when forced', async () => {
    await using project = await create({
      files: { 'models/turf.sql': 'select 1 as turf_id\n', 'models/lists.sql': 'select no_such as list_id\n' },
    })
    const quiet = await project.run(['build', '--quiet', '--threads', '1'])
    expect(steady(quiet.stderr)).toMatchInlineSnapshot(`
      "✗ view    analytics.lists                              failed, N ms
          models/lists.sql:1:8 error[warehouse-error 42703]: column "no_such" does not exist
            1 | select no_such as list_id
              |        ^^^^^^^
      "
    `)
    expect(steady(quiet.stdout)).toMatchInlineSnapshot(`
      "
      Failed in N ms: 1 model built, 1 failed.
      Failed
        model lists (models/lists.sql:1:8): column "no_such" does not exist
      "
    `)
    const colour = '\u001B['
    const plain = await project.run(['build'])
    expect(plain.stdout + plain.stderr).not.toContain(colour)
    const forced = await project.run(['build', 'turf'], { env: { FORCE_COLOR: '1' } })
    expect(forced.stdout).toContain(colour)
    expect(forced.stderr).toContain(colour)
    for (const off of [{ NO_COLOR: '1' }, {}]) {
      const none = await project.run(['build', 'turf', ...('NO_COLOR' in off ? [] : ['--no-color'])], { env: { FORCE_COLOR: '1', ...off } })
      expect(none.stdout + none.stderr).not.toContain(colour)
    }
  })

  it('tell why rows cannot be shown, as JSON where that is asked for', async () => {
    await using project = await create({ files: { 'models/lists.sql': 'select\n  no_such as list_id\n' } })
    const { exitCode, stdout, stderr } = await project.run(['show', 'lists', '--json'])
    expect({ exitCode, stderr, told: JSON.parse(stdout) as unknown }).toEqual({
      exitCode: 1,
      stderr: '',
      told: {
        type: 'error',
        code: 'warehouse-error',
        message: 'column "no_such" does not exist',
        sqlState: '42703',
        place: {
          file: 'models/lists.sql',
          line: 2,
          column: 3,
          frame: '1 | select\n2 |   no_such as list_id\n  |   ^^^^^^^',
        },
      },
    })
  })

  it('tell GitHub where a failure is, and write JUnit XML', async () => {
    await using project = await create({
      files: {
        'models/turf.sql':
          '/*---\ncolumns:\n  name: { tests: [not_null, { accepted_values: { values: [a], severity: warn } }] }\n---*/\nselect \'x<y&"z"\' as name, null as b\n',
        'models/lists.sql': 'select\n  no_such as list_id\n',
        'models/pages.sql': "select * from {{ref 'lists'}}\n",
      },
    })
    const { exitCode, stdout } = await project.run(['build', '--threads', '1', '--junit', 'reports/junit.xml'], {
      env: { GITHUB_ACTIONS: 'true' },
    })
    expect(exitCode).toBe(1)
    expect(stdout.split('\n').filter((line) => line.startsWith('::'))).toMatchInlineSnapshot(`
      [
        "::error file=models/lists.sql,line=2,col=3,title=lists::column "no_such" does not exist",
        "::warning file=models/turf.sql,line=1,title=accepted_values_turf_name::1 of 1 row of \`turf\` has a \`name\` that is not one of a.",
      ]
    `)
    expect(project.read('reports/junit.xml')?.replaceAll(/time="[\d.]+"/g, 'time="N"')).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites tests="5" failures="0" errors="1" skipped="1" time="N">
        <testsuite name="model" tests="3" failures="0" errors="1" skipped="1" time="N">
          <testcase classname="model" name="turf" time="N"/>
          <testcase classname="model" name="lists" time="N">
            <error message="column &quot;no_such&quot; does not exist">models/lists.sql:2:3</error>
          </testcase>
          <testcase classname="model" name="pages" time="N">
            <skipped message="model lists failed"/>
          </testcase>
        </testsuite>
        <testsuite name="test" tests="2" failures="0" errors="0" skipped="0" time="N">
          <testcase classname="test" name="accepted_values_turf_name" time="N">
            <system-out>1 of 1 row of \`turf\` has a \`name\` that is not one of a.</system-out>
          </testcase>
          <testcase classname="test" name="not_null_turf_name" time="N"/>
        </testsuite>
      </testsuites>
      "
    `)
  })

  it('say why a report could not be written', async () => {
    await using project = await create({ files: { 'models/turf.sql': 'select 1 as turf_id\n' } })
    const { exitCode, stderr } = await project.run(['build', '--junit', 'models'])
    expect(exitCode).toBe(2)
    expect(steady(stderr).replaceAll(project.root, 'ROOT')).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 1 node
      ✓ view    analytics.turf                               N ms
      error[report-not-written]: ROOT/models was not written: a folder has this name.
        hint: What the run built stands; only the report of it is missing.
      "
    `)
  })

  it('tell a run as events, versioned and in order', async () => {
    await using project = await create({ files: fieldFiles })
    const { stdout, stderr } = await project.run(['build', '--json', '--threads', '1'])
    const events = eventsOf(stdout)
    expect(stderr).toBe('')
    expect(events.map(({ v, seq }) => [v, seq])).toEqual(events.map((_, index) => [1, index + 1]))
    expect(new Set(events.map(({ run }) => run)).size).toBe(1)
    expect(events.map((event) => ('node' in event ? `${event.type} ${event.node}` : event.type))).toMatchInlineSnapshot(`
      [
        "run-started",
        "node-started seed:raw_pledges",
        "node-finished seed:raw_pledges",
        "node-started seed:raw_supporters",
        "node-finished seed:raw_supporters",
        "node-started model:stg_pledges",
        "node-finished model:stg_pledges",
        "node-started model:stg_supporters",
        "node-finished model:stg_supporters",
        "node-started test:not_null_stg_supporters_supporter_id",
        "node-finished test:not_null_stg_supporters_supporter_id",
        "node-started test:relationships_stg_pledges_supporter_id",
        "node-finished test:relationships_stg_pledges_supporter_id",
        "node-started test:unique_stg_supporters_supporter_id",
        "node-finished test:unique_stg_supporters_supporter_id",
        "node-started model:donors",
        "node-finished model:donors",
        "node-started test:unique_donors_supporter_id",
        "node-finished test:unique_donors_supporter_id",
        "run-finished",
      ]
    `)
    expect(events.at(-1)).toMatchObject({
      type: 'run-finished',
      status: 'success',
      counts: { success: 9, warn: 0, fail: 0, error: 0, skipped: 0, cancelled: 0 },
    })
    expect(stdout).not.toMatch(/555-01|Ana Ruiz/)
  })
})
