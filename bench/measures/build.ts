/** 200 views and 200 tables on Postgres, one thread, against psql sending the very strings that sqlflow sends for its nodes. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lexSql } from '../../src/dialects/sql-lexer.ts'
import { median, repeat, seconds, times, type Figure, type Measure } from '../measure.ts'
import { createFolder, runPhase, runSqlflow } from '../processes.ts'
import { recordStatements } from '../recording-proxy.ts'
import { findPsql, openDatabase, type BenchDatabase } from '../server.ts'

const count = 200
const rounds = 7

export const build: Measure = {
  name: 'build',
  run: async () => {
    if (findPsql() === undefined) return []
    return [...(await compare('view')), ...(await compare('table'))]
  },
}

async function compare(materialized: 'view' | 'table'): Promise<readonly Figure[]> {
  await using folder = await createFolder()
  await using database = await openDatabase(folder.path)
  await writeProject(folder.path, database, materialized)
  const run = (env: Readonly<Record<string, string>>): ReturnType<typeof runSqlflow> =>
    runSqlflow(['build', '--threads', '1', '--json'], { cwd: folder.path, env })
  await database.psql(fresh)
  const script = await recordScript(database, run)
  const measured = await repeat(rounds, async () => {
    await database.psql(fresh)
    const { ms, stdout } = await run(database.env)
    await database.psql(fresh)
    const psql = await database.psql(script)
    return { psql: psql.ms, whole: ms, phase: runPhase(stdout) }
  })
  const psql = median(measured.map((one) => one.psql))
  const phase = median(measured.map((one) => one.phase))
  const whole = median(measured.map((one) => one.whole))
  const ratio = median(measured.map((one) => one.phase / one.psql))
  const rest = median(measured.map((one) => one.whole - 1.3 * one.psql))
  return [
    {
      measure: `${count} ${materialized}s, run phase`,
      figure: `${times(ratio)} (${seconds(phase)} against ${seconds(psql)})`,
      bar: 'at most 1.3 times',
      met: ratio <= 1.3,
    },
    {
      measure: `${count} ${materialized}s, whole process`,
      figure: `1.3 times and ${seconds(rest)} (${seconds(whole)} against ${seconds(psql)})`,
      bar: 'at most 1.3 times and 0.4 s',
      met: rest <= 400,
    },
  ]
}

const fresh = `drop schema public cascade; create schema public; create schema if not exists crm;
create table if not exists crm.supporters as select n as supporter_id, 'PA' as state, now() as updated_at from generate_series(1, 100) as n;\n`

async function writeProject(root: string, { target }: BenchDatabase, materialized: string): Promise<void> {
  await mkdir(join(root, 'models'))
  const source = 'sources:\n  crm:\n    tables:\n      supporters: {}\n'
  await writeFile(join(root, 'models', 'sources.yml'), source)
  await writeFile(join(root, 'sqlflow.yml'), `name: bench\n${target}`)
  for (let index = 0; index < count; index++) {
    const sql = `/*---\nmaterialized: ${materialized}\n---*/\nselect supporter_id, upper(state) as state, updated_at\nfrom {{source 'crm' 'supporters'}}\nwhere supporter_id > ${index}\n`
    await writeFile(join(root, 'models', `turf_${index}.sql`), sql)
  }
}

/** Each string that a node sent, as one string of psql: `\;` joins statements. */
async function recordScript(
  database: BenchDatabase,
  run: (env: Readonly<Record<string, string>>) => ReturnType<typeof runSqlflow>,
): Promise<string> {
  await using proxy = await recordStatements(database.url)
  await run({ ...database.env, DATABASE_URL: Object.assign(new URL(proxy.url), { password: '' }).href })
  const sent = proxy.queries.filter((query) => query.startsWith('/* sqlflow run '))
  if (sent.length < count) throw new Error(`${sent.length} strings were recorded of ${count} nodes.`)
  return sent.map((query) => `${asOneString(query)};\n`).join('')
}

/** psql sends what stands before a plain `;` at once. */
function asOneString(query: string): string {
  const separators = lexSql(query).filter(({ kind, start }) => kind === 'symbol' && query.charAt(start) === ';')
  return separators.reduceRight((text, { start }) => `${text.slice(0, start)}\\${text.slice(start)}`, query)
}
