/** What every warehouse promises, on each kind of warehouse. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Row, Warehouse } from '../../src/warehouses/warehouse.ts'
import { databases, type TestDatabase } from '../support/databases.ts'

describe.each(databases)('a warehouse on $type', ({ type, create }) => {
  let database: TestDatabase
  let warehouse: Warehouse

  beforeAll(async () => {
    database = await create()
    warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow contract' })
  })
  afterAll(async () => {
    await warehouse[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  it('runs many statements in one round trip and returns the result of each', async () => {
    await using session = await warehouse.acquire()
    const results = await session.run(`
      create table supporters (supporter_id integer, name text);
      insert into supporters values (1, 'Ana'), (2, null);
      select supporter_id, name from supporters order by 1;
      drop table supporters`)
    expect(results).toEqual([
      { command: 'CREATE', rowCount: null, fields: [], rows: [] },
      { command: 'INSERT', rowCount: 2, fields: [], rows: [] },
      {
        command: 'SELECT',
        rowCount: 2,
        fields: [
          { name: 'supporter_id', type: 'integer' },
          { name: 'name', type: 'text' },
        ],
        rows: [
          ['1', 'Ana'],
          ['2', null],
        ],
      },
      { command: 'DROP', rowCount: null, fields: [], rows: [] },
    ])
  })

  it('keeps nothing of many statements of which one fails', async () => {
    await using session = await warehouse.acquire()
    await expect(session.run('create table shifts (shift_id integer); select 1/0')).rejects.toMatchObject({
      message: 'division by zero',
      sqlState: '22012',
    })
    expect((await session.query(`select to_regclass('shifts')`)).rows).toEqual([[null]])
  })

  it('returns values as text, as the server writes them', async () => {
    await using session = await warehouse.acquire()
    const { rows, fields } = await session.query(`
      select 9007199254740993 as big, 1.10 as exact, true as yes, date '2026-11-03' as day, timestamp '2026-11-03 19:00' as at,
        '{"a": 1}'::jsonb as facts, array['PA', null, 'G"A'] as states, '\\x00ff'::bytea as bytes, '' as empty, null as nothing, 'Zoë 🗳️ 投票' as words`)
    expect(rows).toEqual([
      [
        '9007199254740993',
        '1.10',
        't',
        '2026-11-03',
        '2026-11-03 19:00:00',
        '{"a": 1}',
        '{PA,NULL,"G\\"A"}',
        '\\x00ff',
        '',
        null,
        'Zoë 🗳️ 投票',
      ],
    ])
    expect(fields.map((field) => field.type)).toEqual([
      'bigint',
      'numeric',
      'boolean',
      'date',
      'timestamp without time zone',
      'jsonb',
      'text[]',
      'bytea',
      'text',
      'text',
      'text',
    ])
  })

  it('spells types as the server does, with their modifiers', async () => {
    await using session = await warehouse.acquire()
    const types = [
      'numeric(12,2)',
      'numeric(5,-2)',
      'character varying(20)',
      'character(3)',
      'timestamp(3) with time zone',
      'time(0) without time zone',
      'bit(4)',
      'bit varying(8)',
      'interval',
      'uuid',
      'integer[]',
      'character varying(9)[]',
      'double precision',
    ]
    const columns = types.map((name, index) => `null::${name} as c${index}`).join(', ')
    const { fields } = await session.query(`select ${columns}`)
    expect(fields.map((field) => field.type)).toEqual(types)
  })

  it('names a type that is not built in by its oid', async () => {
    await using session = await warehouse.acquire()
    const results = await session.run(
      `create type stance as enum ('for', 'against'); select 'for'::stance as stance, 'stance'::regtype::oid as oid; drop type stance`,
    )
    expect(results[1]?.fields[0]?.type).toBe(`oid:${results[1]?.rows[0]?.[1]}`)
  })

  it('binds values', async () => {
    await using session = await warehouse.acquire()
    const { rows } = await session.query(`select $1::text, $2::integer + 1, $3::text is null`, [`O'Brien "Bob"; --`, 41, null])
    expect(rows).toEqual([[`O'Brien "Bob"; --`, '42', 't']])
  })

  it('locates an error in the text that was sent, in UTF-16 units, past characters outside the basic plane', async () => {
    await using session = await warehouse.acquire()
    const sql = `select '🗳️🗳️' as ballot;\nselect 'ö' as o;\nselect missing from (select 1 as here) as t`
    await expect(session.run(sql)).rejects.toMatchObject({
      name: 'WarehouseError',
      code: 'warehouse-error',
      message: 'column "missing" does not exist',
      sqlState: '42703',
      position: sql.indexOf('missing'),
      sql,
    })
    await expect(session.query(`select '🗳️', nope`)).rejects.toMatchObject({ position: `select '🗳️', `.length })
  })

  it('keeps the hint of an error and drops its detail, which may hold values', async () => {
    await using session = await warehouse.acquire()
    const error: unknown = await session
      .run(`create temp table phones (phone text unique); insert into phones values ('555-0100'), ('555-0100')`)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ message: 'duplicate key value violates unique constraint "phones_phone_key"', sqlState: '23505' })
    expect(`${JSON.stringify(error)} ${error instanceof Error ? String(error.cause) + error.stack : ''}`).not.toContain('(phone)')
    await expect(session.run('select lenght(1)')).rejects.toMatchObject({
      hint: expect.stringMatching(/^(?:No function matches|There is no function of that name)/),
    })
  })

  it('is usable after an error', async () => {
    await using session = await warehouse.acquire()
    await expect(session.run('selekt 1')).rejects.toThrow('syntax error at or near "selekt"')
    await expect(session.query('select $1::integer', ['x'])).rejects.toThrow('invalid input syntax for type integer: "…"')
    expect(session.broken).toBe(false)
    expect((await session.query('select 1')).rows).toEqual([['1']])
  })

  it('streams a hundred thousand rows in batches', async () => {
    await using session = await warehouse.acquire()
    let count = 0
    let sum = 0
    const sizes = new Set<number>()
    {
      await using stream = await session.stream(`select n, 'supporter ' || n as name from generate_series(1, 100000) as n`, {
        batchSize: 700,
      })
      expect(stream.fields).toEqual([
        { name: 'n', type: 'integer' },
        { name: 'name', type: 'text' },
      ])
      for await (const rows of stream.batches()) {
        count += rows.length
        sizes.add(rows.length)
        for (const [n] of rows) sum += Number(n)
      }
    }
    expect({ count, sum, sizes: [...sizes] }).toEqual({ count: 100_000, sum: 5_000_050_000, sizes: [700, 100_000 % 700] })
    expect((await session.query('select 1')).rows).toEqual([['1']])
  })

  it('tells the columns of a stream without rows', async () => {
    await using session = await warehouse.acquire()
    await using stream = await session.stream('select 1 as turf_id where false')
    expect(stream.fields).toEqual([{ name: 'turf_id', type: 'integer' }])
    expect(await collect(stream.batches())).toEqual([])
  })

  it('is usable after a stream that was left early, and after one that failed', async () => {
    await using session = await warehouse.acquire()
    {
      await using stream = await session.stream('select n from generate_series(1, 100000) as n', { batchSize: 10 })
      for await (const rows of stream.batches()) {
        expect(rows).toHaveLength(10)
        break
      }
    }
    await expect(session.stream('select nothing from nowhere')).rejects.toMatchObject({ sqlState: '42P01', position: 20 })
    {
      await using stream = await session.stream('select 10 / (50 - n) from generate_series(1, 100) as n', { batchSize: 10 })
      await expect(collect(stream.batches())).rejects.toMatchObject({ message: 'division by zero' })
    }
    expect((await session.query('select 1')).rows).toEqual([['1']])
  })

  it('streams within the transaction of the session', async () => {
    await using session = await warehouse.acquire()
    await session.run('begin; create table events (event_id integer); insert into events select generate_series(1, 25)')
    {
      await using stream = await session.stream('select event_id from events', { batchSize: 10 })
      expect((await collect(stream.batches())).length).toBe(25)
    }
    await session.run('rollback')
    expect((await session.query(`select to_regclass('events')`)).rows).toEqual([[null]])
  })

  it('copies rows in, whatever is in them and wherever the bytes are cut', async () => {
    await using session = await warehouse.acquire()
    await session.run('create temp table precincts (precinct text, note text)')
    const csv = Buffer.from('01,"a ""quoted"" name"\n11E1,"two\nlines"\n001 Harbins A,\n"O\'Brien, 🗳️",""\n')
    async function* bytes(): AsyncIterable<Uint8Array> {
      for (let at = 0; at < csv.length; at += 3) yield csv.subarray(at, at + 3)
    }
    expect(await session.copyFrom('copy precincts from stdin (format csv)', bytes())).toBe(4)
    expect((await session.query('select precinct, note from precincts')).rows).toEqual([
      ['01', 'a "quoted" name'],
      ['11E1', 'two\nlines'],
      ['001 Harbins A', null],
      [`O'Brien, 🗳️`, ''],
    ])
  })

  it('copies megabytes in, within the transaction of the session', async () => {
    await using session = await warehouse.acquire()
    await session.run('begin; create table pledges (pledge_id integer, memo text)')
    expect(await session.copyFrom('copy pledges from stdin (format csv, header)', manyRows(200_000))).toBe(200_000)
    expect((await session.query('select count(*), sum(pledge_id), max(length(memo)) from pledges')).rows).toEqual([
      ['200000', '20000100000', '40'],
    ])
    await session.run('rollback')
    expect((await session.query(`select to_regclass('pledges')`)).rows).toEqual([[null]])
  })

  it('is usable after rows that do not fit, and after a source of rows that fails', async () => {
    await using session = await warehouse.acquire()
    await session.run('create temp table shifts (shift_id integer)')
    await expect(session.copyFrom('copy shifts from stdin', lines(50_000, 'x'))).rejects.toMatchObject({
      name: 'WarehouseError',
      message: 'invalid input syntax for type integer: "…"',
      sqlState: '22P02',
    })
    expect(session.broken).toBe(false)
    expect((await session.query('select count(*) from shifts')).rows).toEqual([['0']])
    await expect(session.copyFrom('copy shifts from stdin', failing())).rejects.toThrow('The file ends in the middle of a row.')
    expect(session.broken).toBe(false)
    expect((await session.query('select count(*) from shifts')).rows).toEqual([['0']])
    await expect(session.copyFrom('copy nowhere from stdin', lines(5, '1'))).rejects.toMatchObject({ sqlState: '42P01' })
    expect(await session.copyFrom('copy shifts from stdin', lines(5, '1'))).toBe(5)
  })

  it('copies rows out', async () => {
    await using session = await warehouse.acquire()
    const chunks: Uint8Array[] = []
    for await (const chunk of session.copyTo(`copy (select n, 'é' from generate_series(1, 100000) as n) to stdout (format csv)`))
      chunks.push(chunk)
    const rows = Buffer.concat(chunks).toString().trimEnd().split('\n')
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([100_000, '1,é', '100000,é'])
    await expect(collectBytes(session.copyTo('copy nowhere to stdout'))).rejects.toMatchObject({ sqlState: '42P01' })
    expect((await session.query('select 1')).rows).toEqual([['1']])
  })

  it('ends a copy out that is left early', async () => {
    {
      await using session = await warehouse.acquire()
      for await (const chunk of session.copyTo('copy (select generate_series(1, 2000000000)) to stdout')) {
        expect(chunk.length).toBeGreaterThan(0)
        break
      }
    }
    await using next = await warehouse.acquire()
    expect((await next.query('select 1')).rows).toEqual([['1']])
  })

  it('hands out sessions in parallel, as many as it says, and lets others wait', async () => {
    const held = await Promise.all(Array.from({ length: warehouse.capabilities.maxSessions }, () => warehouse.acquire()))
    const waiting = warehouse.acquire()
    expect(new Set(held.map((session) => session.processId)).size).toBe(held.length)
    await held[0]?.[Symbol.asyncDispose]()
    await using next = await waiting
    expect(next.processId).toBe(held[0]?.processId)
    await Promise.all(held.map((session) => session[Symbol.asyncDispose]()))
  })

  it('rolls back what a session leaves open when it is given back', async () => {
    {
      await using session = await warehouse.acquire()
      await session.run('begin; create table turf (turf_id integer)')
    }
    await using session = await warehouse.acquire()
    expect((await session.query(`select to_regclass('turf')`)).rows).toEqual([[null]])
  })

  it('cancels what a session runs, and opens another one', async () => {
    {
      await using session = await warehouse.acquire()
      await session.run('create table kept as select 1 as one')
      const running = session
        .run('create table lost as select count(*) from generate_series(1, 2000000000) as n')
        .catch((error: unknown) => error)
      await session.cancel()
      expect(await running).toMatchObject({ name: 'WarehouseError', message: 'canceling statement due to user request', sqlState: '57014' })
    }
    await using next = await warehouse.acquire()
    expect((await next.query(`select to_regclass('kept') is null, to_regclass('lost') is null`)).rows).toEqual([['f', 't']])
  })

  it('cancels nothing where nothing runs', async () => {
    await using session = await warehouse.acquire()
    await session.cancel()
    expect((await session.query('select 1')).rows).toEqual([['1']])
  })

  it('presents itself to the server by the name of the run', async () => {
    await using session = await warehouse.acquire()
    expect((await session.query(`select current_setting('application_name'), pg_backend_pid()`)).rows).toEqual([
      ['sqlflow contract', String(session.processId)],
    ])
  })

  it('has a label for people', async () => {
    await using _session = await warehouse.acquire()
    expect(warehouse.label).toMatch(
      type === 'postgres' ? /^postgres 18\.\d+ on 127\.0\.0\.1:\d+\/test_[0-9a-f]{12}$/ : /^pglite \(postgres 18\.\d+\) in .+$/,
    )
  })

  it('sets search path, role and time limit of every session', async () => {
    await using other = await create()
    const connection = { ...other.target.connection, searchPath: ['Field Data', 'public'], statementTimeout: 60_000, role: 'postgres' }
    await using configured = await openWarehouse({ ...other.target, connection }, { applicationName: 'sqlflow contract' })
    await using session = await configured.acquire()
    expect((await session.query(`select current_setting('search_path'), current_setting('statement_timeout'), current_user`)).rows).toEqual(
      [['"Field Data", public', '1min', 'postgres']],
    )
  })

  it('closes without having been used', async () => {
    await using other = await create()
    const unused = await openWarehouse(other.target, { applicationName: 'sqlflow contract' })
    await expect(unused[Symbol.asyncDispose]()).resolves.toBeUndefined()
  })
})

async function collect(batches: AsyncIterable<readonly Row[]>): Promise<readonly Row[]> {
  const all: Row[] = []
  for await (const rows of batches) all.push(...rows)
  return all
}

async function collectBytes(bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0
  for await (const chunk of bytes) length += chunk.length
  return length
}

async function* manyRows(count: number): AsyncIterable<Uint8Array> {
  let text = 'pledge_id,memo\n'
  for (let row = 1; row <= count; row++) {
    text += `${row},${'m'.repeat(40)}\n`
    if (text.length < 100_000 && row < count) continue
    yield Buffer.from(text)
    text = ''
  }
}

/** Numbers, and in the middle of them one line that is `last`. */
async function* lines(count: number, middle: string): AsyncIterable<Uint8Array> {
  for (let line = 0; line < count; line++) yield Buffer.from(line === Math.floor(count / 2) ? `${middle}\n` : `${line}\n`)
}

async function* failing(): AsyncIterable<Uint8Array> {
  yield Buffer.from('1\n2\n')
  throw new Error('The file ends in the middle of a row.')
}
