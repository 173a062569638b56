/** Runs the tool as a user does: a process of its own in the folder of a project. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { NodeOutcome, RunEvent } from '../../src/core/event.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface CommandResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export async function runSqlflow(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const exitCode = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  return { exitCode, stdout, stderr }
}

/**
 * The environment in which the variable `name` leads to a server. The password travels apart from it: that of a test's server is a
 * common word, and a common word that is a secret is masked wherever it stands in the output.
 */
export function serverEnvironment(name: string, url: string): Readonly<Record<string, string>> {
  const { password } = new URL(url)
  return { [name]: Object.assign(new URL(url), { password: '' }).href, PGPASSWORD: decodeURIComponent(password) }
}

/** What became of each node, from the events that `--json` prints. */
export function nodeOutcomes(stdout: string): readonly NodeOutcome[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as RunEvent)
    .filter((event) => event.type === 'node-finished')
}

/** `warn test:name`, sorted: every outcome that is not a success. */
export function unsuccessful(outcomes: readonly NodeOutcome[]): readonly string[] {
  return outcomes
    .filter(({ status }) => status !== 'success')
    .map(({ status, node }) => `${status} ${node}`)
    .sort()
}
