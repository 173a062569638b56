/** YAML beside models, seeds and tests. */
import { z } from 'zod'
import { modelSchema, seedSchema, sourceSchema } from './nodes.ts'
import { singularTestSchema } from './tests.ts'

export const propertiesSchema = z
  .strictObject({
    models: z
      .record(z.string(), modelSchema)
      .meta({ description: 'Models by name, for those who prefer it to front matter.', examples: [{ supporters: { owner: 'ana@example.org' } }] })
      .exactOptional(),
    seeds: z
      .record(z.string(), seedSchema)
      .meta({ description: 'Seeds by name.', examples: [{ counties: { delimiter: ';' } }] })
      .exactOptional(),
    sources: z
      .record(z.string(), sourceSchema)
      .meta({ description: 'Sources by name.', examples: [{ van: { schema: 'tmc_van', tables: { contacts: {} } } }] })
      .exactOptional(),
    tests: z
      .record(z.string(), singularTestSchema)
      .meta({ description: 'Data tests of `tests/*.sql` by name.', examples: [{ no_orphan_pledges: { severity: 'warn' } }] })
      .exactOptional(),
  })
  .meta({ title: 'Properties', description: 'YAML beside models, seeds and tests: what is known of them.' })
export type PropertiesConfig = z.infer<typeof propertiesSchema>
