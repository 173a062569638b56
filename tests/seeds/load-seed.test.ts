import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { DiagnosticsError, WarehouseError } from '../../src/core/errors.ts'
import { postgresDialect } from '../../src/dialects/postgres.ts'
import { seedBytes } from '../../src/materializations/seed-bytes.ts'
import { locateCopyError } from '../../src/materializations/seed-copy-error.ts'
import { inspectSeed, type InspectedSeed } from '../../src/materializations/seed-inspect.ts'
import { seedCopyOptions } from '../../src/materializations/seed-statements.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Row, Session } from '../../src/warehouses/warehouse.ts'
import { createTemporaryFolder, databases } from '../support/databases.ts'
import { describeMistakes, inspected, seedFile } from './seed-file.ts'

interface Loaded {
  readonly rows: readonly Row[]
  readonly seed: InspectedSeed
}

async function load(session: Session, content: string, options: Parameters<typeof seedFile>[0] = {}): Promise<Loaded> {
  await using folder = await createTemporaryFolder()
  await writeFile(path.join(folder.path, 'pledges.csv'), content)
  const seed = inspected(await inspectSeed(seedFile(options), { root: folder.path, identifierBytes: 63 }))
  const columns = seed.columns.map(({ name, type }) => `${postgresDialect.quoteIdentifier(name)} ${type}`).join(', ')
  await session.run(`drop table if exists pledges; create table pledges (row_number bigserial, ${columns})`)
  const names = seed.columns.map(({ name }) => postgresDialect.quoteIdentifier(name)).join(', ')
  try {
    await session.copyFrom(`copy pledges (${names}) from stdin with (${seedCopyOptions(postgresDialect, seed)})`, seedBytes(seed))
  } catch (error) {
    const located = error instanceof WarehouseError ? await locateCopyError(seed, error) : undefined
    throw located ? new DiagnosticsError([located], () => undefined) : error
  }
  const { rows } = await session.query(`select ${names} from pledges order by row_number`)
  return { rows, seed }
}

/** What went wrong, as `line:column message`. */
async function failureOf(loading: Promise<Loaded>): Promise<string> {
  try {
    await loading
    return 'loaded'
  } catch (error) {
    return error instanceof DiagnosticsError ? describeMistakes(error.diagnostics) : String(error)
  }
}

describe.each(databases)('on $type', ({ create }) => {
  it('loads what the file says, and says where it cannot', async () => {
    await using database = await create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()

    const hard = 'code,name\n01,"Earl L. ""Buddy"" Carter"\n11E1,William \'Bill\' Werkheiser\n001 Harbins A,"two\nlines"\n1-05C,\n,""\n'
    const expected = [
      ['01', 'Earl L. "Buddy" Carter'],
      ['11E1', "William 'Bill' Werkheiser"],
      ['001 Harbins A', 'two\nlines'],
      ['1-05C', null],
      [null, ''],
    ]
    const plain = await load(session, hard)
    expect(plain.rows).toEqual(expected)
    expect((await load(session, hard, { types: { code: 'text', name: 'text' } })).rows).toEqual(expected)

    // Line ends of three kinds in one file, blank lines, and no line end at the end.
    const mixed = await load(session, 'id,name\r\n1,"a\r\nb"\r\n\n2,c\n\r\n3,d\r4,e')
    expect(mixed.rows).toEqual([
      ['1', 'a\r\nb'],
      ['2', 'c'],
      ['3', 'd'],
      ['4', 'e'],
    ])

    expect((await load(session, 'votes;note\nNA;"NA"\n5;-\n', { delimiter: ';', nullValues: ['NA', '-'] })).rows).toEqual([
      [null, 'NA'],
      ['5', null],
    ])
    expect((await load(session, 'a\tb\n1\tx,y\n', { delimiter: '\t' })).rows).toEqual([['1', 'x,y']])
    expect((await load(session, 'a,b\n1,\n2,')).rows).toEqual([
      ['1', null],
      ['2', null],
    ])
    expect((await load(session, 'only\n\\.\nafter\n')).rows).toEqual([['\\.'], ['after']])
    expect((await load(session, 'only\n\nlast\n')).rows).toEqual([[null], ['last']])

    const long = 'x'.repeat(70_000)
    const text = `id,note\n1,"${long}""${'"'.repeat(140_000)}"\n2,${long.repeat(3)}\n3,z\n`
    const large = await load(session, text, { types: { id: 'integer', note: 'text' } })
    expect(large.rows.map(([id, note]) => [id, note?.length])).toEqual([
      ['1', 140_001],
      ['2', 210_000],
      ['3', 1],
    ])

    const dates = { types: { id: 'integer', pledged_on: 'date' } }
    const secret = 'id,pledged_on\r\n1,2026-01-01\r\n\r\n"2",2026-02-02\r\n3,secret\r\n'
    expect(await failureOf(load(session, secret, dates))).toBe('5:1 Column `pledged_on` of this record does not fit its type date.')
    expect(await failureOf(load(session, 'id,pledged_on\n99999999999,2026-01-01\n', dates))).toBe(
      '2:1 Column `id` of this record is out of the range of its type integer.',
    )
    expect(await failureOf(load(session, 'id,pledged_on\n1,2026-01-01\n2\n', dates))).toBe(
      '3:1 This record has 1 field; the header names 2 columns.',
    )
  })

  it('loads more rows than one piece of the file holds', async () => {
    await using database = await create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    const lines = Array.from({ length: 50_000 }, (_, k) => `${k},"Name ""${k}"""\r\n`)
    const { rows } = await load(session, `id,name\r\n${lines.join('')}`)
    expect(rows.length).toBe(50_000)
    expect(rows.every(([id, name]) => name === `Name "${id}"`)).toBe(true)
  })
})
