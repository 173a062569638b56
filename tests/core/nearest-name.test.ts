import { describe, expect, it } from 'vitest'
import { didYouMean } from '../../src/core/nearest-name.ts'

describe('The name that was meant', () => {
  it.each([
    ['a swapped pair of letters in a short name', 'modle', ['seed', 'model'], 'model'],
    ['a swapped pair at the end', 'tabel', ['view', 'table'], 'table'],
    ['a letter too few', 'stg_suporters', ['stg_events', 'stg_supporters'], 'stg_supporters'],
    ['a letter too many', 'turfs_list', ['turf_list'], 'turf_list'],
    ['another case', 'Pledges', ['pledges'], 'pledges'],
    ['several slips in a long name', 'sgt_suporters_by_regon', ['stg_supporters_by_region'], 'stg_supporters_by_region'],
    ['the closest of several', 'turf', ['turn', 'turf_list', 'surf', 'turfs'], 'turn'],
  ])('is found after %s', (_slip, given, names, meant) => {
    expect(didYouMean(given, names)).toBe(`Did you mean \`${meant}\`?`)
  })

  it.each([
    ['another word', 'pledges', ['supporters', 'events']],
    ['a name of one letter, which is as close to every other', 'x', ['y', 'z']],
    ['two slips in a short name', 'trff', ['turf']],
    ['no names', 'turf', []],
  ])('is not guessed from %s', (_why, given, names) => {
    expect(didYouMean(given, names)).toBeUndefined()
  })
})
