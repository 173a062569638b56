import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const docs = join(import.meta.dirname, '..', '..', 'docs')

it('The index of the documentation names every page, and no page that is gone', () => {
  const linked = [...readFileSync(join(docs, 'index.md'), 'utf8').matchAll(/\]\(([\w-]+\.md)\)/g)].map((match) => match[1]!)
  const pages = readdirSync(docs).filter((name) => name.endsWith('.md') && name !== 'index.md')
  expect(linked.sort()).toEqual(pages.sort())
})
