/** Child processes with their wall time; sqlflow as users run it: the built `dist/`, by this Node. */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunEvent } from '../src/core/event.ts'

const repository = fileURLToPath(new URL('..', import.meta.url))
export const sqlflowMain = join(repository, 'bin', 'sqlflow.js')

export interface Finished {
  /** From spawning to the end of its output. */
  readonly ms: number
  readonly stdout: string
}

export interface ProcessOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Throws when it fails. */
export async function runProcess(command: string, args: readonly string[], { cwd, env }: ProcessOptions = {}): Promise<Finished> {
  const started = performance.now()
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  const ms = performance.now() - started
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}.\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`)
  return { ms, stdout }
}

export function runSqlflow(args: readonly string[], options: ProcessOptions): Promise<Finished> {
  return runProcess(process.execPath, [sqlflowMain, ...args], options)
}

export interface Memory {
  /** Megabytes of the whole process at its peak. */
  readonly resident: number
  /** Megabytes of JavaScript objects at their peak, all threads together. */
  readonly heap: number
  /** Milliseconds that all threads computed for. */
  readonly cpu: number
}

/** What `report-memory.mjs` writes of a thread. */
interface MemoryReport {
  /** Kilobytes of the whole process, as the operating system counts. */
  readonly resident: number
  /** Bytes of the JavaScript objects of this thread. */
  readonly heap: number
  /** Microseconds of all threads of the process. */
  readonly cpu: number
}

/** As `runSqlflow`, in a process that reports its memory: a few milliseconds slower. */
export function runSqlflowForMemory(args: readonly string[], options: ProcessOptions): Promise<Finished & Memory> {
  return runNodeForMemory([sqlflowMain, ...args], options)
}

/** A script of its own, measured alike. */
export async function runNodeForMemory(args: readonly string[], options: ProcessOptions): Promise<Finished & Memory> {
  const folder = await mkdtemp(join(tmpdir(), 'sqlflow-memory-'))
  try {
    const preload = new URL('./report-memory.mjs', import.meta.url).href
    const env = { ...options.env, NODE_OPTIONS: `--import=${preload}`, SQLFLOW_BENCH_MEMORY: folder }
    const finished = await runProcess(process.execPath, args, { ...options, env })
    const names = await readdir(folder)
    const reports = await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as MemoryReport))
    return {
      ...finished,
      resident: Math.max(...reports.map((one) => one.resident)) / 1024,
      heap: reports.reduce((sum, one) => sum + one.heap, 0) / 1_000_000,
      cpu: Math.max(...reports.map((one) => one.cpu)) / 1000,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Milliseconds from the first node that started to the last that finished, of what `--json` printed. */
export function runPhase(stdout: string): number {
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as RunEvent)
  const started = events.find((event) => event.type === 'node-started')
  const finished = events.findLast((event) => event.type === 'node-finished')
  if (!started || !finished) throw new Error('No node was run.')
  return Date.parse(finished.at) - Date.parse(started.at)
}

/** A folder that is gone when disposed. */
export async function createFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'sqlflow-bench-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
