/** The embedded warehouse alone: its directory, the lock beside it, and what a kill leaves. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { dataDirectoryAsset } from '../../src/warehouses/pglite/data-directory.ts'
import { findOpenDatabases } from '../../src/warehouses/pglite/directory-lock.ts'
import { openWarehouse, type OpenOptions } from '../../src/warehouses/open-warehouse.ts'
import type { Warehouse } from '../../src/warehouses/warehouse.ts'
import { createTemporaryFolder, targetOver } from '../support/databases.ts'

const holder = fileURLToPath(new URL('./hold-warehouse.ts', import.meta.url))

function open(directory: string, options: Partial<OpenOptions> = {}): Promise<Warehouse> {
  return openWarehouse(targetOver('pglite', { path: directory }), { applicationName: 'sqlflow test', ...options })
}

/** Another process that writes to the database, once it has written `commits` times. */
async function startHolder(directory: string, commits: number): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', holder, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += String(chunk)
      if (text.split('\n').length > commits) resolve()
    })
    child.once('exit', () => reject(new Error('The process that should hold the database ended.')))
  })
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

describe('the directory of an embedded warehouse', () => {
  it('is made from the one that ships with the package', () => {
    expect(existsSync(dataDirectoryAsset())).toBe(true)
  })

  it('keeps its tables from one opening to the next, and leaves no lock behind', async () => {
    await using folder = await createTemporaryFolder()
    const directory = path.join(folder.path, 'deep', 'field')
    {
      await using warehouse = await open(directory)
      await using session = await warehouse.acquire()
      await session.run(`create table supporters as select 'Ana' as name`)
    }
    expect(readdirSync(path.dirname(directory))).toEqual(['field'])
    await using warehouse = await open(directory)
    await using session = await warehouse.acquire()
    expect((await session.query('select name from supporters')).rows).toEqual([['Ana']])
  })

  it('is whole after its process is killed in the middle of statements, again and again', async () => {
    await using folder = await createTemporaryFolder()
    const directory = path.join(folder.path, 'field')
    for (const commits of [1, 7, 3]) {
      const killed = await startHolder(directory, commits)
      await killed.kill()
      await using warehouse = await open(directory)
      await using session = await warehouse.acquire()
      const { rows } = await session.query(
        `select count(*) >= ${2 * commits}, count(*) = max(shift_id), count(*) % 2, count(*) filter (where note = 'second of two') * 2 = count(*) from shifts`,
      )
      expect(rows).toEqual([['t', 't', '0', 't']])
    }
  })

  it('is made again when its making was interrupted', async () => {
    await using folder = await createTemporaryFolder()
    const directory = path.join(folder.path, 'field')
    await mkdir(path.join(`${directory}.new`, 'base'), { recursive: true })
    await using warehouse = await open(directory)
    await using session = await warehouse.acquire()
    expect((await session.query('select 1')).rows).toEqual([['1']])
    expect(existsSync(`${directory}.new`)).toBe(false)
  })

  it('that cannot be read is named, with what to do', async () => {
    await using folder = await createTemporaryFolder()
    const directory = path.join(folder.path, 'field')
    await mkdir(directory)
    writeFileSync(path.join(directory, 'PG_VERSION'), '9\n')
    await using warehouse = await open(directory)
    await expect(warehouse.acquire()).rejects.toMatchObject({
      code: 'warehouse-unreadable',
      message: `The embedded database in ${directory} cannot be opened: PGlite failed to initialize properly (its data was made by Postgres 9).`,
      hint: 'Its tables are made from your project: remove that folder (or run `sqlflow clean --database`) and build again.',
      exitCode: 2,
    })
  })
})

describe('the lock of an embedded warehouse', () => {
  it('refuses a second process, naming the first', async () => {
    await using folder = await createTemporaryFolder()
    const directory = path.join(folder.path, 'field')
    const other = await startHolder(directory, 1)
    try {
      const error: unknown = await open(directory).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        code: 'warehouse-locked',
        message: expect.stringMatching(
          new RegExp(
            `^The embedded database in ${directory} is open in process ${other.pid} \\(hold-warehouse .*\\) since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC\\.$`,
          ),
        ),
        hint: 'Wait for it to end, or stop it.',
        exitCode: 2,
      })
      expect(findOpenDatabases(folder.path)).toEqual([expect.stringContaining(`process ${other.pid} `)])
    } finally {
      await other.kill()
    }
    expect(findOpenDatabases(folder.path)).toEqual([])
  })

  it('waits for the first when asked to, and says so once', async () => {
    await using folder = await createTemporaryFolder()
    const directory = path.join(folder.path, 'field')
    const other = await startHolder(directory, 1)
    const waits: string[] = []
    await using warehouse = await open(directory, {
      lockTimeout: 30_000,
      onWait: (reason) => {
        waits.push(reason)
        void other.kill()
      },
    })
    await using session = await warehouse.acquire()
    expect((await session.query('select count(*) > 0 from shifts')).rows).toEqual([['t']])
    expect(waits).toEqual([expect.stringContaining(`is open in process ${other.pid} `)])
  })

  it('refuses a second opening in one process', async () => {
    await using folder = await createTemporaryFolder()
    const directory = path.join(folder.path, 'field')
    await using _first = await open(directory)
    await expect(open(directory)).rejects.toMatchObject({ code: 'warehouse-locked' })
  })

  it('is not taken from another machine, whose processes cannot be seen', async () => {
    await using folder = await createTemporaryFolder()
    const directory = path.join(folder.path, 'field')
    writeFileSync(
      `${directory}.lock`,
      JSON.stringify({ pid: 1, host: 'laptop-of-ana', command: 'sqlflow build', since: '2026-11-03T19:00:00.000Z' }),
    )
    await expect(open(directory)).rejects.toMatchObject({
      code: 'warehouse-locked',
      message: `The embedded database in ${directory} is open in process 1 (sqlflow build) since 2026-11-03 19:00:00 UTC on laptop-of-ana.`,
      hint: `Wait for it to end. If it is gone, remove ${directory}.lock.`,
    })
  })

  it('is taken from a dead process, also when its id belongs to another one by then', async () => {
    await using folder = await createTemporaryFolder()
    const directory = path.join(folder.path, 'field')
    writeFileSync(
      `${directory}.lock`,
      JSON.stringify({
        pid: process.pid,
        host: hostname(),
        started: 'long ago',
        command: 'sqlflow build',
        since: '2026-11-03T19:00:00.000Z',
      }),
    )
    await using warehouse = await open(directory)
    expect(findOpenDatabases(folder.path)).toEqual([expect.stringContaining(`process ${process.pid} `)])
    await using _session = await warehouse.acquire()
  })
})
