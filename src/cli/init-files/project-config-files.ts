/** sqlflow.yml and the files around it that say what stays out of git. */
import type { InitFile, InitIam, InitOptions, InitWarehouse } from './init-file.ts'
import { schemaLine, schemaPaths } from './schema-paths.ts'

export function projectConfigFile({ name, warehouse, login }: Pick<InitOptions, 'name' | 'warehouse' | 'login'>): InitFile {
  const isServer = warehouse !== 'pglite'
  const environment = isServer ? teamEnvironment(warehouse, login) : soloEnvironment
  const targets = isServer ? teamTargets(warehouse, login) : soloTargets
  return {
    path: 'sqlflow.yml',
    text: `${schemaLine(schemaPaths.project, 0)}
name: ${name}
default_target: ${isServer ? 'dev' : 'local'}

# Every environment variable that the project reads, by any name. Values come from the environment or from .env, and are never shown.
env:
${environment}
# Read in SQL as {{var 'cycle'}}; changed for one run by: sqlflow build --var cycle=2027
vars:
  cycle: { type: integer, default: 2026, description: The year that the lists are about }

targets:
${targets}
# Defaults by folder, so that a model says only what is special about it.
folders:
  seeds: { schema: raw }
  models/staging: { materialized: view, schema: staging }
  models/marts: { materialized: table, schema: marts, tags: [nightly] }

# Names for what is built together: sqlflow build selector:nightly
selectors:
  nightly: { union: ["+tag:nightly+"] }
`,
  }
}

const soloEnvironment = `  DATABASE_URL: { secret: true, targets: [server], description: Where the target \`server\` lives }
`

const soloTargets = `  # A whole Postgres inside the process, kept under .sqlflow/: nothing to install.
  local: { type: pglite }
  # The same, where exports reach their destinations: for .github/workflows/sqlflow-production.yml, which builds it every morning.
  live: { type: pglite, protected: true, exports: live }
  # A real server, once you have one: sqlflow build -t server
  server:
    type: postgres
    url: \${DATABASE_URL}
    schema: analytics
`

type ServerWarehouse = Exclude<InitWarehouse, 'pglite'>

const urls: Readonly<Record<ServerWarehouse, string>> = {
  postgres: 'postgres://user:password@host:5432/database',
  redshift: 'redshift://user:password@host:5439/database',
}

function teamEnvironment(warehouse: ServerWarehouse, login: InitIam | undefined): string {
  const url = `  DATABASE_URL: { secret: true, targets: [dev, ci, prod], description: "The server: ${urls[warehouse]}" }\n`
  return `${login === undefined ? url : ''}${schemaEnvironment}`
}

const schemaEnvironment = `  USER: { targets: [dev], description: Your name in the names of your schemas; most shells set it }
  PR_NUMBER: { targets: [ci], description: Set by the workflow of pull requests }
`

/** Who logs in by IAM keeps no secret. */
function connectionLines({ iam, database }: InitIam): string {
  const keys = Object.entries(iam).map(([key, value]) => `${key}: ${yamlText(String(value))}`)
  return `iam: { ${keys.join(', ')} }\n    database: ${yamlText(database)}`
}

/** Quoted where YAML could read it as something else. */
function yamlText(text: string): string {
  return /^(?!(?:true|false|null)$)[a-z][\w-]*$/.test(text) ? text : JSON.stringify(text)
}

function teamTargets(warehouse: ServerWarehouse, login: InitIam | undefined): string {
  const connection = login === undefined ? 'url: ${DATABASE_URL}' : connectionLines(login)
  return `  # Each person has schemas of their own. What is not built there is read from production: \`sqlflow build my_model\` builds one model.
  dev:
    type: ${warehouse}
    ${connection}
    schema: dev_\${USER}
    schema_pattern: dev_\${USER}_{schema}
    refs_from: prod
  # Each pull request too; they are dropped when it is closed (.github/workflows).
  ci:
    type: ${warehouse}
    ${connection}
    schema: ci_\${PR_NUMBER}
    schema_pattern: ci_\${PR_NUMBER}_{schema}
  # Written to from CI, or from a clean commit of the default branch. Only here do exports reach their destinations.
  prod:
    type: ${warehouse}
    ${connection}
    schema: analytics
    protected: true
    exports: live
  # A whole Postgres inside the process, kept under .sqlflow/: for trying things out without the server.
  local: { type: pglite }
`
}

export const gitignoreFile: InitFile = {
  path: '.gitignore',
  ifExists: 'add-lines',
  text: `node_modules/
# Secrets: .env.example shows the names.
.env
# The embedded database and the cache.
.sqlflow/
# What a run leaves: compiled SQL, results, exported files.
target/
# What exports write where a target is live.
/*.csv
# What GitHub Actions logs in to Google with, for minutes.
gha-creds-*.json
`,
}

export function envExampleFile({ warehouse, login }: Pick<InitOptions, 'warehouse' | 'login'>): InitFile {
  const url = warehouse === 'redshift' ? urls.redshift : 'postgres://user:password@localhost:5432/database'
  const needed = warehouse === 'pglite' ? '# Only the target `server` needs it.\n' : ''
  const lines =
    login === undefined
      ? `${needed}DATABASE_URL=${url}\n`
      : '# Logging in needs nothing here: AWS finds its credentials by itself (aws sso login).\n'
  return {
    path: '.env.example',
    text: `# Copy this file to .env, which git ignores, and fill in the values. \`sqlflow env\` lists what is set.\n${lines}`,
  }
}

/** The connection that `init` was told; only where there is no such file yet. */
export function envFile(databaseUrl: string): InitFile {
  const value = databaseUrl.replaceAll("'", '%27')
  return { path: '.env', ifExists: 'keep', text: `# Never in git; .env.example shows the names.\nDATABASE_URL='${value}'\n` }
}
