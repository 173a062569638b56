import { describe, expect, it } from 'vitest'
import { parseComparison } from '../../src/data-tests/comparison.ts'
import { judge } from '../../src/data-tests/judge.ts'
import { optionsOf } from './support.ts'

const of = (failures: number, total: number | null = 1000) => ({ failures, total })

describe('judge', () => {
  it('fails at the first failing row', () => {
    expect([0, 1].map((failures) => judge(optionsOf(), of(failures)))).toEqual(['pass', 'fail'])
  })

  it('only warns when the severity is warn, whatever error_if says', () => {
    const options = optionsOf({ severity: 'warn', errorIf: '> 10' })
    expect([0, 1, 11].map((failures) => judge(options, of(failures)))).toEqual(['pass', 'warn', 'warn'])
  })

  it('warns below error_if, because warn_if is "!= 0"', () => {
    const options = optionsOf({ errorIf: '> 10' })
    expect([0, 10, 11].map((failures) => judge(options, of(failures)))).toEqual(['pass', 'warn', 'fail'])
  })

  it('asks error_if before warn_if', () => {
    const options = optionsOf({ warnIf: '> 5', errorIf: '> 10' })
    expect([5, 6, 10, 11].map((failures) => judge(options, of(failures)))).toEqual(['pass', 'warn', 'warn', 'fail'])
  })

  it('tolerates max_failures rows', () => {
    const options = optionsOf({ maxFailures: 3 })
    expect([3, 4].map((failures) => judge(options, of(failures)))).toEqual(['pass', 'fail'])
  })

  it('tolerates a share of the rows', () => {
    const options = optionsOf({ maxFailures: { share: 0.01 } })
    expect([10, 11].map((failures) => judge(options, of(failures)))).toEqual(['pass', 'fail'])
    expect(judge(options, of(1, 99))).toBe('fail')
    expect(judge(options, of(1, 100))).toBe('pass')
    expect(judge(options, of(0, 0))).toBe('pass')
    expect(judge(optionsOf({ maxFailures: { share: 0.29 } }), of(29, 100))).toBe('pass')
  })

  it('tolerates nothing as a share of rows that nobody counted', () => {
    expect(judge(optionsOf({ maxFailures: { share: 0.5 } }), of(1, null))).toBe('fail')
  })

  it('warns by warn_if within max_failures', () => {
    const options = optionsOf({ maxFailures: 10, warnIf: '>= 5' })
    expect([4, 5, 10, 11].map((failures) => judge(options, of(failures)))).toEqual(['pass', 'warn', 'warn', 'fail'])
  })
})

describe('parseComparison', () => {
  it.each([
    ['> 10', [11], [10]],
    ['>= 5', [5], [4]],
    ['<2', [1], [2]],
    ['<= 2', [2], [3]],
    ['!= 0', [1], [0]],
    ['<> 0', [1], [0]],
    ['= 3', [3], [4]],
  ])('reads %s', (text, holds, fails) => {
    const comparison = parseComparison(text)
    expect(holds.map(comparison)).toEqual(holds.map(() => true))
    expect(fails.map(comparison)).toEqual(fails.map(() => false))
  })

  it.each(['', '10', '>', '=> 1', '! 3', '> 10%', '> 1; drop table turf'])('refuses %j', (text) => {
    expect(() => parseComparison(text)).toThrow(`\`${text}\` is no comparison of a count of rows.`)
  })
})
