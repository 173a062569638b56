import { describe, expect, it } from 'vitest'
import { createMask } from '../../src/core/mask.ts'

describe('the mask of secrets', () => {
  it('hides a secret as it is, encoded, and as JSON writes it', () => {
    const secret = 'p"ss w/rd+1'
    const mask = createMask([secret])
    const spellings = [
      secret,
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
    ]
    expect(spellings.map((one) => mask(`before ${one} after`))).toEqual(spellings.map(() => 'before *** after'))
  })

  it('hides the password of a URL wherever it stands, as written and decoded', () => {
    const mask = createMask(['postgres://ana:s3cr%40t-word@db.example.org/field'])
    expect(mask('login with s3cr@t-word or s3cr%40t-word failed')).toBe('login with *** or *** failed')
    expect(mask('postgres://ana:s3cr%40t-word@db.example.org/field')).toBe('***')
  })

  it('leaves a password that only repeats its user, but not the URL it stands in', () => {
    const url = 'postgres://postgres:postgres@localhost/field'
    const mask = createMask([url])
    expect(mask(`postgres 18 at ${url}`)).toBe('postgres 18 at ***')
  })

  it('leaves a password that is a word of every run, but not the URL it stands in', () => {
    const url = 'postgres://field:test@localhost/field'
    const mask = createMask([url])
    expect(mask(`✗ test unique_supporters ${url} {"node":"test:unique_supporters"}`)).toBe(
      '✗ test unique_supporters *** {"node":"test:unique_supporters"}',
    )
  })

  it('keeps JSON whole when a secret is a short number', () => {
    const line = (text: string): string => JSON.stringify({ seq: 2, ms: 2.25, text })
    const mask = createMask(['2'])
    expect(mask(line('the PIN is 2'))).toBe(line('the PIN is ***'))
    expect(mask(JSON.stringify({ version: 2, text: '2' }, null, 1))).toBe(JSON.stringify({ version: 2, text: '***' }, null, 1))
  })

  it('hides a short secret as a whole word alone', () => {
    const mask = createMask(['abc1'])
    expect(mask('abc1, xabc12, "abc1"')).toBe('***, xabc12, "***"')
  })

  it('hides the longest first, so that no rest of one shows', () => {
    expect(createMask(['turf-key', 'turf-key-long'])('turf-key-long')).toBe('***')
  })

  it('changes nothing without secrets', () => {
    expect(createMask(['', ' '.trim()])('anything')).toBe('anything')
  })
})
