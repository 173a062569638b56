/** The shapes of the artifacts as JSON Schema, for programs that read them. Pure. */
import { z } from 'zod'
import { manifestSchema, runResultsSchema } from './artifact-schemas.ts'

/** Text of each file of `schemas/` that describes an artifact, by its name. */
export function renderArtifactSchemas(): ReadonlyMap<string, string> {
  return new Map([
    ['manifest.schema.json', render(manifestSchema)],
    ['run_results.schema.json', render(runResultsSchema)],
  ])
}

function render(schema: z.ZodType): string {
  return `${JSON.stringify(z.toJSONSchema(schema, { target: 'draft-7' }), null, 2)}\n`
}
