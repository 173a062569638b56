/** sqlflow.yml and the files around it that say what stays out of git. */
import type { InitFile } from './init-file.ts'
import { schemaLine, schemaPaths } from './schema-paths.ts'

export function projectConfigFile(name: string): InitFile {
  return { path: 'sqlflow.yml', text: projectConfig(name) }
}

function projectConfig(name: string): string {
  return `${schemaLine(schemaPaths.project, 0)}
name: ${name}
default_target: local

# Every environment variable that the project reads, by any name. Values come from the environment or from .env, and are never shown.
env:
  DATABASE_URL: { secret: true, targets: [server], description: Where the target \`server\` lives }

# Read in SQL as {{var 'cycle'}}; changed for one run by: sqlflow build --var cycle=2027
vars:
  cycle: { type: integer, default: 2026, description: The year that the lists are about }

targets:
  # A whole Postgres inside the process, kept under .sqlflow/: nothing to install.
  local: { type: pglite }
  # A real server, once you have one: sqlflow build -t server
  server:
    type: postgres
    url: \${DATABASE_URL}
    schema: analytics

# Defaults by folder, so that a model says only what is special about it.
folders:
  seeds: { schema: raw }
  models/staging: { materialized: view, schema: staging }
  models/marts: { materialized: table, schema: marts, tags: [nightly] }

# Names for what is built together: sqlflow build selector:nightly
selectors:
  nightly: { union: ["+tag:nightly+"] }
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
`,
}

export const envExampleFile: InitFile = {
  path: '.env.example',
  text: `# Copy this file to .env, which git ignores, and fill in the values. \`sqlflow env\` lists what is set.
# Only the target \`server\` needs it.
DATABASE_URL=postgres://user:password@localhost:5432/database
`,
}
