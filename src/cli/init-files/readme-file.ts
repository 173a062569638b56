/** README.md of a new project: a tour of five minutes. */
import type { InitFile, InitOptions } from './init-file.ts'

export function readmeFile(options: Pick<InitOptions, 'name' | 'warehouse' | 'login'>): InitFile {
  return { path: 'README.md', text: readme(options), ifExists: 'keep' }
}

function readme({ name, warehouse, login }: Pick<InitOptions, 'name' | 'warehouse' | 'login'>): string {
  return `# ${name}

SQL in files, built in order, tested, and delivered. Made with sqlflow.

    npm install
    npx sqlflow build

That loads the CSV files of \`seeds/\` into ${warehouse !== 'pglite' ? 'schemas of your own on the server (`dev_<you>_raw`)' : 'a Postgres that lives in `.sqlflow/`'}, builds the models, runs the tests and
writes the call list to a file under \`target/\`.

## What is where

| file | what it is |
|---|---|
| \`sqlflow.yml\` | where to build, variables, defaults by folder |
| \`seeds/*.csv\` | data kept in git, loaded as tables |
| \`models/**/*.sql\` | one SELECT a file; each becomes a view or a table named like the file |
| \`macros/*.sql\` | SQL that several models share |
| \`tests/*.sql\` | a SELECT of rows that must not exist |
| \`exports/*.yml\` | what leaves the database, and where to |

## A tour

    npx sqlflow graph                     # who reads whom
    npx sqlflow show call_list            # the rows, phones masked
    npx sqlflow compile call_list         # the SQL as it is sent
    npx sqlflow build +call_list          # one model and all that it is made from
    npx sqlflow test call_list            # its tests alone

Now break something. In \`models/staging/stg_signups.sql\`, take \`cancelled\` out of the accepted values and build again: the test fails,
what reads the model is skipped, and the tables of the last good build stay as they were.

${warehouse === 'pglite' ? solo : team(login !== undefined)}`
}

const solo = `## A real database

Copy \`.env.example\` to \`.env\`, fill in \`DATABASE_URL\`, then:

    npx sqlflow debug -t server           # can it be reached, and with which rights
    npx sqlflow build -t server

## On GitHub

Pull requests are checked by \`.github/workflows/sqlflow.yml\`, on the embedded Postgres. \`sqlflow-production.yml\` builds the target \`live\` every morning and writes its
exports; "Run workflow" on the Actions page does the same at once, for everybody who may press it.
`

function team(byIam: boolean): string {
  const logIn = byIam
    ? 'aws sso login                         # or whatever gives credentials of AWS here'
    : 'cp .env.example .env                  # and fill in DATABASE_URL'
  const secrets = byIam
    ? 'one variable of the repository, `AWS_ROLE`: the role that GitHub takes on (OpenID Connect), which may ask for a login to the warehouse'
    : 'one secret of the repository, `DATABASE_URL`'
  return `## Working together

Somebody new begins with:

    npm ci
    ${logIn}
    npx sqlflow env                       # what is set, never a value
    npx sqlflow debug                     # can the server be reached, and with which rights
    npx sqlflow build call_list           # one model, in schemas of one's own

| target | schemas | who writes there |
|---|---|---|
| \`dev\` | \`dev_<you>\`, \`dev_<you>_staging\` ... | you; what is not built there is read from \`prod\` |
| \`ci\` | \`ci_<number>\`, \`ci_<number>_staging\` ... | the build of a pull request; dropped when it is closed |
| \`prod\` | \`analytics\`, \`staging\` ... | the build of what is merged; protected |

The workflows in \`.github/workflows\` need ${secrets}. \`sqlflow-production.yml\` builds what is merged, and every morning builds everything and
writes the exports; "Run workflow" on the Actions page does that at once, for everybody who may press it.
`
}
