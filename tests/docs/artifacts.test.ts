/** `docs/artifacts.md` names every field of the artifacts and every event, and its examples fit the schemas. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { manifestSchema, runResultsSchema } from '../../src/runner/artifact-schemas.ts'
import { renderArtifactSchemas } from '../../src/runner/artifact-json-schemas.ts'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'artifacts.md'), 'utf8')

/** The JSON that follows a heading. */
function exampleUnder(heading: string): unknown {
  const found = /^```json\n([\s\S]*?)^```/m.exec(page.slice(page.indexOf(`\n${heading}\n`)))
  return JSON.parse(found![1]!)
}

/** Every key that a JSON Schema knows, at any depth. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : []
  return [...own, ...Object.values(schema).flatMap(keysOf)]
}

it('shows examples that fit the schemas', () => {
  expect(manifestSchema.parse(exampleUnder('### manifest.json'))).toEqual(exampleUnder('### manifest.json'))
  expect(runResultsSchema.parse(exampleUnder('### run_results.json'))).toEqual(exampleUnder('### run_results.json'))
})

it.each([...renderArtifactSchemas()].map(([name, text]) => ({ name, text })))('names every key of $name', ({ text }) => {
  const known = [...new Set(keysOf(JSON.parse(text)))].filter((key) => key !== '$schema')
  expect(known.filter((key) => !page.includes(`"${key}"`) && !page.includes(`\`${key}\``))).toEqual([])
})

it('names every event and every field of one', () => {
  const source = readFileSync(join(root, 'src', 'core', 'event.ts'), 'utf8')
  const events = source.slice(source.indexOf('interface EventBase'), source.indexOf('export interface TestSample'))
  const types = [...events.matchAll(/type: '([\w-]+)'/g)].map(([, type]) => type!)
  const fields = [...events.matchAll(/readonly (\w+)\??:/g)].map(([, field]) => field!)
  expect(types.length).toBeGreaterThan(6)
  expect([...new Set([...types, ...fields])].filter((name) => !page.includes(`\`${name}\``) && !page.includes(`"${name}"`))).toEqual([])
})
