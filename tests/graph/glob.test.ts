import { expect, test } from 'vitest'
import { matchName, matchPath } from '../../src/graph/glob.ts'

test.each([
  ['stg_*', 'stg_events', true],
  ['stg_*', 'old_stg_events', false],
  ['turf?', 'turf1', true],
  ['turf?', 'turf', false],
  ['turf[0-9]', 'turf7', true],
  ['turf[!0-9]', 'turf7', false],
  ['turf[^0-9]', 'turfx', true],
  ['[]]', ']', true],
  ['a.b', 'axb', false],
  ['a+(b)|c$', 'a+(b)|c$', true],
  ['*(b)', 'a(b)', true],
  ['turf[', 'turf[', true],
  ['turf[z-a]', 'turf[z-a]', true],
  ['turf[\\d]', 'turfd', true],
  ['Ünï*', 'Ünïon', true],
  ['?', '😀', true],
])('the name pattern %s and %s', (pattern, name, expected) => {
  expect(matchName(pattern)(name)).toBe(expected)
})

test.each([
  ['models', 'models/marts/turf.sql', true],
  ['models/', 'models/marts/turf.sql', true],
  ['./models', 'models/turf.sql', true],
  ['.', 'seeds/regions.csv', true],
  ['model', 'models/turf.sql', false],
  ['models/*', 'models/marts/turf.sql', true],
  ['models/*.sql', 'models/marts/turf.sql', false],
  ['models/**/*.sql', 'models/turf.sql', true],
  ['models/**/*.sql', 'models/marts/core/turf.sql', true],
  ['**/core', 'models/marts/core/turf.sql', true],
  ['models\\marts', 'models/marts/turf.sql', true],
])('the path pattern %s and %s', (pattern, path, expected) => {
  expect(matchPath(pattern)(path)).toBe(expected)
})
