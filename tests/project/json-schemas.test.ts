import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { renderJsonSchemas } from '../../src/project/json-schemas.ts'
import { renderArtifactSchemas } from '../../src/runner/artifact-json-schemas.ts'

const folder = join(import.meta.dirname, '..', '..', 'schemas')

it('keeps schemas/ as `node scripts/write-schemas.ts` writes it', () => {
  const rendered = new Map([...renderJsonSchemas(), ...renderArtifactSchemas()])
  expect(readdirSync(folder).sort()).toEqual([...rendered.keys()].sort())
  for (const [name, text] of rendered) expect(readFileSync(join(folder, name), 'utf8')).toBe(text)
})

it('describes every key with an example', () => {
  const bare: string[] = []
  const visit = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    for (const [key, value] of Object.entries(schema)) {
      if (key === 'properties') {
        for (const [name, property] of Object.entries(value as Record<string, object>)) {
          if (!('description' in property) && !('$ref' in property)) bare.push(`${path}.${name}`)
        }
      }
      visit(value, `${path}.${key}`)
    }
  }
  for (const [name, text] of renderJsonSchemas()) visit(JSON.parse(text), name)
  expect(bare).toEqual([])
})
