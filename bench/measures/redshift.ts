/** What a node costs on a Redshift beyond its statements: tables swapped over the stand-in, against a driver that sends the very strings that sqlflow sent. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { startRedshift } from '../../tests/support/redshift/start-redshift.ts'
import { median, repeat, type Figure, type Measure } from '../measure.ts'
import { createFolder, runPhase, runSqlflow } from '../processes.ts'
import { recordStatements } from '../recording-proxy.ts'
import { startServer } from '../server.ts'

const count = 50
const rounds = 5

export const redshift: Measure = {
  name: 'redshift',
  run: async () => {
    await startServer()
    await using folder = await createFolder()
    await using standIn = await startRedshift()
    await writeProject(folder.path)
    const run = (url: string): ReturnType<typeof runSqlflow> => {
      const env = { DATABASE_URL: Object.assign(new URL(url), { password: '' }).href, PGPASSWORD: new URL(url).password }
      return runSqlflow(['build', '--threads', '1', '--json'], { cwd: folder.path, env })
    }
    await run(standIn.url)
    const beyond = await repeat(rounds, async () => {
      await using proxy = await recordStatements(standIn.url)
      const { stdout } = await run(proxy.url)
      const nodes = ofNodes(proxy.queries)
      return (runPhase(stdout) - (await sendByHand(standIn.url, nodes))) / count
    })
    return [nodeFigure(median(beyond))]
  },
}

function nodeFigure(ms: number): Figure {
  return {
    measure: `${count} tables swapped on the stand-in for Redshift: a node, beyond the same strings sent by hand`,
    figure: `${ms.toFixed(1)} ms`,
    bar: 'at most 10 ms',
    met: ms <= 10,
  }
}

async function writeProject(root: string): Promise<void> {
  await mkdir(join(root, 'models'))
  const target =
    'env: { DATABASE_URL: { secret: false } }\ntargets:\n  rs: { type: redshift, url: "${DATABASE_URL}", ssl: false, schema: bench }\n'
  await writeFile(join(root, 'sqlflow.yml'), `name: bench\n${target}default_target: rs\n`)
  for (let index = 0; index < count; index++) {
    const sql = `/*---\nmaterialized: table\n---*/\nselect ${index} as turf_id, 'PA' as state, getdate() as updated_at\n`
    await writeFile(join(root, 'models', `turf_${index}.sql`), sql)
  }
}

/** From the first string of a node to the last: also what was asked for it, and its locks. */
function ofNodes(sent: readonly string[]): readonly string[] {
  const isOfNode = (text: string): boolean => text.startsWith('/* sqlflow run ')
  const nodes = sent.slice(sent.findIndex(isOfNode), sent.findLastIndex(isOfNode) + 1)
  if (nodes.length < count) throw new Error(`${nodes.length} strings were recorded of ${count} nodes.`)
  return nodes
}

/** Milliseconds. What a run swapped can be swapped again by the same strings: the names of what is built aside are free once more. */
async function sendByHand(url: string, texts: readonly string[]): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const started = performance.now()
    for (const text of texts) await client.query(text)
    const ms = performance.now() - started
    await client.query('delete from bench.sqlflow_locks') // else the next run waits for the one that was played
    return ms
  } finally {
    await client.end()
  }
}
