/** Every measure, in the order of docs/performance.md. */
import type { Measure } from '../measure.ts'
import { build } from './build.ts'
import { compile } from './compile.ts'
import { criticalPath } from './critical-path.ts'
import { exportRows } from './export.ts'
import { list } from './list.ts'
import { locks } from './locks.ts'
import { redshift } from './redshift.ts'
import { sample } from './sample.ts'
import { seed } from './seed.ts'
import { seedByInsert } from './seed-by-insert.ts'
import { sharedScan } from './shared-scan.ts'
import { sheets } from './sheets.ts'
import { swap } from './swap.ts'
import { version } from './version.ts'
import { rebuiltViews } from './views.ts'

export const measures: readonly Measure[] = [
  version,
  list,
  compile,
  build,
  criticalPath,
  seed,
  seedByInsert,
  exportRows,
  sheets,
  swap,
  rebuiltViews,
  locks,
  redshift,
  sharedScan,
  sample,
]
