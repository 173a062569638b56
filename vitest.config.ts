import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest. A clone that has run nothing yet knows no times, and would begin these small files last, beside idle workers. */
const longest = [
  'exports/google-sheets/kills',
  'cli/runs/processes',
  'materializations/kill',
  'cli/runs/sheet-sources',
  'real/real-data',
  'materializations/concurrency',
  'redshift/kill',
  'sample/sample-project',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return at === -1 ? longest.length : at
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: availableParallelism(), // one fewer when absent: half of a small machine would stand idle
    sequence: { sequencer: LongestFirst },
  },
})
