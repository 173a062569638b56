/** Memory of an export to CSV, of 1,000,000 rows and of few: it must not grow with the rows. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { megabytes, seconds, type Figure, type Measure } from '../measure.ts'
import { createFolder, runSqlflow, runSqlflowForMemory, type Finished, type Memory } from '../processes.ts'
import { million, supportersSql } from '../rows.ts'
import { openDatabase } from '../server.ts'

export const exportRows: Measure = {
  name: 'export',
  run: async () => [await fromPostgres(), await fromPglite()],
}

async function fromPostgres(): Promise<Figure> {
  await using folder = await createFolder()
  await using database = await openDatabase(folder.path)
  const { few, many } = await exportBoth(folder.path, database.target, database.env)
  const figure = `${megabytes(many.resident)} in ${seconds(many.ms)} (of 10,000 rows: ${megabytes(few.resident)})`
  return { measure: 'exporting 1,000,000 rows to CSV from Postgres, memory', figure, bar: 'under 150 MB', met: many.resident < 150 }
}

async function fromPglite(): Promise<Figure> {
  await using folder = await createFolder()
  const { few, many } = await exportBoth(folder.path, '', {})
  const growth = many.heap - few.heap
  const figure = `${megabytes(growth)} in ${seconds(many.ms)} (peak ${megabytes(many.heap)}, of 10,000 rows ${megabytes(few.heap)})`
  return { measure: 'exporting 1,000,000 rows to CSV from PGlite, growth of the JS heap', figure, bar: 'under 60 MB', met: growth < 60 }
}

async function exportBoth(
  root: string,
  target: string,
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<'few' | 'many', Finished & Memory>>> {
  for (const name of ['models', 'exports']) await mkdir(join(root, name))
  await writeFile(join(root, 'sqlflow.yml'), `name: bench\n${target}`)
  for (const [name, rows] of [
    ['few', 10_000],
    ['many', million],
  ] as const) {
    await writeFile(join(root, 'models', `${name}.sql`), `/*---\nmaterialized: table\n---*/\n${supportersSql(rows)}\n`)
    await writeFile(join(root, 'exports', `${name}_rows.yml`), `from: ${name}\nto:\n  csv: { path: ${name}.csv }\n`)
  }
  await runSqlflow(['run'], { cwd: root, env })
  return {
    few: await runSqlflowForMemory(['export', 'few_rows'], { cwd: root, env }),
    many: await runSqlflowForMemory(['export', 'many_rows'], { cwd: root, env }),
  }
}
