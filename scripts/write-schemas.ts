/** Writes `schemas/*.schema.json` from the schemas that validate a project's files, and from those of the artifacts. A test fails where the two differ. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderJsonSchemas } from '../src/project/json-schemas.ts'
import { renderArtifactSchemas } from '../src/runner/artifact-json-schemas.ts'

const folder = join(import.meta.dirname, '..', 'schemas')
mkdirSync(folder, { recursive: true })
for (const [name, text] of [...renderJsonSchemas(), ...renderArtifactSchemas()]) writeFileSync(join(folder, name), text)
