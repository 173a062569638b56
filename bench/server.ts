/** The Postgres of the bench: the server of the tests, started when the first measure asks; `psql` is what is compared with. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { createDatabase } from '../tests/support/databases.ts'
import startOnDemand from '../tests/support/global-setup.ts'
import { runProcess, type Finished } from './processes.ts'

export interface BenchDatabase extends AsyncDisposable {
  readonly url: string
  /** Runs a script by psql, as one file; throws at the first error. */
  readonly psql: (script: string) => Promise<Finished>
  /** The lines of sqlflow.yml that lead there, and the environment that they need. */
  readonly target: string
  readonly env: Readonly<Record<string, string>>
}

let stop: Promise<() => Promise<void>> | undefined

export async function startServer(): Promise<void> {
  stop ??= startOnDemand()
  await stop
}

export async function openDatabase(folder: string): Promise<BenchDatabase> {
  await startServer()
  const { url, [Symbol.asyncDispose]: drop } = await createDatabase()
  const { password } = new URL(url)
  let scripts = 0
  return {
    url,
    psql: async (script) => {
      const file = join(folder, `script-${++scripts}.sql`)
      await writeFile(file, script)
      const args = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', file]
      return runProcess('psql', args, { env: { PGSSLMODE: 'disable' } }) // as the target below: psql would encrypt where the server offers it
    },
    target:
      'env: { DATABASE_URL: { secret: false } }\ntargets:\n  pg: { type: postgres, url: "${DATABASE_URL}", schema: public }\ndefault_target: pg\n',
    env: { DATABASE_URL: Object.assign(new URL(url), { password: '' }).href, PGPASSWORD: password },
    [Symbol.asyncDispose]: drop,
  }
}

export async function stopServer(): Promise<void> {
  await (
    await stop
  )?.()
}

export function findPsql(): string | undefined {
  try {
    return execFileSync('psql', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
