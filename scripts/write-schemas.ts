/** Writes `schemas/*.schema.json` from the schemas that validate a project's files. A test fails where the two differ. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderJsonSchemas } from '../src/project/json-schemas.ts'

const folder = join(import.meta.dirname, '..', 'schemas')
mkdirSync(folder, { recursive: true })
for (const [name, text] of renderJsonSchemas()) writeFileSync(join(folder, name), text)
