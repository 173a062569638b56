/**
 * A seed of 1,000,000 rows, types declared and inferred, against `\copy` of the same file into a table of the same types. Each begins without the
 * table and after a checkpoint, so that neither pays for the other, and which goes first alternates; the ratio is that of one round. What a seed does
 * besides, such as `analyze`, counts.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { median, megabytes, repeat, seconds, times, type Figure, type Measure } from '../measure.ts'
import { createFolder, runSqlflow, runSqlflowForMemory } from '../processes.ts'
import { million, supporterColumns, writeSupporters } from '../rows.ts'
import { findPsql, openDatabase } from '../server.ts'

export const seed: Measure = {
  name: 'seed',
  run: async () => {
    if (findPsql() === undefined) return []
    await using folder = await createFolder()
    await using database = await openDatabase(folder.path)
    const csv = join(folder.path, 'seeds', 'supporters.csv')
    const declaration = join(folder.path, 'seeds', 'seeds.yml')
    await mkdir(join(folder.path, 'seeds'))
    await writeFile(join(folder.path, 'sqlflow.yml'), `name: bench\n${database.target}`)
    await writeSupporters(csv, million)
    const typed = Object.entries(supporterColumns)
    const columns = typed.map(([name, type]) => `      ${name}: { type: ${type} }\n`).join('')
    const copy = `begin;
create table supporters (${typed.map(([name, type]) => `${name} ${type}`).join(', ')});
\\copy supporters from '${csv}' with (format csv, header true)
commit;
`
    const options = { cwd: folder.path, env: database.env }
    const compare = async (kind: string, bar: number): Promise<readonly Figure[]> => {
      const sides = {
        psql: async () => (await database.psql(copy)).ms,
        ours: async () => (await runSqlflow(['seed'], options)).ms,
      }
      const fresh = async (work: () => Promise<number>): Promise<number> => {
        await database.psql('drop table if exists supporters;\ncheckpoint;')
        return await work()
      }
      const measured = await repeat(5, async (round) => {
        const first = round % 2 === 0 ? await fresh(sides.psql) : undefined
        const ours = await fresh(sides.ours)
        return { psql: first ?? (await fresh(sides.psql)), ours }
      })
      await database.psql('drop table if exists supporters;')
      const { resident } = await runSqlflowForMemory(['seed'], options)
      const ratio = median(measured.map(({ ours, psql }) => ours / psql))
      const psql = median(measured.map((round) => round.psql))
      const ours = median(measured.map((round) => round.ours))
      return [
        {
          measure: `a seed of 1,000,000 rows, types ${kind}, against \\copy`,
          figure: `${times(ratio)} (${seconds(ours)} against ${seconds(psql)})`,
          bar: `at most ${bar} times`,
          met: ratio <= bar,
        },
        {
          measure: `a seed of 1,000,000 rows, types ${kind}, memory`,
          figure: megabytes(resident),
          bar: 'under 150 MB',
          met: resident < 150,
        },
      ]
    }
    await writeFile(declaration, `seeds:\n  supporters:\n    columns:\n${columns}`)
    const declared = await compare('declared', 1.3)
    await rm(declaration)
    return [...declared, ...(await compare('inferred', 1.5))]
  },
}
