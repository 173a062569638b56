/** The workflows of GitHub Actions: what happens to a pull request, on merge, every morning, and when somebody presses the button. */
import type { InitFile, InitIam, InitOptions } from './init-file.ts'

export function workflowFiles({ warehouse, login }: Pick<InitOptions, 'warehouse' | 'login'>): readonly InitFile[] {
  if (warehouse === 'pglite') return [embeddedFile, productionFile(embeddedProduction)]
  return login === undefined
    ? [pullRequestFile(byUrl), productionFile({ ...serverProduction, access: byUrl })]
    : [pullRequestFile(byIam(login)), productionFile({ ...serverProduction, access: byIam(login) })]
}

/** How a workflow logs in to the server. */
interface ServerAccess {
  /** A sentence that says what the repository needs. */
  readonly needs: string
  /** Line of the environment, without its indent; empty for none. */
  readonly variable: string
  /** A step before those that connect. */
  readonly step: string
}

const byUrl: ServerAccess = {
  needs: 'one secret of the repository: DATABASE_URL',
  variable: 'DATABASE_URL: ${{ secrets.DATABASE_URL }}',
  step: '',
}

function byIam({ iam: { region } }: InitIam): ServerAccess {
  return {
    needs: 'one variable of the repository: AWS_ROLE, the role that GitHub takes on (OpenID Connect)',
    variable: '',
    step: `      - uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: \${{ vars.AWS_ROLE }}
          aws-region: ${region ?? '${{ vars.AWS_REGION }}'}
`,
  }
}

const setUp = `      - uses: actions/setup-node@v4
        with: { node-version: 24, cache: npm }
      - run: npm ci
`

const keepResults = `      # Compiled SQL and results, to look at. Exported files stay out: they may hold people's phones.
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: sqlflow
          path: |
            target
            !target/*/exports
`

const embeddedFile: InitFile = {
  path: '.github/workflows/sqlflow.yml',
  text: `# Builds and tests the whole project on the embedded Postgres for every pull request: no database and no secret is needed.
# Failures are shown beside the lines of the pull request that caused them.
name: sqlflow
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
${setUp}      - run: npx sqlflow build --junit target/junit.xml
${keepResults}`,
}

function pullRequestFile({ needs, variable, step }: ServerAccess): InitFile {
  const token = step === '' ? '' : '  id-token: write # proves to AWS which repository asks\n'
  return {
    path: '.github/workflows/sqlflow-pull-request.yml',
    text: `# Builds and tests each pull request in schemas of its own (ci_<number>, ci_<number>_staging...), which are dropped when it is closed.
# Failures are shown beside the lines of the pull request that caused them. It needs ${needs}.
name: sqlflow pull request
on:
  pull_request:
    types: [opened, synchronize, reopened, closed]
permissions:
  contents: read
${token}concurrency:
  group: sqlflow-pull-request-\${{ github.event.number }}
env:
${variable === '' ? '' : `  ${variable}\n`}  PR_NUMBER: \${{ github.event.number }}
jobs:
  build:
    # Secrets are not given to the pull requests of forks.
    if: github.event.action != 'closed' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
${setUp}${step}      - run: npx sqlflow build -t ci --junit target/junit.xml
${keepResults}  drop:
    if: github.event.action == 'closed' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { ref: "\${{ github.event.pull_request.base.ref }}" }
${setUp}${step}      - run: npx sqlflow clean --schemas -t ci --yes
`,
  }
}

interface Production {
  /** Lines of the head that say what it is and what it needs. */
  readonly about: string
  readonly target: string
  /** The data is kept on a server, which merges are built on too. */
  readonly access?: ServerAccess
}

const onMerge = `  push:
    branches: [main]
`

const fullRefreshInput = `      full_refresh:
        description: Build from nothing what is otherwise written in place
        type: boolean
`

const fullRefresh = `          FULL_REFRESH: \${{ inputs.full_refresh }}
`

const buildOnMerge = `          # What is merged is built; exports wait for their time, or for somebody who asks.
          if [ "$GITHUB_EVENT_NAME" = push ]; then options+=(--exclude resource_type:export); fi
          if [ "$FULL_REFRESH" = true ]; then options+=(--full-refresh); fi
`

function productionFile({ about, target, access }: Production): InitFile {
  const only = (text: string): string => (access === undefined ? '' : text)
  const variable = access?.variable ? `          ${access.variable}\n` : ''
  const needs = access === undefined ? '' : `# whenever something is merged. It needs ${access.needs}.\n`
  return {
    path: '.github/workflows/sqlflow-production.yml',
    text: `${about}${needs}# For Google Sheets there is no key to keep: two variables of the repository say whom Google trusts (npx sqlflow auth google --setup).
# The secret SQLFLOW_FAILURE_WEBHOOK, where it is set, is the address of a webhook that hears of failures.
name: sqlflow production
on:
${only(onMerge)}  schedule:
    # Minute, hour, day, month, weekday. GitHub starts late when many ask for the same minute, most of all for minute 0.
    - cron: "23 6 * * *"
      timezone: Etc/UTC # or yours, such as America/New_York
  workflow_dispatch:
    inputs:
      exports:
        description: Which exports, by name or by a selector such as tag:weekly (all of them when left empty)
        type: string
      target:
        description: Target of sqlflow.yml
        type: string
        default: ${target}
${only(fullRefreshInput)}permissions:
  contents: read
  id-token: write # proves to Google${access?.step ? ' and AWS' : ''} which repository asks
concurrency:
  group: sqlflow-production-\${{ inputs.exports || 'all' }}
jobs:
  build:
    # Production is what the default branch says, whichever branch the button is pressed on.
    if: github.event_name != 'workflow_dispatch' || github.ref_name == github.event.repository.default_branch
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v4
${setUp}${access?.step ?? ''}      - uses: google-github-actions/auth@v3
        if: vars.GOOGLE_WORKLOAD_IDENTITY_PROVIDER != ''
        with:
          workload_identity_provider: \${{ vars.GOOGLE_WORKLOAD_IDENTITY_PROVIDER }}
          service_account: \${{ vars.GOOGLE_SERVICE_ACCOUNT }}
      # Exports know the run by its number, so "Re-run jobs" adds no row twice.
      - name: Build and export
        env:
${variable}          SQLFLOW_TARGET: \${{ inputs.target || '${target}' }}
          SQLFLOW_FAILURE_WEBHOOK: \${{ secrets.SQLFLOW_FAILURE_WEBHOOK }}
          EXPORTS: \${{ inputs.exports }}
${only(fullRefresh)}        run: |
          options=(--junit target/junit.xml)
${only(buildOnMerge)}          read -ra exports <<< "\${EXPORTS//,/ }"
          if [ \${#exports[@]} -gt 0 ]; then options+=(--fail-on-empty); fi
          npx sqlflow build "\${exports[@]/#/+}" "\${options[@]}"
${keepResults}`,
  }
}

const serverProduction: Production = {
  about: `# Builds production and writes its exports every morning, and whenever somebody presses "Run workflow" on the Actions page; builds it
`,
  target: 'prod',
}

const embeddedProduction: Production = {
  about: `# Builds everything and writes the exports of target \`live\` every morning, and whenever somebody presses "Run workflow" on the Actions page.
# The embedded Postgres begins empty each time, and is filled from the files of this repository and the sheets that it reads. What was written to
# a Google Sheet is recorded in the sheet: nothing is lost, and what did not change is not written again.
`,
  target: 'live',
}
