import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { builtinTests } from '../../src/project/builtin-tests.ts'
import { renderJsonSchemas } from '../../src/project/json-schemas.ts'
import { loadFolder } from './load-folder.ts'

const reference = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'project.md'), 'utf8')

/** The code block of `language` that follows `heading`. */
function exampleUnder(heading: string, language: 'sql' | 'yaml'): string {
  const section = reference.slice(reference.indexOf(`\n${heading}\n`))
  const fence = `\`\`\`${language}\n`
  const start = section.indexOf(fence) + fence.length
  return section.slice(start, section.indexOf('```', start))
}

/** Every key that a schema knows, at any depth. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : []
  return [...own, ...Object.values(schema).flatMap(keysOf)]
}

describe('The project reference', () => {
  it.each([...renderJsonSchemas()].map(([name, text]) => ({ name, text })))('names every key of $name', ({ text }) => {
    expect([...new Set(keysOf(JSON.parse(text)))].filter((key) => !reference.includes(key))).toEqual([])
  })

  it('names every built-in data test', () => {
    expect(Object.keys(builtinTests).filter((name) => !reference.includes(`| \`${name}\` |`))).toEqual([])
  })

  it('shows examples that load', async () => {
    const { told } = await loadFolder(
      {
        'sqlflow.yml': exampleUnder('## sqlflow.yml', 'yaml'),
        'models/staging/supporters.sql': exampleUnder('## Models', 'sql'),
        'models/marts/turf_list.sql': 'select 1',
        'models/sources.yml': exampleUnder('## Sources', 'yaml'),
        'seeds/counties.csv': 'fips\n01\n',
        'seeds/samples/contacts.csv': 'contact_id,phone\n1,\n',
        'seeds/seeds.yml': exampleUnder('## Seeds', 'yaml'),
        'macros/cents_to_dollars.sql': exampleUnder('## Macros', 'sql'),
        'tests/generic/at_most.sql': exampleUnder('## Data tests', 'sql'),
        'exports/turf.yml': exampleUnder('## Exports', 'yaml'),
      },
      { environment: { DATABASE_URL: 'postgres://localhost/field' } },
    )
    expect(told).toBe('')
  })
})
