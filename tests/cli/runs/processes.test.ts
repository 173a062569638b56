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
    if (type === 'postgres')
      expect(await project.query(`select query from pg_stat_activity where application_name like 'sqlflow:%'`)).toEqual([])

    const text = project.spawn(['build'])
    await text.prints(/analytics\.quick/)
    text.kill('SIGINT')
    const told = await text.result
    expect(told.exitCode).toBe(130)
    expect(steady(told.stdout)).toMatchInlineSnapshot()
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
  it('leaves each relation old or new, and the next build clears what is left', async () => {
    await using project = await create({ files: versioned(0) })
    const begun = performance.now()
    expect((await project.spawn(['build']).result).exitCode).toBe(0)
    const whole = Math.ceil(performance.now() - begun)
    for (let version = 1; version <= (type === 'postgres' ? 6 : 4); version++) {
      project.write(versioned(version))
      const command = project.spawn(['build', '--json'])
      const timer = setTimeout(() => command.kill('SIGKILL'), randomInt(Math.floor(whole / 4), whole))
      await command.result
      clearTimeout(timer)
      for (const name of ['supporters', 'pledges']) {
        const [rows, versions, smallest] = await read(project, name)
        expect([rows, versions]).toEqual(['20000', '1'])
        expect([version, version - 1].map(String)).toContain(smallest)
      }
      const next = await project.spawn(['build']).result
      expect(next.stderr).not.toMatch(/error|Warning/)
      expect(next.exitCode).toBe(0)
      expect(await project.query(aside)).toEqual([])
      expect(await read(project, 'pledges')).toEqual(['20000', '1', String(version)])
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

/** How many rows a relation has, of how many versions, and which. */
async function read(project: CliProject, name: string): Promise<readonly (string | null)[]> {
  const [row = []] = await project.query(`select count(*), count(distinct version), min(version) from analytics.${name}`)
  return row
}

describe('two invocations', () => {
  it('on the same schemas of a server: the second waits, or refuses, naming the first', async () => {
    await using project = await createProject('postgres', { files: longFiles })
    const first = project.spawn(['build', '--json'])
    await first.prints(waiting)
    const refused = await project.run(['build', 'quick', '--no-wait'])
    expect(refused.exitCode).toBe(2)
    expect(holderless(refused.stderr)).toMatchInlineSnapshot()
    const second = project.spawn(['build', 'quick'])
    await second.prints(/waiting: /)
    first.kill('SIGINT')
    expect((await first.result).exitCode).toBe(130)
    const { exitCode, stderr } = await second.result
    expect(holderless(stderr)).toMatchInlineSnapshot()
    expect(exitCode).toBe(0)
  })

  it('waiting for one another, stop waiting at Ctrl-C', async () => {
    await using project = await createProject('postgres', { files: longFiles })
    const first = project.spawn(['build', '--json'])
    await first.prints(waiting)
    const second = project.spawn(['build', 'quick'])
    await second.prints(/waiting: /)
    second.kill('SIGINT')
    const { exitCode, stdout } = await second.result
    expect(exitCode).toBe(130)
    expect(steady(stdout)).toMatchInlineSnapshot()
    first.kill('SIGINT')
    await first.result
  })

  it('on one embedded database: the second waits, or refuses, naming the first', async () => {
    await using project = await createProject('pglite', { files: longFiles })
    const first = project.spawn(['build', '--json'])
    await first.prints(waiting)
    const refused = await project.run(['build', 'quick', '--no-wait'])
    expect(refused.exitCode).toBe(2)
    expect(holderless(refused.stderr).replaceAll(project.root, 'ROOT')).toMatchInlineSnapshot()
    const second = project.spawn(['build', 'quick'])
    await second.prints(/waiting: /)
    first.kill('SIGINT')
    await first.result
    const { exitCode, stderr } = await second.result
    expect(holderless(stderr).replaceAll(project.root, 'ROOT')).toMatchInlineSnapshot()
    expect(exitCode).toBe(0)
  })
})

function holderless(text: string): string {
  return steady(text)
    .replaceAll(/sqlflow:field:[0-9a-f]{8}/g, 'sqlflow:field:RUN')
    .replaceAll(/process \d+/g, 'process N')
    .replaceAll(/since [\d-]+ [\d:]+(\+00| UTC)/g, 'since THEN')
}

describe('a connection that is lost in the middle', () => {
  it('fails the node that it ran for, in words, and the others go on', async () => {
    await using project = await createProject('postgres', { files: longFiles })
    const command = project.spawn(['build'])
    await command.prints(/analytics\.quick/)
    const client = new Client({ connectionString: project.url })
    await client.connect()
    for (let ended = 0; ended === 0;) {
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like '%generate_series%' and pid <> pg_backend_pid() and state = 'active'`,
      )
      ended = rowCount ?? 0
    }
    await client.end()
    const { exitCode, stdout, stderr } = await command.result
    expect(steady(stderr)).toMatchInlineSnapshot()
    expect(steady(stdout)).toMatchInlineSnapshot()
    expect(exitCode).toBe(1)
  })
})
