import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const src = fileURLToPath(new URL('../../src', import.meta.url))

/** A folder imports only from those that stand before it. */
const layers = [
  'core',
  'dialects',
  'project',
  'template',
  'graph',
  'compile',
  'warehouses',
  'materializations',
  'data-tests',
  'analysis',
  'exports',
  'state',
  'runner',
  'jobs',
  'emulators',
  'ui',
  'cli',
]

/** One library, one door. */
const doors: Readonly<Record<string, readonly string[]>> = {
  handlebars: ['template'],
  knex: ['warehouses'],
  pg: ['warehouses'],
  'pg-cursor': ['warehouses'],
  'pg-copy-streams': ['warehouses'],
  '@electric-sql/pglite': ['warehouses'],
  ssh2: ['warehouses/tunnel'],
  '@aws-sdk/client-redshift': ['warehouses/redshift'],
  '@aws-sdk/client-redshift-serverless': ['warehouses/redshift'],
  commander: ['cli'],
  '@clack/prompts': ['cli'],
  'sql-formatter': ['cli'],
  'log-update': ['cli'],
  '@googleapis/sheets': ['exports/destinations/google-sheets'],
  '@googleapis/drive': ['exports/destinations/google-sheets'],
  'google-auth-library': ['exports/destinations/google-sheets'],
  'js-yaml': ['project'],
  yaml: ['project'],
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'))

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(src, file), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!)
}

describe('the structure of src', () => {
  it('has no folder that is not a layer', () => {
    expect([...new Set(files.map((file) => file.split('/')[0]))].filter((folder) => !layers.includes(folder!))).toEqual([])
  })

  it('lets a folder import only from folders above it', () => {
    const broken = files.flatMap((file) => {
      const layer = layers.indexOf(file.split('/')[0]!)
      return importsOf(file)
        .filter((path) => path.startsWith('.'))
        .map((path) => relative(src, join(src, dirname(file), path)).replaceAll('\\', '/'))
        .filter((path) => !path.startsWith('..') && layers.indexOf(path.split('/')[0]!) > layer)
        .map((path) => `${file} imports ${path}`)
    })
    expect(broken).toEqual([])
  })

  it('lets a library in by its one door', () => {
    const broken = files.flatMap((file) =>
      importsOf(file)
        .map((path) => Object.keys(doors).find((library) => path === library || path.startsWith(`${library}/`)))
        .filter((library) => library !== undefined && !doors[library]!.some((door) => file.startsWith(`${door}/`)))
        .map((library) => `${file} imports ${library}`),
    )
    expect(broken).toEqual([])
  })

  it('keeps what stands for another service apart, so that it shares no mistake with what is tried on it', () => {
    const broken = files
      .filter((file) => file.startsWith('emulators/'))
      .flatMap((file) =>
        importsOf(file)
          .filter((path) => !path.startsWith('node:'))
          .filter((path) => !path.startsWith('.') || !join(dirname(file), path).replaceAll('\\', '/').startsWith('emulators/'))
          .map((path) => `${file} imports ${path}`),
      )
    expect(broken).toEqual([])
  })

  it('is at most three folders deep', () => {
    expect(files.filter((file) => file.split('/').length > 4)).toEqual([])
  })

  it('exports by name alone', () => {
    expect(files.filter((file) => /^export default/m.test(readFileSync(join(src, file), 'utf8')))).toEqual([])
  })
})
