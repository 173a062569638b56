/** The architecture names functions, types and files: each must exist, so that the page cannot rot. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8')
const prose = page.replaceAll(/^```[\s\S]*?^```/gm, '')
const named = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, name]) => name!)

function sources(): string {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  return files.map((file) => readFileSync(join(root, 'src', file), 'utf8')).join('\n')
}

it('names files and folders that exist', () => {
  const paths = named.filter((name) => /^(?:src|tests|docs|schemas|scripts)\/|^\w[\w-]*\.(?:ts|md)$/.test(name))
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

/** In backticks, and no names of ours: libraries, and words of SQL and of templates. */
const otherWords = new Set(['pg', 'knex', 'handlebars', 'commander', 'copy', 'where'])

it('names functions, types and fields that exist', () => {
  const identifiers = [...new Set(named.filter((name) => /^[A-Za-z]+$/.test(name) && !otherWords.has(name)))]
  expect(identifiers.length).toBeGreaterThan(60)
  const text = sources()
  const isDefined = (name: string): boolean =>
    new RegExp(String.raw`(?:function\*?|const|class|interface|type|readonly) ${name}\b`).test(text)
  expect(identifiers.filter((name) => !isDefined(name))).toEqual([])
})
