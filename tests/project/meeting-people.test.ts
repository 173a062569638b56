import { expect, it } from 'vitest'
import { lines, tellMistakes, type FileContents } from './load-folder.ts'

const files: FileContents = {
  'models/staging/stg_turf.sql': 'select 1 as turf_id\n',
  'models/turf.sql': 'select 1 as turf_id\n',
}

async function tellOf(target: string, folders = 'folders: { models/staging: { schema: staging } }\n'): Promise<string> {
  const config = `name: field\nenv: { DEVELOPER: {} }\ntargets:\n  dev: { type: pglite, ${target} }\n${folders}`
  return tellMistakes({ ...files, 'sqlflow.yml': config }, { environment: { DEVELOPER: 'ana' } })
}

it('refuses schemas that two people would share although each has one of their own', async () => {
  expect(await tellOf('schema: "dev_${DEVELOPER}"')).toBe(
    lines(`
      error meeting-people at sqlflow.yml:4:3 [dev]
        The target \`dev\` has the schema \`dev_\${DEVELOPER}\`, each person's own, but everybody would build in \`staging\`.
        hint: Add \`schema_pattern: "dev_\${DEVELOPER}_{schema}"\`; or say \`shared: true\`, where it is meant so.
    `),
  )
})

it('is content where the pattern tells people apart, where it is meant so, where nothing names a schema, and where one schema is for all', async () => {
  expect(await tellOf('schema: "dev_${DEVELOPER}", schema_pattern: "dev_${DEVELOPER}_{schema}"')).toBe('')
  expect(await tellOf('schema: "dev_${DEVELOPER}", shared: true')).toBe('')
  expect(await tellOf('schema: "dev_${DEVELOPER}"', '')).toBe('')
  expect(await tellOf('schema: analytics')).toBe('')
})
