/** Locks of runs as rows of a table: on a warehouse without advisory locks, too, two runs work on one relation one at a time. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import type { Target } from '../../src/core/project.ts'
import { redshiftDialect } from '../../src/dialects/redshift.ts'
import { asideName } from '../../src/materializations/aside-names.ts'
import { applicationName } from '../../src/runner/application-name.ts'
import { clearDeadRuns, type Cleared } from '../../src/runner/clear-dead-runs.ts'
import { dropEmptySchemas } from '../../src/runner/drop-own.ts'
import {
  lockInvocation,
  type InvocationLock,
  type InvocationLockOptions,
  type RelationLockRequest,
} from '../../src/runner/invocation-lock.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../src/warehouses/warehouse.ts'
import { createProject, steady, type CliProject } from '../support/cli.ts'
import { targetOver } from '../support/databases.ts'
import { startRedshift } from '../support/redshift/start-redshift.ts'

type Place = Pick<RelationLockRequest, 'relation' | 'node'>

const turf: Place = { relation: { schema: 'public', name: 'turf' }, node: 'model:turf' }
const events: Place = { relation: { schema: 'public', name: 'events' }, node: 'model:events' }

describe('two runs on one Redshift', () => {
  it('at the same relation: the second is refused, naming the first, or waits for it; at another one it goes on', async () => {
    await using redshift = await startRedshift()
    await using first = await open(redshift.url, 'run-1')
    await using second = await open(redshift.url, 'run-2')
    await using firstLock = await lockRun(first, 'run-1')
    await using firstSession = await first.acquire()
    await using session = await second.acquire()
    const held = await firstLock.lockRelation({ ...turf, session: firstSession })
    {
      await using impatient = await lockRun(second, 'run-2', { wait: false })
      await expect(impatient.refuseHeld([events.relation, turf.relation])).rejects.toMatchObject(refusal)
      await expect(impatient.lockRelation({ ...turf, session })).rejects.toMatchObject(refusal)
      await impatient.refuseHeld([events.relation])
      using _elsewhere = await impatient.lockRelation({ ...events, session })
      expect(await locksIn(session)).toEqual([
        ['run-1', '', ''],
        ['run-1', 'turf', 'model:turf'],
        ['run-2', '', ''],
        ['run-2', 'events', 'model:events'],
      ])
    }
    const waiting = Promise.withResolvers<string>()
    await using patient = await lockRun(second, 'run-2', { onWait: waiting.resolve })
    const locked = patient.lockRelation({ ...turf, session })
    expect(await waiting.promise).toMatch(holder)
    held[Symbol.dispose]()
    using _held = await locked
    expect(await locksIn(session)).toContainEqual(['run-2', 'turf', 'model:turf'])
  })

  it('leave nothing in the table when they end', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'run-1')
    await using session = await warehouse.acquire()
    {
      await using lock = await lockRun(warehouse, 'run-1')
      using _turf = await lock.lockRelation({ ...turf, session })
      expect(await locksIn(session)).toHaveLength(2)
    }
    expect(await locksIn(session)).toEqual([])
  })

  it('wait for a relation in any number, and each has it once', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'runs', { threads: 20 })
    const inside: string[] = []
    const work = async (runId: string): Promise<void> => {
      await using lock = await lockRun(warehouse, runId)
      await using session = await warehouse.acquire()
      using _held = await lock.lockRelation({ ...turf, session })
      inside.push(runId)
      await session.run('select 1')
      expect(inside).toEqual([runId])
      inside.pop()
    }
    await Promise.all(['run-1', 'run-2', 'run-3', 'run-4'].map(work))
  })

  it('ask for what their nodes want at the same time in one round trip', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'run-1')
    await using session = await warehouse.acquire()
    const sent: string[] = []
    const acquire = async (): Promise<Session> => record(await warehouse.acquire(), sent)
    await using lock = await lockRun({ acquire, capabilities: warehouse.capabilities }, 'run-1')
    using _first = await lock.lockRelation({ ...turf, session }) // makes the table
    sent.length = 0
    {
      const others = ['a', 'b', 'c', 'd'].map((name) => lock.lockRelation({ ...turf, relation: { schema: 'public', name }, session }))
      using held = new DisposableStack()
      for (const one of await Promise.all(others)) held.use(one)
      expect(sent).toHaveLength(1)
      expect(await locksIn(session)).toHaveLength(6)
    }
    using _next = await lock.lockRelation({ ...events, session })
    expect(sent).toHaveLength(2)
    expect(await locksIn(session)).toHaveLength(3)
  })

  it('a wait ends with the run', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'run-1')
    await using session = await warehouse.acquire()
    await using first = await lockRun(warehouse, 'run-1')
    using _held = await first.lockRelation({ ...turf, session })
    const stop = new AbortController()
    await using second = await lockRun(warehouse, 'run-2', { signal: stop.signal, onWait: () => setImmediate(() => stop.abort()) })
    await expect(second.lockRelation({ ...turf, session })).rejects.toMatchObject({ name: 'AbortError' })
    expect(await locksIn(session)).not.toContainEqual(['run-2', 'turf', 'model:turf'])
  })

  it('of two logins share the table of a schema', async () => {
    await using redshift = await startRedshift()
    await using owner = await open(redshift.url, 'run-1')
    await using ownerSession = await owner.acquire()
    await ownerSession.run("create user ana_of_locks password 'Secret1234'; grant usage, create on schema public to ana_of_locks")
    await using _cleanUp = {
      [Symbol.asyncDispose]: async () => {
        await using session = await owner.acquire()
        await session.run('drop table sqlflow_locks; revoke all on schema public from ana_of_locks; drop user ana_of_locks')
      },
    }
    await using first = await lockRun(owner, 'run-1')
    using _held = await first.lockRelation({ ...turf, session: ownerSession })
    await using ana = await open(asLogin(redshift.url, 'ana_of_locks', 'Secret1234'), 'run-2')
    await using session = await ana.acquire()
    await using second = await lockRun(ana, 'run-2', { wait: false })
    await expect(second.lockRelation({ ...turf, session })).rejects.toMatchObject(refusal)
    using _other = await second.lockRelation({ ...events, session })
    expect(await rowsOf(ownerSession, "select login from sqlflow_locks where relation = 'events'")).toEqual([['ana_of_locks']])
    await ownerSession.run('revoke all on sqlflow_locks from public')
    await expect(second.lockRelation({ ...turf, session })).rejects.toMatchObject({
      code: 'lock-table',
      message:
        'This login may not use public.sqlflow_locks, in which runs say what they work on: permission denied for relation sqlflow_locks.',
      hint: 'Its owner can allow it: grant select, insert, update, delete on table "public"."sqlflow_locks" to public;',
    })
  })

  it('make the table again that somebody has dropped, and go on', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'run-1')
    await using session = await warehouse.acquire()
    await using lock = await lockRun(warehouse, 'run-1')
    const first = await lock.lockRelation({ ...turf, session })
    await session.run('drop table sqlflow_locks')
    first[Symbol.dispose]()
    using _second = await lock.lockRelation({ ...events, session })
    expect(await locksIn(session)).toEqual([
      ['run-1', '', ''],
      ['run-1', 'events', 'model:events'],
    ])
    await session.run('drop table sqlflow_locks')
  })

  it('refuse a table of that name that is none of theirs', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'run-1')
    await using session = await warehouse.acquire()
    await session.run('create table sqlflow_locks (id int)')
    await using lock = await lockRun(warehouse, 'run-1')
    await expect(lock.lockRelation({ ...turf, session })).rejects.toMatchObject({
      code: 'lock-table',
      message: expect.stringMatching(
        /^public\.sqlflow_locks is not the table in which runs say what they work on: column ".+" .*does not exist\.$/,
      ),
      hint: 'Rename it, or drop it if nobody needs it.',
    })
  })
})

describe('a transaction that holds the table', () => {
  it('is awaited, and named when it does not end', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'run-1')
    await using session = await warehouse.acquire()
    await using other = await warehouse.acquire()
    const acquire = async (): Promise<Session> => impatient(await warehouse.acquire())
    await using lock = await lockRun({ acquire, capabilities: warehouse.capabilities }, 'run-1')
    const first = await lock.lockRelation({ ...turf, session })
    first[Symbol.dispose]()
    await other.run('begin; lock table sqlflow_locks')
    await expect(lock.lockRelation({ ...events, session })).rejects.toMatchObject({
      code: 'lock-table',
      message: 'No run can say what it works on, because a transaction holds public.sqlflow_locks.',
    })
    const waiting = lock.lockRelation({ ...events, session })
    await other.run('rollback')
    using _events = await waiting
  })
})

describe('the command line', () => {
  it('says who works on a relation, waits for it, refuses with --no-wait, and takes over from the killed', async () => {
    await using project = await createProject('redshift', {
      files: {
        'models/quick.sql': '/*--- materialized: table ---*/\nselect 1 as turf_id\n',
        'models/long.sql': `/*--- materialized: table ---*/\nselect count(*) as pairs from ${crossed}\n`,
      },
    })
    const first = project.spawn(['build', '--json'])
    await isMade(project, '"analytics"."long"')
    project.write({ 'models/long.sql': "select * from {{ref 'quick'}}\n" })
    expect((await project.run(['build', 'quick', '--no-wait'])).exitCode).toBe(0)
    const refused = await project.run(['build', '--no-wait'])
    expect(refused.exitCode).toBe(2)
    expect(holderless(refused.stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 2 nodes
      error[relation-locked]: Another run works on analytics.long: run RUN (build), user postgres from MACHINE, process N, since THEN, at model:long since THEN.
        hint: Wait until it is done, or run without --no-wait.
      "
    `)
    first.kill('SIGKILL')
    await first.result
    const second = project.spawn(['run', 'long'])
    await second.prints(/waiting: /)
    await project.query(
      "update analytics.sqlflow_locks set seen_at = dateadd(minute, -2, seen_at) where run in (select run from analytics.sqlflow_locks where node = 'model:long')",
    )
    const { exitCode, stderr } = await second.result
    expect(holderless(stderr)).toMatchInlineSnapshot(`
      "sqlflow V run of field on dev: 1 node
      waiting: Another run works on analytics.long: run RUN (build), user postgres from MACHINE, process N, since THEN, at model:long since THEN.
      warning: The run RUN (build, postgres from MACHINE, process N) that held analytics.long has not been seen since THEN: taken over, and 1 session of it ended.
      ✓ view    analytics.long                               N ms
      "
    `)
    expect(exitCode).toBe(0)
  })
})

describe('a run that was killed', () => {
  it('loses its lock to the next, which says so, ends what it left at work and puts away what it left aside', async () => {
    await using redshift = await startRedshift()
    const processId = await holdAndKill(redshift.url, 'killed')
    await using warehouse = await open(redshift.url, 'next')
    await using session = await warehouse.acquire()
    const isAtWork = async () => (await rowsOf(session, `select process from stv_sessions where process = ${processId}`)).length > 0
    expect(await isAtWork()).toBe(true)
    await using lock = await lockRun(warehouse, 'next', { wait: false })
    await expect(lock.lockRelation({ ...turf, session })).rejects.toMatchObject({
      code: 'relation-locked',
      message: expect.stringMatching(/: run killed \(build\)/),
    })
    await expect(lock.refuseHeld([turf.relation])).rejects.toMatchObject({ code: 'relation-locked' })
    expect(await clear(warehouse, 'next', [])).toMatchObject({ endedSessions: 0, dropped: [] })
    await session.run("update sqlflow_locks set seen_at = dateadd(minute, -2, seen_at) where run = 'killed'")
    await lock.refuseHeld([turf.relation])
    const warnings: Diagnostic[] = []
    expect(await clear(warehouse, 'next', warnings)).toMatchObject({
      endedSessions: 1,
      dropped: [{ schema: 'public', name: asideName('turf', 'new', 'killed') }],
    })
    expect(await isAtWork()).toBe(false)
    expect(warnings).toEqual([
      {
        severity: 'warning',
        code: 'dead-run',
        message: expect.stringMatching(
          new RegExp(
            `^The run killed \\(build, postgres from ${hostname()}, process ${processId}\\) that held public\\.turf has not been seen since [-\\d]+ [\\d:]+ UTC: taken over, and 1 session of it ended\\.$`,
          ),
        ),
      },
    ])
    using _turf = await lock.lockRelation({ ...turf, session })
    expect(await locksIn(session)).toEqual([
      ['next', '', ''],
      ['next', 'turf', 'model:turf'],
    ])
  })

  it('while others wait for it, is noticed by them', async () => {
    await using redshift = await startRedshift()
    await holdAndKill(redshift.url, 'killed')
    await using warehouse = await open(redshift.url, 'next')
    await using session = await warehouse.acquire()
    const warnings: Diagnostic[] = []
    const onWait = (): void => void makeOld(warehouse, 'killed')
    await using lock = await lockRun(warehouse, 'next', { onWait, onDeadRun: (warning) => warnings.push(warning) })
    using _turf = await lock.lockRelation({ ...turf, session })
    expect(warnings.map(({ code }) => code)).toEqual(['dead-run'])
    expect(await rowsOf(session, "select relation from sqlflow_locks where run = 'killed'")).toEqual([])
  })

  it('has no session ended that has its number by chance', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'next')
    await using session = await warehouse.acquire()
    await using bystander = await warehouse.acquire()
    {
      await using lock = await lockRun(warehouse, 'next')
      using _turf = await lock.lockRelation({ ...turf, session })
      await session.run(`insert into sqlflow_locks values ('killed', 'shifts', 'model:shifts', 'build', 'ana', 'laptop', ${bystander.processId},
        dateadd(hour, -1, getdate()), dateadd(minute, -2, getdate()))`)
      expect((await clear(warehouse, 'next', [])).endedSessions).toBe(0)
      expect(await rowsOf(session, "select relation from sqlflow_locks where run = 'killed'")).toEqual([])
    }
    expect(await rowsOf(bystander, 'select 1')).toEqual([['1']])
  })
})

describe('a run that was thought dead', () => {
  it('takes back what is free, and goes no further where another has taken over', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'runs', { threads: 8 })
    await using session = await warehouse.acquire()
    const beats: (() => void)[] = []
    const beating = (beat: () => void): Disposable => {
      beats.push(beat)
      return { [Symbol.dispose]: () => undefined }
    }
    await using slept = await lockRun(warehouse, 'slept', { beating })
    using _turf = await slept.lockRelation({ ...turf, session })
    await session.run("delete from sqlflow_locks where run = 'slept'")
    beats[0]!()
    using _events = await slept.lockRelation({ ...events, session })
    expect(await locksIn(session)).toEqual([
      ['slept', '', ''],
      ['slept', 'events', 'model:events'],
      ['slept', 'turf', 'model:turf'],
    ])
    await session.run("delete from sqlflow_locks where run = 'slept'")
    await using other = await lockRun(warehouse, 'other')
    using _taken = await other.lockRelation({ ...turf, session })
    beats[0]!()
    await expect(slept.lockRelation({ ...turf, relation: { schema: 'public', name: 'shifts' }, session })).rejects.toMatchObject({
      code: 'locks-lost',
      message: 'The run slept was not seen for too long, and another run took over what it worked on: public.turf.',
      exitCode: 1,
    })
  })

  it('says every time that it lives, and makes the table again that was dropped', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'runs')
    await using session = await warehouse.acquire()
    const beats: (() => void)[] = []
    const beating = (beat: () => void): Disposable => {
      beats.push(beat)
      return { [Symbol.dispose]: () => undefined }
    }
    await using lock = await lockRun(warehouse, 'run-1', { beating })
    using _turf = await lock.lockRelation({ ...turf, session })
    await makeOld(warehouse, 'run-1')
    const age = 'select max(datediff(second, seen_at, getdate())) from sqlflow_locks'
    expect(Number((await rowsOf(session, age))[0]![0])).toBeGreaterThanOrEqual(120)
    beats[0]!()
    await lock.refuseHeld([turf.relation]) // comes after it
    expect(Number((await rowsOf(session, age))[0]![0])).toBeLessThan(60)
    await session.run('drop table sqlflow_locks')
    beats[0]!()
    await lock.refuseHeld([turf.relation])
    expect(await locksIn(session)).toEqual([
      ['run-1', '', ''],
      ['run-1', 'turf', 'model:turf'],
    ])
  })
})

describe('the table of locks', () => {
  it('goes with a schema that sqlflow made, unless another run works there', async () => {
    await using redshift = await startRedshift()
    await using warehouse = await open(redshift.url, 'run-1')
    await using session = await warehouse.acquire()
    await session.run('create schema dev_ana')
    const made = [{ name: 'dev_ana', made: true }]
    const options = { dialect: redshiftDialect, capabilities: warehouse.capabilities }
    await using lock = await lockRun(warehouse, 'run-1')
    const held = await lock.lockRelation({ ...turf, relation: { schema: 'dev_ana', name: 'turf' }, session })
    expect(await dropEmptySchemas(session, made, { ...options, runId: 'run-2' })).toEqual({
      dropped: [],
      kept: [{ schema: 'dev_ana', because: 'the run run-1 works in it' }],
    })
    held[Symbol.dispose]()
    await session.run('create table dev_ana.pledges (id int)')
    expect(await dropEmptySchemas(session, made, { ...options, runId: 'run-1' })).toEqual({
      dropped: [],
      kept: [{ schema: 'dev_ana', because: 'this is in it: table dev_ana.pledges' }],
    })
    await session.run('drop table dev_ana.pledges')
    expect(await dropEmptySchemas(session, made, { ...options, runId: 'run-1' })).toEqual({ dropped: ['dev_ana'], kept: [] })
  })

  it('is nothing that a project lists or pulls, and goes with the schema that sqlflow made for it', async () => {
    await using project = await createProject('redshift', { files: { 'models/turf.sql': 'select 1 as turf_id\n' } })
    expect((await project.run(['build'])).exitCode).toBe(0)
    project.remove('models/turf.sql')
    project.write({ 'models/events.sql': 'select 1 as event_id\n' })
    expect((await project.run(['list', '--orphans', '--json'])).stdout).toMatch(/^\{"relation":"analytics\.turf".*\}\n$/)
    await project.query('create table analytics.shifts (id int)')
    expect((await project.run(['sources', 'pull', 'analytics'])).stdout).toBe(
      '+ shifts                                   1 column\n1 table added. Written to models/sources/analytics.yml.\n',
    )
    expect((await project.run(['clean', '--schemas', '--yes'])).stderr).toBe(
      'Kept the schema analytics: this is in it: table analytics.shifts.\n',
    )
    await project.query('drop table analytics.shifts')
    expect((await project.run(['clean', '--schemas', '--yes'])).stdout).toBe('Dropped the schema analytics.\n')
    expect(await project.query("select nspname from pg_namespace where nspname = 'analytics'")).toEqual([])
  })

  it('says for whom sqlflow made a schema, which others leave alone', async () => {
    await using project = await createProject('redshift', { files: { 'models/turf.sql': 'select 1 as turf_id\n' } })
    await project.query('create schema analytics')
    expect((await project.run(['build'])).exitCode).toBe(0)
    const { exitCode, stderr } = await project.run(['clean', '--schemas', '--yes'])
    expect([exitCode, stderr]).toEqual([0, 'Kept the schema analytics: sqlflow did not create it.\n'])
    project.write({ 'models/turf.sql': '/*--- schema: marts ---*/\nselect 1 as turf_id\n' })
    expect((await project.run(['build'])).exitCode).toBe(0)
    const comment = "select obj_description('marts.sqlflow_locks'::regclass)"
    expect(await project.query(comment)).toEqual([[expect.stringMatching(/\nsqlflow: field\/schema:analytics$/)]])
  })
})

const holder =
  /^Another run works on public\.turf: run run-1 \(build\), user postgres from .+, process \d+, since [-\d]+ [\d:]+ UTC, at model:turf since [-\d]+ [\d:]+ UTC\.$/
const refusal = { code: 'relation-locked', message: expect.stringMatching(holder), exitCode: 2 }

function lockRun(
  warehouse: InvocationLockOptions['warehouse'],
  runId: string,
  more: Partial<InvocationLockOptions> = {},
): Promise<InvocationLock> {
  return lockInvocation({ warehouse, command: 'build', runId, wait: true, now: () => new Date(), ...more })
}

function targetAt(url: string, more: Partial<Target> = {}): Target {
  return { ...targetOver('redshift', { url }), threads: 4, ...more }
}

function open(url: string, runId: string, more: Partial<Target> = {}): Promise<Warehouse> {
  return openWarehouse(targetAt(url, more), { applicationName: applicationName('field', runId) })
}

function asLogin(url: string, user: string, password: string): string {
  return Object.assign(new URL(url), { username: user, password }).href
}

async function rowsOf(session: Session, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const [result] = await session.run(sql)
  return result!.rows
}

function locksIn(session: Session): ReturnType<typeof rowsOf> {
  return rowsOf(session, 'select run, relation, node from sqlflow_locks order by 1, 2')
}

/** As if the run had not been seen for two minutes. */
async function makeOld(warehouse: Warehouse, runId: string): Promise<void> {
  await using session = await warehouse.acquire()
  await session.run(`update sqlflow_locks set seen_at = dateadd(minute, -2, seen_at) where run = '${runId}'`)
}

async function clear(warehouse: Warehouse, runId: string, warnings: Diagnostic[]): Promise<Cleared> {
  await using session = await warehouse.acquire()
  return await clearDeadRuns({
    session,
    capabilities: warehouse.capabilities,
    schemas: ['public'],
    project: 'field',
    runId,
    dialect: redshiftDialect,
    onRetry: () => undefined,
    onDeadRun: (warning) => warnings.push(warning),
  })
}

/** The number of the server's process that still works for it. */
async function holdAndKill(url: string, runId: string): Promise<number> {
  const script = fileURLToPath(new URL('hold-and-hang.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(targetAt(url)), runId], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const [said] = (await Promise.race([once(child.stdout, 'data'), exited.then(() => ['died'])])) as [unknown]
  child.kill('SIGKILL')
  await exited
  return Number(String(said))
}

/** Ten sets of ten rows, joined in every way. */
const crossed = Array.from(
  { length: 10 },
  (_, index) => `(${Array.from({ length: 10 }, () => 'select 1 as one').join(' union all ')}) as t${index}`,
).join(' cross join ')

/** Resolves once a run makes the table. */
async function isMade(project: CliProject, table: string): Promise<void> {
  for (;;) {
    const rows = await project.query(`select pid from stv_inflight where text like 'begin;create table ${table} %'`)
    if (rows.length > 0) return
  }
}

function holderless(text: string): string {
  return steady(text)
    .replaceAll(/\b\d{8}t\d{6}_[0-9a-f]{6}\b/g, 'RUN')
    .replaceAll(/process \d+/g, 'process N')
    .replaceAll(/since [\d-]+ [\d:]+ UTC/g, 'since THEN')
    .replaceAll(hostname(), 'MACHINE')
}

/** Waits for a table no longer than a moment. */
function impatient(session: Session): Session {
  const run = session.run.bind(session)
  return Object.assign(session, {
    run: async (sql: string) => await run(sql.replace(/(?<=statement_timeout to )\d+/, '50')),
  })
}

function record(session: Session, sent: string[]): Session {
  const run = session.run.bind(session)
  return Object.assign(session, {
    run: async (sql: string) => {
      sent.push(sql)
      return await run(sql)
    },
  })
}
