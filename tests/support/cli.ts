/**
 * The command line over a project written for one test: in this process through the door that `main` uses, or as a process of its own where
 * signals, streams or death matter. Each project has a database of its own; both are gone when it is disposed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { vi } from 'vitest'
import type { ExitCode, CliIo } from '../../src/cli/io.ts'
import type { Prompts } from '../../src/cli/prompts.ts'
import { runProgram } from '../../src/cli/program.ts'
import type { NodeOutcome, RunEvent } from '../../src/core/event.ts'
import type { Target } from '../../src/core/project.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import { createDatabase, createTemporaryFolder, targetOver } from './databases.ts'
import { startRedshift } from './redshift/start-redshift.ts'

vi.setConfig({ testTimeout: 180_000 }) // every command opens a database, for which a busy machine takes its time

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export type Files = Readonly<Record<string, string>>
type Row = readonly (string | null)[]

export interface ProjectOptions {
  readonly files: Files
  /** Further lines of sqlflow.yml. */
  readonly config?: string
  /** Further keys of the target `dev`, as a flow mapping writes them: `exports: live`. */
  readonly target?: string
}

export interface CommandResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  readonly isTerminal?: boolean
  readonly stdin?: string
  /** What the clock of the command says; the real time when absent. */
  readonly now?: Date
  /** Answers to what is asked; without any, nobody can answer. */
  readonly prompts?: Partial<Prompts>
  /** Sees what is written, as it is written. */
  readonly onOutput?: (text: string) => void
  /** Of the terminal; 100 when absent. */
  readonly columns?: number
}

export interface CliProject extends AsyncDisposable {
  readonly root: string
  /** The server's database; absent on PGlite. */
  readonly url: string | undefined
  readonly write: (files: Files) => void
  readonly remove: (file: string) => void
  /** Undefined where there is none. */
  readonly read: (file: string) => string | undefined
  /** Runs a command in this process. */
  readonly run: (args: readonly string[], options?: CommandOptions) => Promise<CommandResult>
  /** Runs a command as a process of its own. */
  readonly spawn: (args: readonly string[], options?: Pick<CommandOptions, 'env'>) => RunningCommand
  /** Rows of a statement, by a session of its own. */
  readonly query: (sql: string) => Promise<readonly Row[]>
}

export interface Warehouse<Type = 'postgres' | 'pglite'> {
  readonly type: Type
  readonly create: (options: ProjectOptions) => Promise<CliProject>
}

/** A Postgres, on a server and embedded, for `describe.each`. */
export const warehouses: readonly Warehouse[] = [
  { type: 'postgres', create: (options) => createProject('postgres', options) },
  { type: 'pglite', create: (options) => createProject('pglite', options) },
]

/** With the stand-in for Redshift: for suites whose SQL all of them take. */
export const everyWarehouse: readonly Warehouse<Target['type']>[] = [
  ...warehouses,
  { type: 'redshift', create: (options) => createProject('redshift', options) },
]

export async function createProject(type: Target['type'], { files, config = '', target = '' }: ProjectOptions): Promise<CliProject> {
  const folder = await createTemporaryFolder()
  const database = type === 'pglite' ? undefined : await (type === 'redshift' ? startRedshift() : createDatabase())
  const connection = database ? ', url: "${DATABASE_URL}"' : ''
  const declared = database ? 'env: { DATABASE_URL: { secret: true } }\n' : ''
  const own = target === '' ? '' : `, ${target}`
  const write = (more: Files): void => writeFiles(folder.path, more)
  write({
    'sqlflow.yml': `name: field\ndefault_target: dev\n${declared}targets:\n  dev: { type: ${type}${connection}, schema: analytics${own} }\n${config}`,
    ...files,
  })
  const env = database ? serverEnvironment(database.url) : {}
  return {
    root: folder.path,
    url: database?.url,
    write,
    remove: (file) => rmSync(path.join(folder.path, file), { recursive: true }),
    read: (file) => readIfThere(path.join(folder.path, file)),
    run: (args, options = {}) => runHere(folder.path, args, { ...options, env: { ...env, ...options.env } }),
    spawn: (args, options = {}) => spawnCommand(folder.path, args, { ...env, ...options.env }),
    query: (sql) => (database ? queryServer(database.url, sql) : queryEmbedded(path.join(folder.path, '.sqlflow', 'pglite', 'dev'), sql)),
    [Symbol.asyncDispose]: async () => {
      await database?.[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/**
 * The password travels apart from the URL: that of a test's server is a common word, and a common word that is a secret is masked wherever
 * it stands in the output.
 */
function serverEnvironment(url: string): Readonly<Record<string, string>> {
  const password = decodeURIComponent(new URL(url).password)
  process.env['PGPASSWORD'] = password // where the driver of a command in this process looks
  return { DATABASE_URL: Object.assign(new URL(url), { password: '' }).href, PGPASSWORD: password }
}

function writeFiles(root: string, files: Files): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

const givesUp: Prompts = {
  confirm: () => Promise.resolve(undefined),
  choose: () => Promise.resolve(undefined),
  text: () => Promise.resolve(undefined),
  secret: () => Promise.resolve(undefined),
}

/** Runs a command in this process, in the folder `cwd`. */
export async function runHere(cwd: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const written = { stdout: '', stderr: '' }
  const output = (stream: keyof typeof written): CliIo['stdout'] => ({
    write: (text) => {
      written[stream] += io.mask(text)
      options.onOutput?.(text)
    },
    isTerminal: options.isTerminal ?? false,
    columns: options.columns ?? 100,
  })
  const io: CliIo = {
    cwd,
    env: { HOME: cwd, ...options.env }, // whose logins are none of a test's
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: async () => options.stdin ?? '',
    now: () => options.now ?? new Date(),
    signal: options.signal ?? new AbortController().signal,
    ...(options.prompts && { prompts: { ...givesUp, ...options.prompts } }),
    mask: (text) => text,
  }
  const exitCode: ExitCode = await runProgram(io, args)
  return { exitCode, ...written }
}

/** A process that runs a command; its group can be signalled as a whole. */
export interface RunningCommand {
  readonly child: ChildProcess
  readonly pid: number
  /** Resolves once stdout and stderr, as one text, match. */
  readonly prints: (pattern: RegExp) => Promise<void>
  readonly kill: (signal: NodeJS.Signals) => void
  readonly result: Promise<CommandResult>
}

function spawnCommand(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): RunningCommand {
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env } })
  const written = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  const listen = (stream: keyof typeof written): void => {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text
      for (const look of waiting) look()
    })
  }
  listen('stdout')
  listen('stderr')
  const result = new Promise<CommandResult>((resolve, reject) => {
    child.on('error', reject).on('close', (exitCode) => resolve({ exitCode, ...written }))
  })
  return {
    child,
    pid: child.pid ?? 0,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(written.stdout + written.stderr)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
        result.then(
          (ended) => reject(new Error(`The command ended before it printed ${String(pattern)}:\n${ended.stdout}${ended.stderr}`)),
          reject,
        )
      }),
    kill: (signal) => void child.kill(signal),
    result,
  }
}

async function queryServer(url: string, sql: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url, types: { getTypeParser: () => (value: string) => value } })
  await client.connect()
  try {
    const { rows } = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })
    return rows
  } finally {
    await client.end()
  }
}

async function queryEmbedded(directory: string, sql: string): Promise<readonly Row[]> {
  await using warehouse = await openWarehouse(targetOver('pglite', { path: directory }), { applicationName: 'sqlflow test' })
  await using session = await warehouse.acquire()
  const [result] = await session.run(sql)
  return result?.rows ?? []
}

/** The events that `--json` printed. */
export function eventsOf(stdout: string): readonly RunEvent[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): RunEvent => JSON.parse(line))
}

/** What became of each node, in the order in which they ended. */
export function outcomesOf(stdout: string): readonly NodeOutcome[] {
  return eventsOf(stdout).filter((event) => event.type === 'node-finished')
}

/** `success model:supporters`, in the order in which they ended. */
export function statusesOf(stdout: string): readonly string[] {
  return outcomesOf(stdout).map(({ status, node }) => `${status} ${node}`)
}

/** Text of a command with what differs from run to run replaced: times, versions, run ids, ports and processes. */
export function steady(text: string): string {
  return text
    .replaceAll(/\b\d+ min \d+ s\b|\b[\d,]+(?:\.\d+)? m?s\b/g, 'N ms')
    .replaceAll(/\bsqlflow \d+\.\d+\.\d+\S*/g, 'sqlflow V')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/\btest_[0-9a-f]{12}\b/g, 'DATABASE')
}
