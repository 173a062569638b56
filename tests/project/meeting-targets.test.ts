import { expect, it } from 'vitest'
import { lines, loadFolder, tellMistakes, type FileContents } from './load-folder.ts'

const files: FileContents = {
  'models/supporters.sql': 'select 1 as supporter_id\n',
  'models/turf.sql': '/*---\nschema: marts\n---*/\nselect 1 as turf_id\n',
  'models/spare.sql': '/*---\nschema: spare\nmaterialized: ephemeral\n---*/\nselect 1 as spare_id\n',
}

async function tellOfTargets(targets: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const config = `name: field\nenv: { DATABASE_URL: { secret: true, targets: [] }, DEVELOPER: { targets: [] } }\ntargets:\n${targets}`
  return tellMistakes({ ...files, 'sqlflow.yml': config }, { environment })
}

it('refuses two targets that build in one schema of one database, however the connection is written', async () => {
  const told = await tellOfTargets(
    [
      '  prod: { type: postgres, url: "postgres://ana:canary@DB.example.org/field", schema: analytics }',
      '  dev: { type: postgres, host: db.example.org, port: 5432, database: field, user: bo, schema: dev_bo }',
    ].join('\n'),
  )
  expect(told).toBe(
    lines(`
      error meeting-targets at sqlflow.yml:5:3 [dev]
        The targets \`prod\` and \`dev\` are one database, and both build in the schema \`marts\`.
        hint: Give one of them another \`schema\` or \`schema_pattern\`, such as \`dev_{schema}\`; or say \`shared: true\` in one, where it is meant so.
        sqlflow.yml:4:3 [prod]: The target \`prod\` is here.
    `),
  )
})

it('knows a cluster of Redshift by its endpoint and by its name, and the localhost of an ssh server as another', async () => {
  const iam = '  prod: { type: redshift, iam: { cluster: field-prod, region: us-east-1 }, database: field }\n'
  const other = (target: string): Promise<string> => tellOfTargets(`${iam}  dev: { type: redshift, ${target} }`)
  const met = expect.stringContaining('The targets `prod` and `dev` are one database')
  const endpoint = 'field-prod.abc123.us-east-1.redshift.amazonaws.com'
  expect(await other(`url: "redshift://ana@${endpoint}/field"`)).toEqual(met)
  expect(await other(`host: ${endpoint}, database: field, user: ana`)).toEqual(met)
  expect(await other('iam: { cluster: field-prod, region: us-east-1, user: bot, profile: field }, database: field')).toEqual(met)
  expect(await other('iam: { cluster: field-prod, region: us-east-2 }, database: field')).toBe('')
  expect(await other(`host: ${endpoint.replace('field-prod', 'field-dev')}, database: field, user: ana`)).toBe('')
  const behind = (host: string): string => `{ type: postgres, host: localhost, database: field, tunnel: "ssh://ana@${host}" }`
  expect(await tellOfTargets(`  prod: ${behind('one.example.org')}\n  dev: ${behind('two.example.org')}`)).toBe('')
  expect(await tellOfTargets(`  prod: ${behind('one.example.org')}\n  dev: ${behind('one.example.org')}`)).toEqual(met)
})

it('names every schema in which they meet, and every pair of targets', async () => {
  const told = await tellOfTargets(
    ['a', 'b', 'c']
      .map((name) => `  ${name}: { type: pglite, path: field, schema_pattern: "${name === 'c' ? 'c_{schema}' : '{schema}'}" }`)
      .join('\n'),
  )
  expect(told).toBe(
    lines(`
      error meeting-targets at sqlflow.yml:5:3 [b]
        The targets \`a\` and \`b\` are one database, and both build in the schemas \`marts\`, \`public\`.
        hint: Give one of them another \`schema\` or \`schema_pattern\`, such as \`b_{schema}\`; or say \`shared: true\` in one, where it is meant so.
        sqlflow.yml:4:3 [a]: The target \`a\` is here.
      error meeting-targets at sqlflow.yml:6:3 [c]
        The targets \`a\` and \`c\` are one database, and both build in the schema \`public\`.
        hint: Give one of them another \`schema\` or \`schema_pattern\`, such as \`c_{schema}\`; or say \`shared: true\` in one, where it is meant so.
        sqlflow.yml:4:3 [a]: The target \`a\` is here.
      error meeting-targets at sqlflow.yml:6:3 [c]
        The targets \`b\` and \`c\` are one database, and both build in the schema \`public\`.
        hint: Give one of them another \`schema\` or \`schema_pattern\`, such as \`c_{schema}\`; or say \`shared: true\` in one, where it is meant so.
        sqlflow.yml:5:3 [b]: The target \`b\` is here.
    `),
  )
})

it('lets targets meet where one says so, where databases, ports or schemas differ, and where nothing is built', async () => {
  const prod = '  prod: { type: postgres, url: "postgres://db.example.org/field", schema: analytics }\n'
  const fine = [
    '  ci: { type: postgres, url: "postgres://db.example.org/field", shared: true }',
    '  ci: { type: postgres, url: "postgres://db.example.org/other" }',
    '  ci: { type: postgres, url: "postgres://db.example.org:5433/field" }',
    '  ci: { type: postgres, url: "postgres://db.example.org/field", schema: ci, schema_pattern: "ci_{schema}" }',
  ]
  for (const ci of fine) expect(await tellOfTargets(prod + ci)).toBe('')
  const meeting = '  ci: { type: postgres, url: "postgres://db.example.org/field" }'
  expect(await tellMistakes({ 'sqlflow.yml': `name: field\ntargets:\n${prod}${meeting}` })).toBe('')
})

it('compares what the environment makes of targets, and skips one whose variables are not set', async () => {
  const targets = [
    '  prod: { type: postgres, url: "${DATABASE_URL}", schema: analytics, schema_pattern: "{schema}" }',
    '  dev: { type: postgres, url: "${DATABASE_URL}", schema: "${DEVELOPER}", schema_pattern: "${DEVELOPER}_{schema}" }',
  ].join('\n')
  const url = 'postgres://ana:canary@db.example.org/field'
  expect(await tellOfTargets(targets, { DATABASE_URL: url })).toBe('')
  expect(await tellOfTargets(targets, { DATABASE_URL: url, DEVELOPER: 'ana' })).toBe('')
  expect(await tellOfTargets(targets, { DATABASE_URL: url, DEVELOPER: 'analytics' })).toBe(
    lines(`
      error meeting-targets at sqlflow.yml:5:3 [dev]
        The targets \`prod\` and \`dev\` are one database, and both build in the schema \`analytics\`.
        hint: Give one of them another \`schema\` or \`schema_pattern\`, such as \`dev_{schema}\`; or say \`shared: true\` in one, where it is meant so.
        sqlflow.yml:4:3 [prod]: The target \`prod\` is here.
    `),
  )
})

const chosenByEnvironment = 'name: field\nenv: { SQLFLOW_HOME: {} }\ntargets: { dev: { type: pglite } }\ndefault_target: ${SQLFLOW_HOME}\n'

it('reads the default target from the environment', async () => {
  const { project } = await loadFolder({ 'sqlflow.yml': chosenByEnvironment }, { environment: { SQLFLOW_HOME: 'dev' } })
  expect(project.target.name).toBe('dev')
  expect(await tellMistakes({ 'sqlflow.yml': chosenByEnvironment }, { environment: { SQLFLOW_HOME: 'devv' } })).toBe(
    lines(`
      error unknown-target at sqlflow.yml:4:17 [\${SQLFLOW_HOME}]
        There is no target \`devv\`.
        hint: Did you mean \`dev\`?
    `),
  )
  expect(await tellMistakes({ 'sqlflow.yml': chosenByEnvironment })).toBe(
    lines(`
      error missing-env at sqlflow.yml:2:8 [SQLFLOW_HOME]
        The environment variable \`SQLFLOW_HOME\` is not set, and target \`local\` needs it.
        hint: Set it in the environment or in \`.env\`.
    `),
  )
})
