import { describe, expect, it } from 'vitest'
import { listEnvVariables, secretValues } from '../../src/project/environment.ts'
import { lines, loadFolder, tellMistakes } from './load-folder.ts'

const projectFile = lines(`
  name: field
  env:
    DATABASE_URL: { secret: true, targets: [prod], description: Ask the data team. }
    DEVELOPER: { default: nobody }
    REGION: { targets: [prod] }
  targets:
    dev: { type: pglite, schema: "dev_\${DEVELOPER}", schema_pattern: "dev_\${DEVELOPER}_{schema}" }
    prod: { type: postgres, url: "\${DATABASE_URL}", schema: "\${REGION:-pa}", statement_timeout: 5min, exports: live, protected: true }
`)
const url = 'postgres://ana:sw%40n@db.example.org/field'

describe('Targets', () => {
  it('are embedded where none is named', async () => {
    const { project, told } = await loadFolder({ 'sqlflow.yml': projectFile })
    expect(told).toBe('')
    expect(project.targetNames).toEqual(['dev', 'prod', 'local'])
    expect(project.target).toEqual({
      name: 'local',
      type: 'pglite',
      connection: { path: `${project.root}/.sqlflow/pglite/local` },
      schema: 'public',
      schemaPattern: '{schema}',
      protected: false,
      exports: 'preview',
      threads: 1,
    })
  })

  it('read the environment, `.env` beneath the process and defaults beneath both', async () => {
    const files = { 'sqlflow.yml': projectFile, '.env': '# mine\nexport DEVELOPER="ana" # not bo\nREGION=ga\n' }
    const ofFile = await loadFolder(files, { target: 'dev' })
    expect(ofFile.project.target.schema).toBe('dev_ana')
    const ofProcess = await loadFolder(files, { target: 'dev', environment: { DEVELOPER: 'bo' } })
    expect(ofProcess.project.target.schema).toBe('dev_bo')
    const byDefault = await loadFolder({ 'sqlflow.yml': projectFile }, { target: 'dev' })
    expect(byDefault.project.target.schema).toBe('dev_nobody')
  })

  it('resolve a server', async () => {
    const { project, told } = await loadFolder({ 'sqlflow.yml': projectFile }, { target: 'prod', environment: { DATABASE_URL: url } })
    expect(told).toBe('')
    expect(project.target).toMatchObject({
      name: 'prod',
      type: 'postgres',
      connection: { url, statementTimeout: 300_000 },
      schema: 'pa',
      protected: true,
      exports: 'live',
      threads: 4,
    })
  })

  it('place the schemas that nodes name', async () => {
    const { project } = await loadFolder(
      { 'sqlflow.yml': projectFile, 'models/turf.sql': '/*---\nschema: marts\n---*/\nselect 1', 'models/calls.sql': 'select 1' },
      { target: 'dev' },
    )
    expect(project.models.map((model) => model.relation)).toEqual([
      { schema: 'dev_nobody', name: 'calls' },
      { schema: 'dev_nobody_marts', name: 'turf' },
    ])
  })

  it('must exist, and not be protected by default', async () => {
    expect(await tellMistakes({ 'sqlflow.yml': projectFile }, { target: 'prd' })).toBe(
      'error unknown-target\n  There is no target `prd`.\n  hint: Did you mean `prod`?',
    )
    const told = await tellMistakes({ 'sqlflow.yml': `${projectFile}\ndefault_target: prod\n` }, { environment: { DATABASE_URL: url } })
    expect(told).toBe(
      lines(`
        error protected-default at sqlflow.yml:9:17 [prod]
          The default target \`prod\` is protected; a protected target is only used when it is named.
          hint: Remove the line, or name another target.
          sqlflow.yml:8:116 [protected]: It is protected here.
      `),
    )
  })

  it('say what a Redshift, and keys of the other kind, mean here', async () => {
    const targets =
      'targets:\n  local: { type: pglite, host: here }\n  server: { type: postgres, url: "socket:/run", user: b }\n  cloud: { type: redshift }\n'
    const files = { 'sqlflow.yml': `name: field\n${targets}` }
    expect(await tellMistakes(files)).toBe(
      lines(`
        error useless-key at sqlflow.yml:3:26 [host]
          \`host\` means nothing here: an embedded target connects to no server.
          hint: Remove the line.
      `),
    )
    expect(await tellMistakes(files, { target: 'server' })).toBe(
      lines(`
        error useless-key at sqlflow.yml:4:49 [user]
          \`user\` means nothing here: the \`url\` of this target says it.
          hint: Remove the line.
      `),
    )
    expect(await tellMistakes(files, { target: 'cloud' })).toBe(
      lines(`
        error bad-target at sqlflow.yml:5:3 [cloud]
          Target \`cloud\` says neither \`url\` nor \`host\` and \`database\`.
          hint: Write \`url: \${DATABASE_URL}\`, and declare the name under \`env:\` with \`secret: true\`.
      `),
    )
  })
})

describe('Variables of the environment', () => {
  it('that are missing are all reported at once, for the target alone', async () => {
    const told = await tellMistakes({ 'sqlflow.yml': projectFile.replace(':-pa', '') }, { target: 'prod' })
    expect(told).toBe(
      lines(`
        error missing-env at sqlflow.yml:3:3 [DATABASE_URL]
          The environment variable \`DATABASE_URL\` is not set, and target \`prod\` needs it.
          hint: Set it in the environment or in \`.env\`: Ask the data team.
        error missing-env at sqlflow.yml:5:3 [REGION]
          The environment variable \`REGION\` is not set, and target \`prod\` needs it.
          hint: Set it in the environment or in \`.env\`.
      `),
    )
  })

  it('must be declared, and secrets stay in targets', async () => {
    const told = await tellMistakes(
      {
        'sqlflow.yml': projectFile,
        'models/turf.sql': '/*---\nowner: ${DATABASE_URL}\ndescription: ${DEVELOPR} and $${DEVELOPER}\n---*/\nselect 1',
      },
      { environment: { DATABASE_URL: url } },
    )
    expect(told).toBe(
      lines(`
        error misplaced-secret at models/turf.sql:2:8 [\${DATABASE_URL}]
          \`DATABASE_URL\` is a secret, and secrets are read by targets and destinations alone.
          hint: Use another variable here, or remove \`secret: true\` from \`DATABASE_URL\` where it is none.
        error undeclared-env at models/turf.sql:3:14 [\${DEVELOPR}]
          The environment variable \`DEVELOPR\` is not declared under \`env:\` of sqlflow.yml.
          hint: Did you mean \`DEVELOPER\`?
      `),
    )
  })

  it('fill in texts, and leave SQL alone', async () => {
    const { project, told } = await loadFolder({
      'sqlflow.yml': projectFile,
      'models/turf.sql':
        '/*---\ndescription: "By ${DEVELOPER}, $${DEVELOPER}"\ntests: [{ expression: "a = \'${DEVELOPER}\'" }]\n---*/\nselect \'${DEVELOPER}\'',
    })
    expect(told).toBe('')
    const [model] = project.models
    expect(model?.description).toBe('By nobody, ${DEVELOPER}')
    expect(model?.tests[0]?.args).toEqual({ expression: "a = '${DEVELOPER}'" })
    expect(model?.sql.text).toBe("select '${DEVELOPER}'")
  })

  it('are listed without their values', async () => {
    const { project } = await loadFolder({ 'sqlflow.yml': projectFile }, { target: 'prod', environment: { DATABASE_URL: url } })
    const listed = listEnvVariables(project)
    expect(listed.map(({ name, secret, isSet, from, needed }) => ({ name, secret, isSet, from, needed }))).toEqual([
      { name: 'DATABASE_URL', secret: true, isSet: true, from: 'environment', needed: true },
      { name: 'DEVELOPER', secret: false, isSet: true, from: 'default', needed: true },
      { name: 'REGION', secret: false, isSet: false, from: undefined, needed: true },
    ])
    expect(JSON.stringify(listed)).not.toContain('sw%40n')
    expect(secretValues(project)).toEqual([url, 'sw%40n', 'sw@n'])
  })
})

describe('Variables of the project', () => {
  const withVars = lines(`
    name: field
    vars:
      cycle: { type: integer, default: 2026 }
      states: [PA, GA]
      final: false
      label: { type: string, default: "" }
  `)

  it('take the type of their declaration', async () => {
    const { project, told } = await loadFolder(
      { 'sqlflow.yml': withVars },
      { vars: { cycle: '2028', states: 'NV,AZ', final: 'true', label: '01' } },
    )
    expect(told).toBe('')
    expect(project.vars).toEqual({ cycle: 2028, states: ['NV', 'AZ'], final: true, label: '01' })
  })

  it('come from a file or from JSON, beneath `--var`', async () => {
    const files = { 'sqlflow.yml': withVars, 'vars.json': '{ "cycle": 2024, "final": true }' }
    const ofFile = await loadFolder(files, { varsFrom: 'vars.json', vars: { cycle: '2022' } })
    expect(ofFile.project.vars).toMatchObject({ cycle: 2022, final: true })
    const inline = await loadFolder(files, { varsFrom: '{ "states": [] }' })
    expect(inline.project.vars).toMatchObject({ states: [] })
  })

  it('are refused where unknown or of another type', async () => {
    expect(
      await tellMistakes({ 'sqlflow.yml': withVars }, { vars: { cylce: '1', cycle: 'soon', final: 'yes' }, varsFrom: 'none.json' }),
    ).toBe(
      lines(`
        error bad-vars
          --vars takes a JSON object, or a file that holds one: \`none.json\` cannot be read.
          hint: For example: --vars '{"cycle": 2028}'
        error unknown-var
          The command line sets the variable \`cylce\`, which sqlflow.yml does not declare.
          hint: Did you mean \`cycle\`?
        error wrong-var-type
          --var sets \`cycle\` to \`soon\`, which is not of its type, integer.
        error wrong-var-type
          --var sets \`final\` to \`yes\`, which is not of its type, boolean.
      `),
    )
  })
})

describe('The account for Google Sheets', () => {
  const key = JSON.stringify({ type: 'service_account', private_key: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n' })
  const withGoogle = lines(`
    name: field
    env:
      SHEETS_KEY: { secret: true }
      PERSON: { default: "" }
    targets:
      dev: { type: pglite }
      prod: { type: pglite, path: data, google: { impersonate: exports@field.iam.gserviceaccount.com } }
    google: { credentials: "\${SHEETS_KEY}", subject: "\${PERSON}" }
  `)

  it('reads secrets at the project and at a target, and masks a key in its parts', async () => {
    const environment = { SHEETS_KEY: Buffer.from(key).toString('base64') }
    const { project, told } = await loadFolder({ 'sqlflow.yml': withGoogle }, { target: 'prod', environment })
    expect(told).toBe('')
    expect(project.google).toEqual({ credentials: environment.SHEETS_KEY })
    expect(project.target.google).toEqual({ impersonate: 'exports@field.iam.gserviceaccount.com' })
    expect(secretValues(project)).toEqual([environment.SHEETS_KEY, '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n'])
  })

  it('does not mask the path of a key', async () => {
    const { project } = await loadFolder({ 'sqlflow.yml': 'name: field\ngoogle: { credentials: keys/google.json }\n' })
    expect(secretValues(project)).toEqual([])
  })

  it('reads no variable that is not declared, and refuses other keys', async () => {
    expect(await tellMistakes({ 'sqlflow.yml': 'name: field\ngoogle: { credentials: "${KEY}", credential: x }\n' })).toBe(
      lines(`
        error undeclared-env at sqlflow.yml:2:25 [\${KEY}]
          The environment variable \`KEY\` is not declared under \`env:\` of sqlflow.yml.
          hint: Declare it in sqlflow.yml: \`env: { KEY: {} }\`.
        error unknown-key at sqlflow.yml:2:34 [credential]
          Unknown key \`credential\` under \`google\`.
          hint: Did you mean \`credentials\`?
      `),
    )
  })
})
