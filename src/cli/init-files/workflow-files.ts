/** The workflows of GitHub Actions: what happens to a pull request, and on merge. */
import type { InitFile, InitWarehouse } from './init-file.ts'

export function workflowFiles(warehouse: InitWarehouse): readonly InitFile[] {
  return warehouse === 'postgres' ? [pullRequestFile, productionFile] : [embeddedFile]
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

const pullRequestFile: InitFile = {
  path: '.github/workflows/sqlflow-pull-request.yml',
  text: `# Builds and tests each pull request in schemas of its own (ci_<number>, ci_<number>_staging...), which are dropped when it is closed.
# Failures are shown beside the lines of the pull request that caused them. It needs one secret of the repository: DATABASE_URL.
name: sqlflow pull request
on:
  pull_request:
    types: [opened, synchronize, reopened, closed]
permissions:
  contents: read
concurrency:
  group: sqlflow-pull-request-\${{ github.event.number }}
env:
  DATABASE_URL: \${{ secrets.DATABASE_URL }}
  PR_NUMBER: \${{ github.event.number }}
jobs:
  build:
    # Secrets are not given to the pull requests of forks.
    if: github.event.action != 'closed' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
${setUp}      - run: npx sqlflow build -t ci --junit target/junit.xml
${keepResults}  drop:
    if: github.event.action == 'closed' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { ref: "\${{ github.event.pull_request.base.ref }}" }
${setUp}      - run: npx sqlflow clean --schemas -t ci --yes
`,
}

const productionFile: InitFile = {
  path: '.github/workflows/sqlflow-production.yml',
  text: `# Builds production whenever something is merged, and whenever somebody presses "Run workflow". It needs one secret of the repository: DATABASE_URL.
name: sqlflow production
on:
  push:
    branches: [main]
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: sqlflow-production
env:
  DATABASE_URL: \${{ secrets.DATABASE_URL }}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
${setUp}      - run: npx sqlflow build -t prod --junit target/junit.xml
${keepResults}`,
}
