import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { renderCliReference } from '../../scripts/cli-reference.ts'

it('The reference of the command line is what `node scripts/write-cli-reference.ts` writes', () => {
  expect(readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')).toBe(renderCliReference())
})
