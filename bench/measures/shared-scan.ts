/** 34 row-wise tests of one table of 1,000,000 rows, against one statement for each of them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { median, repeat, seconds, times, type Measure } from '../measure.ts'
import { createFolder, runPhase, runSqlflow } from '../processes.ts'
import { million, supporterColumns, supportersSql } from '../rows.ts'
import { findPsql, openDatabase } from '../server.ts'

const columns = Object.keys(supporterColumns)
const expressions = Array.from({ length: 22 }, (_, index) => `pledged >= 0 and supporter_id > ${-1 - index}`)
const lists = Array.from({ length: 6 }, (_, index) => ['PA', 'GA', 'MI', `X${index}`])

export const sharedScan: Measure = {
  name: 'shared-scan',
  run: async () => {
    if (findPsql() === undefined) return []
    await using folder = await createFolder()
    await using database = await openDatabase(folder.path)
    await mkdir(join(folder.path, 'models'))
    await writeFile(join(folder.path, 'sqlflow.yml'), `name: bench\n${database.target}`)
    await writeFile(join(folder.path, 'models', 'supporters.sql'), modelText())
    await runSqlflow(['run'], { cwd: folder.path, env: database.env })
    await database.psql('vacuum analyze supporters;')
    const apart = statements().join('\n')
    const sides = {
      ours: async () => runPhase((await runSqlflow(['test', '--json'], { cwd: folder.path, env: database.env })).stdout),
      apart: async () => (await database.psql(apart)).ms,
    }
    const measured = await repeat(5, async (round) => {
      const first = round % 2 === 0 ? undefined : await sides.apart()
      const ours = await sides.ours()
      return { ours, apart: first ?? (await sides.apart()) }
    })
    const ratio = median(measured.map((one) => one.apart / one.ours))
    const figure = `${times(ratio)} faster (${seconds(median(measured.map((one) => one.ours)))} against ${seconds(median(measured.map((one) => one.apart)))})`
    return [
      {
        measure: `${statements().length} row-wise tests of 1,000,000 rows, against one statement each`,
        figure,
        bar: 'at least 3 times faster',
        met: ratio >= 3,
      },
    ]
  },
}

function modelText(): string {
  const ofState = lists.map((values) => `\n      - accepted_values: [${values.join(', ')}]`).join('')
  const ofColumns = columns.map((name) => `  ${name}:\n    tests:\n      - not_null${name === 'state' ? ofState : ''}\n`)
  const ofTable = expressions.map((sql) => `  - expression: "${sql}"\n`)
  return `/*---\nmaterialized: table\ncolumns:\n${ofColumns.join('')}tests:\n${ofTable.join('')}---*/\n${supportersSql(million)}\n`
}

/** The same questions, each by itself. */
function statements(): readonly string[] {
  return [
    ...columns.map((name) => `select count(*) from supporters where ${name} is null;`),
    ...lists.map((values) => `select count(*) from supporters where state not in (${values.map((one) => `'${one}'`).join(', ')});`),
    ...expressions.map((sql) => `select count(*) from supporters where not (${sql});`),
  ]
}
