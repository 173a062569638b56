import { describe, expect, it } from 'vitest'
import { redshiftDialect } from '../../src/dialects/redshift.ts'
import { readRecords, type CopyRecord } from '../../src/materializations/copy-records.ts'
import { insertBatches, type BatchLimits, type InsertBatch } from '../../src/materializations/insert-batches.ts'

const csv = 'a,"two\nlines, ""quoted""",\n"",🗳️,"\\."\n,,\nlast,"x","y"'

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array, void> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function collect<T>(all: AsyncIterable<T>): Promise<readonly T[]> {
  const collected: T[] = []
  for await (const one of all) collected.push(one)
  return collected
}

async function recordsOf(text: string, size: number): Promise<readonly CopyRecord[]> {
  const records: CopyRecord[] = []
  for await (const piece of readRecords(inPieces(text, size), ',')) records.push(...piece)
  return records
}

async function batchesOf(types: readonly string[], text: string, limits?: BatchLimits): Promise<readonly InsertBatch[]> {
  const columns = types.map((type, k) => ({ name: `c${k}`, type }))
  const options = { head: 'insert into t values', columns, dialect: redshiftDialect, ...(limits && { limits }) }
  return await collect(insertBatches(readRecords(inPieces(text, 7), ','), options))
}

describe('records of what COPY would read', () => {
  it('are the same, however their bytes are cut', async () => {
    const whole = await recordsOf(csv, csv.length * 4)
    expect(whole).toEqual([
      { line: 1, values: ['a', 'two\nlines, "quoted"', null] },
      { line: 3, values: ['', '🗳️', '\\.'] },
      { line: 4, values: [null, null, null] },
      { line: 5, values: ['last', 'x', 'y'] },
    ])
    for (let size = 1; size < 20; size++) expect(await recordsOf(csv, size)).toEqual(whole)
  })

  it('are one for each line where there is one column', async () => {
    const values = (await recordsOf('a\n\n"b"\n""', 3)).map((record) => record.values)
    expect(values).toEqual([['a'], [null], ['b'], ['']])
  })
})

describe('statements that insert them', () => {
  it('write a number where it is one, true and false, and all else as a text of its type', async () => {
    const types = ['integer', 'numeric(10, 2)', 'double precision', 'boolean', 'date', 'varchar(10)', 'super']
    const [batch] = await batchesOf(types, `1,-2.5,3e5,T,2026-11-03,it's \\,"{""a"": 1}"\n1.5,NaN,NaN,maybe,x,"",\n`)
    expect(batch).toEqual({
      sql: `insert into t values
(1,-2.5,'3e5'::double precision,true,'2026-11-03'::date,'it''s \\\\',json_parse('{"a": 1}')),
('1.5'::integer,'NaN'::numeric(10, 2),'NaN'::double precision,'maybe'::boolean,'x'::date,'',null)`,
      bytes: 210,
      rows: 2,
    })
  })

  it('are bounded in rows and bytes, but for a record that is larger', async () => {
    const lines = (count: number, of: string): string => `${of}\n`.repeat(count)
    const shape = async (text: string, limits: BatchLimits): Promise<readonly (readonly [number, number])[]> =>
      (await batchesOf(['varchar(100)'], text, limits)).map(({ rows, bytes }) => [rows, bytes] as const)
    expect(await shape(lines(7, 'a'), { rows: 3, bytes: 1000 })).toEqual([
      [3, 40],
      [3, 40],
      [1, 26],
    ])
    expect(await shape(lines(4, 'é'.repeat(10)), { rows: 100, bytes: 75 })).toEqual([
      [2, 71],
      [2, 71],
    ])
    expect(await shape(`a\n${'x'.repeat(90)}\nb\n`, { rows: 100, bytes: 40 })).toEqual([
      [1, 26],
      [1, 115],
      [1, 26],
    ])
  })

  it('are none where there is no record', async () => {
    expect(await batchesOf(['integer'], '')).toEqual([])
  })
})
