import { expect, it } from 'vitest'
import { lines, loadFolder, tellMistakes, type FileContents } from './load-folder.ts'

const files: FileContents = { 'models/turf.sql': '/*---\nschema: marts\n---*/\nselect 1 as turf_id\n' }

function projectOf(targets: string): FileContents {
  return {
    ...files,
    'sqlflow.yml': `name: field\ndefault_target: dev\nenv: { PROD_URL: { secret: true, targets: [prod] }, AREA: { targets: [prod] } }\ntargets:\n${targets}`,
  }
}

it('takes of the other target how it names schemas, and needs none of its credentials', async () => {
  const targets = [
    '  dev: { type: postgres, url: "postgres://db.example.org/field", schema: dev, schema_pattern: "dev_{schema}", refs_from: prod }',
    '  prod: { type: postgres, url: "${PROD_URL}", schema: analytics, schema_pattern: "p_{schema}" }',
  ].join('\n')
  const { project, diagnostics } = await loadFolder(projectOf(targets))
  expect(diagnostics).toEqual([])
  expect(project?.refsFrom).toEqual({ name: 'prod', type: 'postgres', schema: 'analytics', schemaPattern: 'p_{schema}' })
})

it.each([
  ['prdo', 'There is no target `prdo`.', 'Did you mean `prod`?'],
  ['dev', 'The target `dev` cannot stand in for itself.', 'Other targets are prod, local.'],
])('refuses %s', async (name, message, hint) => {
  const told = await tellMistakes(
    projectOf(
      [
        `  dev: { type: pglite, path: one, schema: dev, schema_pattern: "dev_{schema}", refs_from: ${name} }`,
        '  prod: { type: pglite, path: one }',
      ].join('\n'),
    ),
  )
  expect(told).toBe(
    lines(`
    error unknown-target at sqlflow.yml:5:91 [${name}]
      ${message}
      hint: ${hint}
  `),
  )
})

it('refuses a target of another database, and variables of its schemas that are not set', async () => {
  const told = await tellMistakes(
    projectOf(
      [
        '  dev: { type: pglite, path: one, schema: dev, schema_pattern: "dev_{schema}", refs_from: prod }',
        '  prod: { type: pglite, path: two }',
      ].join('\n'),
    ),
  )
  expect(told).toBe(
    lines(`
    error refs-from-elsewhere at sqlflow.yml:5:91 [prod]
      The targets \`dev\` and \`prod\` are different databases, and a query reads one.
      hint: Remove \`refs_from\`, or name a target of the same database.
  `),
  )
  const unset = await tellMistakes(
    projectOf(
      [
        '  dev: { type: pglite, path: one, schema: dev, schema_pattern: "dev_{schema}", refs_from: prod }',
        '  prod: { type: pglite, path: one, schema: "a_${AREA}", schema_pattern: "${AREA}_{schema}" }',
      ].join('\n'),
    ),
  )
  expect(unset).toMatch(/^error missing-env at sqlflow\.yml:6:47/)
})
