import { describe, expect, it } from 'vitest'
import { redshiftDialect } from '../../src/dialects/redshift.ts'
import { isSameType } from '../../src/dialects/same-type.ts'

describe('the Redshift dialect', () => {
  it.each([
    ['int', 'integer'],
    ['VARCHAR(20)', 'character varying(20)'],
    ['nvarchar(20)', 'character varying(20)'],
    ['text', 'character varying'],
    ['varchar(MAX)', 'character varying(65535)'],
    ['character varying ( max )', 'character varying(65535)'],
    ['char(max)', 'character(4096)'],
    ['bpchar', 'character'],
    ['super(max)', 'super(max)'],
    ['decimal(10, 2)', 'numeric(10,2)'],
    ['numeric(10)', 'numeric(10,0)'],
    ['float', 'double precision'],
    ['timestamptz', 'timestamp with time zone'],
    ['TIMESTAMP', 'timestamp without time zone'],
    ['timetz', 'time with time zone'],
    ['varbyte(64)', 'binary varying(64)'],
    ['varbinary', 'binary varying'],
    ['SUPER', 'super'],
    ['HllSketch', 'hllsketch'],
    ['Interval Year to Month', 'interval year to month'],
    ['county_code', 'county_code'],
  ])('spells the type %s as %s', (written, spelled) => {
    expect(redshiftDialect.typeName(written)).toBe(spelled)
  })

  it('takes text for a character varying of any length, and for nothing else', () => {
    expect(isSameType('text', 'character varying(256)', redshiftDialect)).toBe(true)
    expect(isSameType('varchar(max)', 'character varying(65535)', redshiftDialect)).toBe(true)
    expect(isSameType('varchar(max)', 'character varying(256)', redshiftDialect)).toBe(false)
    expect(isSameType('text', 'super', redshiftDialect)).toBe(false)
  })

  it('lowers the letters of names that the server lowers, and quotes them', () => {
    expect(redshiftDialect.relation({ schema: 'Field', name: 'A"B' })).toBe('"field"."a""b"')
    expect(redshiftDialect.quoteIdentifier('GROUP')).toBe('"group"')
    expect(redshiftDialect.quoteIdentifier('ÄRGER Ort')).toBe('"Ärger ort"')
  })

  it('writes literals in which a backslash stands for itself', () => {
    const values = [`O'Brien`, 'C:\\', '\\d+', 2026, -5, true, null, { state: 'a"b' }] as const
    expect(values.map(redshiftDialect.quoteLiteral)).toEqual([
      `'O''Brien'`,
      `'C:\\\\'`,
      `'\\\\d+'`,
      '2026',
      '(-5)',
      'true',
      'null',
      `'{"state":"a\\\\"b"}'`,
    ])
  })

  it('allows names of 127 bytes, and asks the time by getdate', () => {
    expect(redshiftDialect.identifierBytes).toBe(127)
    expect(redshiftDialect.now).toBe('getdate()')
  })
})
