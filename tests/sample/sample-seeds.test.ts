import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { makeSampleSeeds } from '../../scripts/seeds/sample-seeds.ts'

const folder = new URL('../../seeds/', import.meta.url)
const seeds = makeSampleSeeds()

function textOf(name: string): string {
  return seeds.find((seed) => seed.name === name)?.text ?? ''
}

describe('the seeds of the sample project', () => {
  it('are the files that scripts/generate-seeds.ts writes, byte for byte', () => {
    const changed = seeds.filter(({ name, text }) => readFileSync(new URL(name, folder), 'utf8') !== text)
    expect(changed.map(({ name }) => name)).toEqual([])
  })

  it('are all written by the generator, and none is left from before', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.csv'))
    expect(files.sort()).toEqual(seeds.map(({ name }) => name).sort())
  })

  it('stay small enough to clone and to load at once', () => {
    const rows = seeds.map(({ text }) => text.split('\n').length - 2)
    const bytes = seeds.map(({ text }) => Buffer.byteLength(text))
    expect(sum(rows)).toBeLessThan(10_000)
    expect(sum(bytes)).toBeLessThan(1_500_000)
  })

  it.each([
    ['a phone in parentheses', 'supporters.csv', /,\(\d{3}\) 555-01\d\d,/],
    ['a phone with dots', 'supporters.csv', /,\d{3}\.555\.01\d\d,/],
    ['a phone that is none', 'supporters.csv', /,n\/a,/],
    ['an empty string', 'supporters.csv', /,"",/],
    ['a NULL', 'supporters.csv', /,,/],
    ['a zip with its leading zero', 'supporters.csv', /,01\d{3},/],
    ['a zip that lost its leading zero', 'supporters.csv', /,1\d{3},/],
    ['a name with an apostrophe', 'supporters.csv', /,O'Brien,/],
    ['a name with an accent', 'supporters.csv', /,Muñoz,/],
    ['a name with a space at its end', 'supporters.csv', /,[A-Z][a-z]+ ,/],
    ['an address in another case, a duplicate', 'supporters.csv', /,[A-Z.]+\d+@EXAMPLE\.(?:ORG|COM|NET) ,/],
    ['a date before anybody was born', 'supporters.csv', /,1900-01-01,/],
    ['a date in the future', 'supporters.csv', /,2206-03-05,/],
    ['a precinct that looks like a number', 'turfs.csv', /,1E5,/],
    ['a quoted quote', 'events.csv', /"Door knock: ""First Saturday"""/],
    ['a quoted line feed', 'contact_attempts.csv', /"Moved; ask for new address\nneighbor confirmed"/],
    ['a cell that a spreadsheet would compute', 'contact_attempts.csv', /,=asks for equal pay info/],
  ])('hold %s', (_what, name, pattern) => {
    expect(textOf(name)).toMatch(pattern)
  })

  it('hold only phones of the range that is kept for fiction, and addresses that receive no mail', () => {
    const text = textOf('supporters.csv')
    expect(text.match(/\d{3}\D{0,2}\d{3}\D?\d{4}(?=,)/g)?.filter((phone) => !/555\D?01\d\d$/.test(phone))).toEqual([])
    expect(text.match(/@[a-z.]+/gi)?.filter((domain) => !/^@example\.(?:org|com|net)$/i.test(domain))).toEqual([])
  })
})

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
