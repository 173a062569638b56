import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { postText } from '../../../src/cli/reporters/failure-webhook.ts'
import { createProject, outcomesOf, runHere } from '../../support/cli.ts'
import { createTemporaryFolder } from '../../support/databases.ts'
import { startSheets } from '../../support/sheets.ts'

interface Webhook extends AsyncDisposable {
  /** Ends in what must not be told. */
  readonly url: string
  readonly bodies: readonly string[]
}

/** A webhook that gives these answers in turn, the last one again and again; `silence` is none at all. */
async function openWebhook(...answers: readonly (number | 'silence')[]): Promise<Webhook> {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    bodies.push(await text(request))
    const answer = answers[bodies.length - 1] ?? answers.at(-1) ?? 200
    if (answer !== 'silence') response.writeHead(answer, answer === 302 ? { location: '/elsewhere' } : {}).end('ok')
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/services/canary-token`,
    bodies,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const files = {
  'models/supporters.sql': "select * from (values (1, 'Ana Ruiz', '202-555-0101'), (2, null, null)) as s (supporter_id, name, phone)\n",
  'models/events.sql': 'select 1 as event_id\n',
  'models/turf.sql': "select supporter_id, nmae\nfrom {{ref 'supporters'}}\n",
  'models/marts.yml': 'models:\n  supporters:\n    columns:\n      name: { tests: [{ not_null: { severity: warn } }] }\n',
  'exports/turf_list.yml': 'from: turf\nto:\n  csv: { path: turf.csv }\n',
  'exports/events_list.yml': 'from: events\nto:\n  csv: { path: events.csv }\n',
}
const github = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'field/data', GITHUB_RUN_ID: '4821' }

describe('the webhook of a run that failed', () => {
  it('is told in one line which node failed, why, and which exports were not updated', async () => {
    await using project = await createProject('pglite', { files, target: 'exports: live' })
    await using webhook = await openWebhook(200)
    const { exitCode, stdout, stderr } = await project.run(['build'], { env: { ...github, SQLFLOW_FAILURE_WEBHOOK: webhook.url } })
    expect(exitCode).toBe(1)
    expect(webhook.bodies).toEqual([
      JSON.stringify({
        text: 'sqlflow build of field on dev failed: model turf, models/turf.sql:1:22: column "nmae" does not exist. Not updated: turf_list. https://github.com/field/data/actions/runs/4821',
      }),
    ])
    expect(stdout + stderr).not.toContain('canary-token')
  })

  it('names the sheets that were not updated, and those that were in part', async () => {
    await using webhook = await openWebhook(200)
    await using sheets = await startSheets()
    const account = sheets.emulator.serviceAccount().client_email
    sheets.emulator.createSpreadsheet({ id: 'spreadsheet-1', title: 'North turf', tabs: ['Turf'], sharedWith: [account] })
    sheets.emulator.createSpreadsheet({ id: 'spreadsheet-2', title: 'South turf', tabs: ['Turf'] })
    const regions = "select * from (values ('spreadsheet-1'), ('spreadsheet-2')) as s (sheet)"
    await using project = await createProject('pglite', {
      files: {
        'exports/turf_by_region.yml': `for_each: ${regions}\nquery: ${regions}\nto:\n  google_sheets: { spreadsheet: "{sheet}", tab: Turf }\n`,
        'exports/turf_total.yml': 'query: select 1 as doors\nto:\n  google_sheets: { spreadsheet: spreadsheet-2, tab: Total }\n',
      },
      target: 'exports: live',
    })
    const { exitCode } = await project.run(['export'], { env: { ...sheets.env, SQLFLOW_FAILURE_WEBHOOK: webhook.url } })
    expect(exitCode).toBe(1)
    expect(webhook.bodies.map((body) => JSON.parse(body).text)).toEqual([
      'sqlflow export of field on dev failed: export turf_by_region, exports/turf_by_region.yml:4:34: spreadsheet-2: Google refused access to "spreadsheet-2". 1 more failed. Not updated: turf_by_region (1 of 2 parts, 1 written), turf_total (spreadsheet-2 › Total).',
    ])
  })

  it('hears nothing of a run that went well', async () => {
    await using project = await createProject('pglite', { files: { 'models/events.sql': files['models/events.sql'] } })
    await using webhook = await openWebhook(200)
    expect(await project.run(['build'], { env: { SQLFLOW_FAILURE_WEBHOOK: webhook.url } })).toMatchObject({ exitCode: 0 })
    expect(webhook.bodies).toEqual([])
  })

  it('is told of a project with mistakes, which nothing was run of', async () => {
    await using project = await createProject('pglite', {
      files: { 'models/turf.sql': "select 1 as id from {{ref 'suporters'}} join {{ref 'evnts'}} on true\n" },
    })
    await using webhook = await openWebhook(200)
    expect(await project.run(['build'], { env: { SQLFLOW_FAILURE_WEBHOOK: webhook.url } })).toMatchObject({ exitCode: 2 })
    expect(webhook.bodies).toEqual([
      '{"text":"sqlflow build could not run: models/turf.sql:1:27: There is no model or seed named `suporters`. 1 more."}',
    ])
  })

  it('is told of a warehouse that cannot be reached, and of every export that waits for it', async () => {
    await using folder = await createTemporaryFolder()
    await using project = await createProject('pglite', { files, target: 'exports: live' })
    project.write({
      'sqlflow.yml': `name: field\ntargets:\n  prod: { type: postgres, host: 127.0.0.1, port: 1, database: field, user: ana, exports: live }\n`,
    })
    await using webhook = await openWebhook(200)
    const env = { SQLFLOW_FAILURE_WEBHOOK: webhook.url, GITHUB_STEP_SUMMARY: join(folder.path, 'summary.md') }
    expect(await project.run(['build', '-t', 'prod'], { env })).toMatchObject({ exitCode: 2 })
    const line = 'Nothing answers on 127.0.0.1:1, the address of target `prod`.'
    expect(webhook.bodies).toEqual([
      JSON.stringify({ text: `sqlflow build of field on prod could not run: ${line} Not updated: events_list, turf_list.` }),
    ])
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toBe(
      `## sqlflow build of field on prod: could not run\n\n### What stopped it\n\n- ${line}<br>Is the server running, and is this its port?\n\n`,
    )
  })

  it('is told of a run that was cancelled', async () => {
    await using project = await createProject('pglite', { files, target: 'exports: live' })
    await using webhook = await openWebhook(200)
    const signal = AbortSignal.abort()
    expect(await project.run(['build'], { signal, env: { SQLFLOW_FAILURE_WEBHOOK: webhook.url } })).toMatchObject({ exitCode: 130 })
    expect(webhook.bodies).toEqual(['{"text":"sqlflow build of field on dev was cancelled. Not updated: events_list, turf_list."}'])
  })

  it('is tried once more, and a failure of its own is a warning that names no address', async () => {
    await using project = await createProject('pglite', { files: { 'models/turf.sql': "select {{ref 'x'}}\n" } })
    await using shaky = await openWebhook(503, 200)
    const mended = await project.run(['build'], { env: { SQLFLOW_FAILURE_WEBHOOK: shaky.url } })
    expect(mended.stderr).not.toContain('webhook')
    expect(shaky.bodies).toHaveLength(2)
    await using gone = await openWebhook(404)
    const failed = await project.run(['build'], { env: { SQLFLOW_FAILURE_WEBHOOK: gone.url } })
    expect(failed.exitCode).toBe(2)
    expect(failed.stderr).toContain('warning[webhook-failed]: SQLFLOW_FAILURE_WEBHOOK could not be told of the failure: it answered 404.\n')
    expect(failed.stderr).not.toMatch(/canary-token|127\.0\.0\.1/)
    expect(gone.bodies).toHaveLength(1)
    const wrong = await project.run(['build'], { env: { SQLFLOW_FAILURE_WEBHOOK: 'hooks.example.org/canary-token' } })
    expect(wrong.stderr).toContain('could not be told of the failure: its address does not begin with https://.')
    expect(wrong.stderr).not.toContain('canary-token')
  })

  it('is given up when it does not answer, cannot be reached, or leads elsewhere', async () => {
    await using silent = await openWebhook('silence')
    await using moved = await openWebhook(302)
    const options = { text: 'sqlflow build failed.', timeout: 200, pause: 1 }
    expect(await postText({ ...options, url: silent.url })).toBe('it gave no answer within 0.2 s')
    expect(silent.bodies).toHaveLength(2)
    expect(await postText({ ...options, url: moved.url })).toBe('it answered 302')
    expect(moved.bodies).toHaveLength(1)
    expect(await postText({ ...options, url: 'http://127.0.0.1:1/' })).toBe('it cannot be reached')
  })

  it('reads names and messages as text: no markup, no call to everybody', async () => {
    await using project = await createProject('pglite', { files: { 'models/turf.sql': 'select 1 as "<!channel> @here"::nope\n' } })
    await using webhook = await openWebhook(200)
    await project.run(['build'], { env: { SQLFLOW_FAILURE_WEBHOOK: webhook.url } })
    expect(webhook.bodies.join('')).not.toMatch(/[<>]|@here/)
  })

  it('has its address masked wherever it would be shown', async () => {
    await using project = await createProject('pglite', {
      files: { 'models/turf.sql': "select '{{var 'note'}}' as note\n" },
      config: 'vars: { note: none }\n',
    })
    const address = 'https://hooks.example.org/services/canary-token'
    const { stdout } = await project.run(['compile', 'turf', '--var', `note=${address}`], { env: { SQLFLOW_FAILURE_WEBHOOK: address } })
    expect(stdout).toContain('***')
    expect(stdout).not.toContain('canary-token')
  })
})

describe('the summary of a job of GitHub Actions', () => {
  it('says what failed and where, what was exported, what was skipped and why, and what ran', async () => {
    await using project = await createProject('pglite', { files })
    const summary = join(project.root, 'summary.md')
    const { exitCode, stdout } = await project.run(['build', '--json'], { env: { ...github, GITHUB_STEP_SUMMARY: summary } })
    expect(exitCode).toBe(1)
    expect(outcomesOf(stdout)).toHaveLength(6)
    const told = readFileSync(summary, 'utf8')
    expect(told.replaceAll(/\b[\d.]+ m?s\b/g, 'N ms')).toMatchInlineSnapshot(`
      "## sqlflow build of field on dev: failed

      2 models built, 1 test warned, 1 export written, 1 failed, 1 skipped, in N ms. Run \`github-4821\`.

      ### Failed

      - **model turf** \`models/turf.sql:1:22\`: column "nmae" does not exist<br>Perhaps you meant to reference the column "supporters.name".

      ### Exports

      | export | rows | where | |
      |---|---:|---|---|
      | events_list | 1 | target/dev/exports/events.csv | preview: the target is not live |
      | turf_list |  |  | not written: model turf failed |

      ### Warnings

      - **test not_null_supporters_name** \`models/marts.yml\`: 1 of 2 rows of \`supporters\` has no \`name\`.

      ### Skipped

      - 1 node: model turf failed

      <details><summary>6 nodes</summary>

      | | kind | node | | rows | time |
      |---|---|---|---|---:|---:|
      | ✓ success | model | supporters | \`view\` |  | N ms |
      | ! warn | test | not_null_supporters_name | \`not_null\` | 1 | N ms |
      | ✓ success | model | events | \`view\` |  | N ms |
      | ✗ error | model | turf | \`view\` |  | N ms |
      | ✓ success | export | events_list | \`csv\` | 1 | N ms |
      | - skipped | export | turf_list |  |  |  |

      </details>

      "
    `)
    expect(told).not.toMatch(/Ana|555/)
  })

  it('stands below that of the step before it, and where it cannot be written, that is a warning', async () => {
    await using folder = await createTemporaryFolder()
    await using project = await createProject('pglite', { files: {} })
    const summary = join(folder.path, 'summary.md')
    await project.run(['build'], { env: { GITHUB_STEP_SUMMARY: summary } })
    await project.run(['test'], { env: { GITHUB_STEP_SUMMARY: summary } })
    expect(readFileSync(summary, 'utf8').match(/^## .*/gm)).toEqual([
      '## sqlflow build of field on dev: done',
      '## sqlflow test of field on dev: done',
    ])
    const refused = await runHere(project.root, ['build'], { env: { GITHUB_STEP_SUMMARY: join(folder.path, 'no', 'folder.md') } })
    expect(refused.exitCode).toBe(0)
    expect(refused.stderr).toContain('warning[summary-not-written]: ')
  })
})
