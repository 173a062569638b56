/** Writes `docs/cli.md` from the registry of commands. A test fails where the two differ. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderCliReference } from './cli-reference.ts'

writeFileSync(join(import.meta.dirname, '..', 'docs', 'cli.md'), renderCliReference())
