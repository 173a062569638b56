/** A small project for commands that connect to nothing: its one target is a server that nobody listens for. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CommandOptions, type CommandResult, type Files, runHere } from '../../support/cli.ts'
import { createTemporaryFolder } from '../../support/databases.ts'

/** Port 1 refuses: a command that connects fails. */
const config = `name: field
default_target: dev
env:
  REGION: {}
  DATABASE_PASSWORD: { secret: true, targets: [prod], description: Of the reporting login. }
vars:
  cycle: { type: integer, default: 2026 }
targets:
  dev: { type: postgres, url: "postgres://127.0.0.1:1/field", schema: analytics }
  prod: { type: postgres, host: 127.0.0.1, port: 1, database: field, user: field, password: "\${DATABASE_PASSWORD}", schema: marts, shared: true }
folders:
  models/marts: { materialized: table, tags: [nightly] }
selectors:
  lists: { union: ["tag:nightly"] }
`

export const fieldFiles: Files = {
  'sqlflow.yml': config,
  '.env': 'REGION=north\n',
  'seeds/supporters.csv': 'supporter_id,name\n1,Ana\n',
  'macros/tidy.sql': "/*---\nargs:\n  column: { type: sql }\n---*/\nnullif(btrim({{column}}), '')\n",
  'models/staging/stg_supporters.sql': `/*---
columns:
  supporter_id:
    tests: [unique, not_null]
---*/
select supporter_id, {{tidy 'name'}} as name, {{var 'cycle'}} as cycle
from {{ref 'supporters'}}
`,
  'models/marts/turf_list.sql': `select supporter_id, name, {{literal (env 'REGION')}} as region, {{literal target.name}} as built_on
from {{ref 'stg_supporters'}}
where cycle = {{var 'cycle'}};
`,
  'tests/everybody_is_listed.sql': "select supporter_id from {{ref 'turf_list'}} where name is null\n",
  'exports/turf_csv.yml': 'from: turf_list\nto:\n  csv: { path: turf.csv }\n',
}

export interface FieldProject extends AsyncDisposable {
  readonly root: string
  readonly write: (files: Files) => void
  readonly remove: (path: string) => void
  readonly read: (path: string) => string
  /** Files below a folder, sorted. */
  readonly filesIn: (folder: string) => readonly string[]
  readonly run: (args: readonly string[], options?: CommandOptions) => Promise<CommandResult>
}

export async function createFieldProject(more: Files = {}): Promise<FieldProject> {
  const folder = await createTemporaryFolder()
  const root = folder.path
  const write = (files: Files): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
  }
  write({ ...fieldFiles, ...more })
  return {
    root,
    write,
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    filesIn: (path) =>
      readdirSync(join(root, path), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(join(root, path).length + 1))
        .sort(),
    run: (args, options) => runHere(root, args, options),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}
