import { describe, expect, it } from 'vitest'
import { describeSeed, inspect } from './seed-file.ts'

/** The type of a column with these fields, one a line. */
const typeOf = async (...fields: readonly string[]): Promise<string> =>
  (await describeSeed(`value,note\n${fields.map((one) => `${one},x\n`).join('')}`)).replace(/, note text$/, '')

describe('types are inferred over the whole file', () => {
  it.each([
    ['integer', ['1', '-5', '2147483647', '-2147483648', '0']],
    ['bigint', ['1', '2147483648']],
    ['bigint', ['9223372036854775807', '-9223372036854775808']],
    ['numeric', ['9223372036854775808']],
    ['numeric', ['12345678901234567890']],
    ['numeric', ['1', '2.50', '-0.5', '0.00']],
    ['boolean', ['true', 'FALSE', 'True']],
    ['date', ['2026-11-03', '2024-02-29']],
    ['timestamp without time zone', ['2026-11-03 10:30', '2026-11-03T10:30:00.123456', '2026-11-03']],
    ['timestamp with time zone', ['2026-11-03 10:30:00+00', '2026-11-03T10:30:00Z', '2026-11-03 10:30:00-05:30']],
    ['text', ['', '']],
    ['integer', ['', '7', '']],
    ['integer', ['"7"']],
  ])('%s: %j', async (type, fields) => {
    expect(await typeOf(...fields)).toBe(`value ${type}`)
  })

  it.each([
    ['01'],
    ['1E5'],
    ['11E1'],
    ['+1'],
    ['"1,000"'],
    ['.5'],
    ['5.'],
    ['-0'],
    ['-0.0'],
    ['00.5'],
    [' 5'],
    ['-'],
    ['NaN'],
    ['Infinity'],
    ['t'],
    ['F'],
    ['yes'],
    ['2026-02-29'],
    ['1900-02-29'],
    ['2026-13-01'],
    ['0000-01-01'],
    ['11/03/2026'],
    ['2026-1-5'],
    ['2026-11-03 24:00'],
    ['2026-11-03 10:30:00.1234567'],
    ['2026-11-03 10:30:00+16'],
    ['""'],
  ])('%s is text', async (field) => {
    expect(await typeOf(field)).toBe('value text')
  })

  it('one field that does not fit, at the very end, makes the column text', async () => {
    const rows = Array.from({ length: 40_000 }, (_, k) => `${k},2026-01-01`)
    expect(await describeSeed(`id,day\n${rows.join('\n')}\n11E1,2026-01-01`)).toBe('id text, day date')
  })

  it('timestamps with and without a time zone do not mix, nor dates and numbers', async () => {
    expect(await typeOf('2026-11-03 10:30', '2026-11-03 10:30Z')).toBe('value text')
    expect(await typeOf('2026-11-03', '5')).toBe('value text')
  })

  it('declared types win, and the other columns are inferred still', async () => {
    expect(await describeSeed('precinct,votes\n1,5\n', { types: { precinct: 'text' } })).toBe('precinct text, votes integer')
    expect(await describeSeed('precinct,votes\n1,5\n', { types: { precinct: 'text', votes: 'numeric(10,2)' } })).toBe(
      'precinct text, votes numeric(10,2)',
    )
  })

  it('words for NULL say nothing about the type where they are not quoted', async () => {
    expect(await describeSeed('votes,note\nNA,x\n5,x\n', { nullValues: ['NA', '-'] })).toBe('votes integer, note text')
    expect(await describeSeed('votes,note\n"NA",x\n5,x\n', { nullValues: ['NA'] })).toBe('votes text, note text')
  })
})

describe('a header', () => {
  it('may begin with a byte order mark, be quoted, padded, and end in CRLF', async () => {
    expect(await describeSeed('\uFEFFid , "x"\r\n')).toBe('1:6 A quote stands inside a field that does not begin with one.')
    expect(await describeSeed('\uFEFFid ,"Earl ""Buddy"", name"\r\n1,x\r\n')).toBe('id integer, Earl "Buddy", name text')
  })

  it('alone makes an empty table of text columns', async () => {
    expect(await inspect('id,name')).toMatchObject({
      ok: true,
      seed: {
        columns: [
          { name: 'id', type: 'text' },
          { name: 'name', type: 'text' },
        ],
      },
    })
  })

  it.each([
    ['', '1:1 `pledges.csv` is empty: its first line must name the columns.'],
    ['\n1\n', '1:1 `pledges.csv` is empty: its first line must name the columns.'],
    ['id,name,id\n', '1:9 The header names `id` twice; the first is column 1.'],
    ['id,,name\n', '1:4 Column 2 of the header has no name.'],
    ['id,"name\n1,2\n', '1:4 The quote that opens here is never closed.'],
    [`id,${'é'.repeat(40)}\n`, '1:4 The name of this column has 80 bytes; the warehouse allows 63.'],
  ])('%j is a mistake', async (content, message) => {
    expect(await describeSeed(content)).toBe(message)
  })

  it('that lacks a declared column is reported where it is declared, with the nearest name', async () => {
    expect(await inspect('pledge_id,amount\n1,5\n', { types: { amuont: 'bigint' } })).toEqual({
      ok: false,
      diagnostics: [
        {
          severity: 'error',
          code: 'unknown-seed-column',
          message: '`pledges.csv` has no column `amuont`.',
          at: { file: 'seeds/seeds.yml', start: 0, end: 0 },
          hint: 'Did you mean `amount`?',
        },
      ],
    })
  })
})

describe('mistakes are located by line and never quote a value', () => {
  it.each([
    [
      'a,b\n1,2\n3\n4,5,6\n',
      '3:1 This record has 1 field; the header names 2 columns.\n4:1 This record has 3 fields; the header names 2 columns.',
    ],
    ['a,b\n1,"x\ny"\n3\n', '4:1 This record has 1 field; the header names 2 columns.'],
    ['a,b\n1,"x\n2,y\n3,z\n', '2:3 The quote that opens here is never closed.'],
    ['a,b\n1,5" pipe\n2,y\n', '2:4 A quote stands inside a field that does not begin with one.'],
    ['a,b\n1,"x"y\n2\n', '2:6 Characters follow the closing quote of a field.\n3:1 This record has 1 field; the header names 2 columns.'],
    ['a,b\n1,x\0\n', '2:4 A NUL byte stands here, which no text in the database can hold.'],
  ])('%j', async (content, message) => {
    expect(await describeSeed(content)).toBe(message)
  })

  it('a file that is not UTF-8', async () => {
    expect(await describeSeed(Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xe9]), Buffer.from('t\n')]))).toBe(
      '2:3 The file is not UTF-8: byte 0xE9.',
    )
  })

  it('a quote that opens in a large file is found where it opened', async () => {
    const rows = Array.from({ length: 60_000 }, (_, k) => `${k},some name`).join('\n')
    expect(await describeSeed(`a,b\n1,"x\n${rows}\n`)).toBe('2:3 The quote that opens here is never closed.')
  })

  it('at most twenty of a file', async () => {
    const result = await inspect(`a,b\n${'1\n'.repeat(100)}`)
    expect(result.ok ? 0 : result.diagnostics.length).toBe(20)
  })

  it('a missing file, and a delimiter that cannot be one', async () => {
    expect(await describeSeed('a\n', { delimiter: '"' })).toBe(
      '1:1 The delimiter of `pledges.csv` must be one ASCII character, and neither a quote nor a line break.',
    )
  })
})
