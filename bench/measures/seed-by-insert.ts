/**
 * A seed of 100,000 rows into Redshift, which takes no COPY from its client: the largest statement, and memory. The stand-in of the tests answers; how
 * long it takes says nothing of a cluster, so it is no figure.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startRedshift } from '../../tests/support/redshift/start-redshift.ts'
import { megabytes, type Measure } from '../measure.ts'
import { createFolder, runSqlflowForMemory } from '../processes.ts'
import { recordStatements } from '../recording-proxy.ts'
import { supporterColumns, writeSupporters } from '../rows.ts'
import { startServer } from '../server.ts'

const rows = 100_000
/** What Redshift takes as one statement. */
const mostBytes = 16_000_000

export const seedByInsert: Measure = {
  name: 'seed-by-insert',
  run: async () => {
    await startServer()
    await using folder = await createFolder()
    await using redshift = await startRedshift()
    await using proxy = await recordStatements(redshift.url)
    await mkdir(join(folder.path, 'seeds'))
    const target =
      'env: { DATABASE_URL: {} }\ntargets:\n  rs: { type: redshift, url: "${DATABASE_URL}", ssl: false, schema: public }\ndefault_target: rs\n'
    await writeFile(join(folder.path, 'sqlflow.yml'), `name: bench\n${target}`)
    const typed = Object.entries(supporterColumns).map(([name, type]) => `      ${name}: { type: ${type} }\n`)
    await writeFile(join(folder.path, 'seeds', 'seeds.yml'), `seeds:\n  supporters:\n    columns:\n${typed.join('')}`)
    await writeSupporters(join(folder.path, 'seeds', 'supporters.csv'), rows)
    const { password } = new URL(redshift.url)
    const env = { DATABASE_URL: Object.assign(new URL(proxy.url), { password: '' }).href, PGPASSWORD: password }
    const { resident, ms } = await runSqlflowForMemory(['seed'], { cwd: folder.path, env })
    const inserts = proxy.queries.filter((sql) => sql.includes('insert into "public"."supporters"'))
    const largest = Math.max(...inserts.map((sql) => Buffer.byteLength(sql)))
    console.log(`  ${inserts.length} statements, ${(ms / 1000).toFixed(1)} s over the stand-in`)
    return [
      {
        measure: 'a seed of 100,000 rows into Redshift: the largest statement',
        figure: `${(largest / 1_000_000).toFixed(2)} MB, of ${inserts.length}`,
        bar: 'under 16 MB',
        met: largest < mostBytes,
      },
      { measure: 'the same: memory', figure: megabytes(resident), bar: 'under 150 MB', met: resident < 150 },
    ]
  },
}
