/** What each type becomes in a cell, on a real Postgres: types and spellings are the server's own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCellWriter, numberFormatOf, type CellOptions } from '../../../src/exports/destinations/google-sheets/cells.ts'
import { wallClockOf } from '../../../src/exports/destinations/google-sheets/serial-time.ts'
import { openWarehouse } from '../../../src/warehouses/open-warehouse.ts'
import type { Session, Warehouse } from '../../../src/warehouses/warehouse.ts'
import { createDatabase, targetOver } from '../../support/databases.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let warehouse: Warehouse
let session: Session

beforeAll(async () => {
  database = await createDatabase()
  warehouse = await openWarehouse(targetOver('postgres', { url: database.url }), { applicationName: 'sqlflow test' })
  session = await warehouse.acquire()
})

afterAll(async () => {
  await session[Symbol.asyncDispose]()
  await warehouse[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

interface Wanted extends Partial<Omit<CellOptions, 'toWall'>> {
  readonly format?: string
  readonly timeZone?: string
}

async function cellOf(
  expression: string,
  { format, timeZone = 'America/New_York', bigNumbers = 'text', longText = 'error' }: Wanted = {},
): Promise<unknown> {
  const { fields, rows } = await session.query(`select ${expression} as value`)
  const column = { index: 0, field: fields[0]!, title: 'value', format }
  const write = createCellWriter(column, { bigNumbers, longText, toWall: wallClockOf(timeZone) })
  return JSON.parse(write(rows[0]![0]!))
}

async function formatOf(expression: string, format?: string): Promise<unknown> {
  const { fields } = await session.query(`select ${expression} as value`)
  return numberFormatOf({ field: fields[0]!, format })
}

describe('a cell', () => {
  it.each([
    ['501', 501],
    ['-0.5::numeric(4, 2)', -0.5],
    ['123456789012345::bigint', 123456789012345],
    ['1000000000000000000::bigint', 1e18],
    ['1.50000000000000000000::numeric', 1.5],
    ['0.1::float8 + 0.2', 0.30000000000000004],
    ['1e300::float8', 1e300],
    ['true', true],
    ['false', false],
  ])('of %s is a number or a truth', async (expression, wanted) => {
    expect(await cellOf(expression)).toBe(wanted)
  })

  it.each([
    ["'00501'::text", '00501'],
    ["'11E1'::varchar(8)", '11E1'],
    ['\'=IMPORTXML("https://example.org", "//a")\'', '=IMPORTXML("https://example.org", "//a")'],
    ['12345678901234567890::numeric', '12345678901234567890'],
    ['0.12345678901234567::numeric', '0.12345678901234567'],
    ["'NaN'::float8", 'NaN'],
    ["'-Infinity'::numeric", '-Infinity'],
    ["'infinity'::date", 'infinity'],
    ["date '0044-03-15 BC'", '0044-03-15 BC'],
    ["date '1899-12-29'", '1899-12-29'],
    ['\'{"a": [1, 2], "b": "x  y"}\'::json', '{"a":[1,2],"b":"x  y"}'],
    ["array['PA', 'GA']", '{PA,GA}'],
    ["'\\x00ff'::bytea", '\\x00ff'],
    ["'a8098c1a-f86e-11da-bd1a-00112444be1e'::uuid", 'a8098c1a-f86e-11da-bd1a-00112444be1e'],
    ["interval '1 year 2 days'", '1 year 2 days'],
    ["time with time zone '18:00+02'", '18:00:00+02'],
    ["E'two\\nlines'", 'two\nlines'],
  ])('of %s is a text', async (expression, wanted) => {
    expect(await cellOf(expression)).toBe(wanted)
  })

  it.each([
    ["date '2020-01-01'", 43831],
    ["date '1899-12-30'", 0],
    ["date '9999-12-31'", 2958465],
    ["timestamp '2020-01-01 12:00'", 43831.5],
    ["timestamptz '2026-11-01 05:30+00'", 46327 + 1.5 / 24], // 01:30, before the clocks go back
    ["timestamptz '2026-11-01 06:30+00'", 46327 + 1.5 / 24], // 01:30 again
    ["timestamptz '2026-03-08 07:00+00'", 46089 + 3 / 24],
    ["time '18:00'", 0.75],
    ["interval '3 days 12 hours'", 3.5],
    ["interval '-90 minutes'", -0.0625],
  ])('of %s counts days', async (expression, wanted) => {
    expect(await cellOf(expression)).toBeCloseTo(wanted, 9)
  })

  it('shows an instant on the clock of its zone', async () => {
    expect(await cellOf("timestamptz '2020-01-01 00:00+00'", { timeZone: 'UTC' })).toBe(43831)
    expect(await cellOf("timestamptz '2020-01-01 00:00+00'", { timeZone: 'Asia/Kolkata' })).toBeCloseTo(43831 + 5.5 / 24, 9)
  })

  it('is a text whatever its type where the format says so', async () => {
    expect(await cellOf('501', { format: 'text' })).toBe('501')
  })

  it('of a number too long for a double is a text, or rounded, or refused, as the export says', async () => {
    expect(await cellOf('12345678901234567890::numeric', { bigNumbers: 'number' })).toBe(12345678901234567000)
    await expect(cellOf('12345678901234567890::numeric', { bigNumbers: 'error' })).rejects.toThrow('big-number')
  })

  it('of a text that is too long is refused, or cut without half a character', async () => {
    expect(await cellOf("repeat('x', 50000)")).toHaveLength(50_000)
    await expect(cellOf("repeat('x', 50001)")).rejects.toThrow('long-text')
    expect(await cellOf("repeat('x', 49999) || '😀'", { longText: 'truncate' })).toBe('x'.repeat(49_999))
  })
})

describe('the format of a column', () => {
  it.each([
    ['501', undefined, undefined],
    ["'00501'", undefined, { type: 'TEXT', pattern: '@' }],
    ['current_date', undefined, { type: 'DATE', pattern: 'yyyy-mm-dd' }],
    ['now()', 'd mmm', { type: 'DATE_TIME', pattern: 'd mmm' }],
    ['12.5', '$#,##0.00', { type: 'CURRENCY', pattern: '$#,##0.00' }],
    ['0.5', '0%', { type: 'PERCENT', pattern: '0%' }],
    ['501', 'text', { type: 'TEXT', pattern: '@' }],
  ])('of %s as %s', async (expression, format, wanted) => {
    expect(await formatOf(expression, format)).toEqual(wanted)
  })
})
