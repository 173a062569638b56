import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { genericTests } from '../../src/data-tests/generic/index.ts'
import { builtinTests } from '../../src/project/builtin-tests.ts'

it('every test that a project may use as built in has its SQL, and the other way round', () => {
  expect([...genericTests.keys()].sort()).toEqual(Object.keys(builtinTests).sort())
})

it('every built-in test stands in the table of the documentation', async () => {
  const text = await readFile(new URL('../../docs/data-tests.md', import.meta.url), 'utf8')
  const documented = Array.from(text.matchAll(/^\| `(\w+)` \| (?:column|relation)/gm), (row) => row[1]!)
  expect(documented.sort()).toEqual([...genericTests.keys()].sort())
})
