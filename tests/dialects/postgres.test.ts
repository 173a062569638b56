import { describe, expect, it } from 'vitest'
import { postgresDialect } from '../../src/dialects/postgres.ts'

describe('the Postgres dialect', () => {
  it.each([
    ['int', 'integer'],
    ['VARCHAR(20)', 'character varying(20)'],
    ['decimal(10, 2)', 'numeric(10,2)'],
    ['numeric(10)', 'numeric(10,0)'],
    ['timestamptz', 'timestamp with time zone'],
    ['timestamp(3)', 'timestamp(3) without time zone'],
    ['timestamp (3) with time zone', 'timestamp(3) with time zone'],
    ['Text[]', 'text[]'],
    ['double  precision', 'double precision'],
    ['geography(Point, 4326)', 'geography(Point, 4326)'],
    ['"Turf"', '"Turf"'],
    ['county_code', 'county_code'],
  ])('spells the type %s as %s', (written, spelled) => {
    expect(postgresDialect.typeName(written)).toBe(spelled)
  })

  it('quotes identifiers and literals', () => {
    expect(postgresDialect.relation({ schema: 'Field', name: 'a"b' })).toBe('"Field"."a""b"')
    const values = [`O'Brien`, 2026, -5, true, null, ['PA'], { state: `O'` }] as const
    expect(values.map(postgresDialect.quoteLiteral)).toEqual([
      `'O''Brien'`,
      '2026',
      '(-5)',
      'true',
      'null',
      `'["PA"]'`,
      `'{"state":"O''"}'`,
    ])
  })
})
