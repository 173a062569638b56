import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRowDigest } from '../../../src/exports/destinations/google-sheets/row-digest.ts'

function digest(rows: readonly string[], { ordered = false, about = '' } = {}): string {
  const one = createRowDigest(ordered)
  for (const row of rows) one.add(row)
  return one.finish(about)
}

const rows = fc.array(fc.json(), { maxLength: 20 })

it('does not depend on the order of rows', () => {
  fc.assert(
    fc.property(rows, fc.integer(), (some, seed) => {
      const shuffled = some.toSorted((a, b) => ((a.length * 31 + seed) % 7) - ((b.length * 31 + seed) % 7))
      expect(digest(shuffled)).toBe(digest(some))
    }),
  )
})

it('depends on every row, how often it stands there, and what is said about them', () => {
  fc.assert(
    fc.property(rows, fc.json(), (some, more) => {
      expect(digest([...some, more])).not.toBe(digest(some))
      expect(digest([...some, more, more])).not.toBe(digest([...some, more]))
      expect(digest(some, { about: 'x' })).not.toBe(digest(some))
    }),
  )
})

it('depends on the order where the order is asked for', () => {
  expect(digest(['[1]', '[2]'], { ordered: true })).not.toBe(digest(['[2]', '[1]'], { ordered: true }))
})
