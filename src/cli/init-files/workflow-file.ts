/** The check of a pull request on GitHub. */
import type { InitFile } from './init-file.ts'

export const workflowFile: InitFile = {
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
      - uses: actions/setup-node@v4
        with: { node-version: 24, cache: npm }
      - run: npm ci
      - run: npx sqlflow build --junit target/junit.xml
      # Compiled SQL and results, to look at. Exported files stay out: they may hold people's phones.
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: sqlflow
          path: |
            target
            !target/*/exports
`,
}
