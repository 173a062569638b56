/**
 * The lock of a PGlite data directory: a file beside it, since PGlite takes none and two openers lose data. It is created exclusively and taken
 * over only from a process that is certainly dead.
 */
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SqlflowError } from '../../core/errors.ts'
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts'

const pollInterval = 100

/** Longer than any takeover; a takeover file older than this was left by a killed process. */
const takeoverLimit = 5_000

interface Holder extends ProcessIdentity {
  /** The command line, for people: program and arguments may hold secrets, so only the subcommand. */
  readonly command: string
  /** ISO time. */
  readonly since: string
}

export interface DirectoryLockOptions {
  readonly directory: string
  /** Milliseconds to wait for a living holder. */
  readonly timeout: number
  readonly onWait: (reason: string) => void
  /** Ends the wait: throws its reason. */
  readonly signal?: AbortSignal | undefined
}

/** Throws SqlflowError `warehouse-locked` when another process holds the directory longer than `timeout`. */
export async function lockDirectory({ directory, timeout, onWait, signal }: DirectoryLockOptions): Promise<Disposable> {
  const file = `${directory}.lock`
  mkdirSync(path.dirname(file), { recursive: true })
  const mine = JSON.stringify(ownHolder())
  const deadline = Date.now() + timeout
  let told = false
  while (!tryLock(file, mine)) {
    const holder = readHolder(file)
    if (Date.now() >= deadline) throw locked(directory, file, holder)
    if (!told) onWait(`The embedded database in ${directory} is open in ${describe(holder)}.`)
    told = true
    await sleep(pollInterval, undefined, signal && { signal })
  }
  return { [Symbol.dispose]: () => unlock(file, mine) }
}

/** Who has a database of `folder` open, for people: `process 4711 (sqlflow build) since 2026-11-23 22:40:16 UTC`. */
export function findOpenDatabases(folder: string): readonly string[] {
  return listLocks(folder)
    .map((name) => readHolder(path.join(folder, name)))
    .filter((holder) => holder !== undefined && isAlive(holder))
    .map(describe)
}

function listLocks(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.lock'))
  } catch {
    return []
  }
}

function ownHolder(): Holder {
  const program = path.basename(process.argv[1] ?? process.title)
  const command = [program.replace(/\.[cm]?[jt]s$/, ''), process.argv[2] ?? ''].join(' ').trim()
  return { ...ownIdentity(), command, since: new Date().toISOString() }
}

function tryLock(file: string, mine: string): boolean {
  if (createWhole(file, mine)) return true
  const holder = readHolder(file)
  return holder !== undefined && !isAlive(holder) && takeOver(file, mine)
}

/** Creates the file with all of its text, or not at all: a half-written one could not be judged. */
function createWhole(file: string, text: string): boolean {
  const aside = `${file}.${process.pid}.${performance.now()}`
  writeFileSync(aside, text)
  try {
    linkSync(aside, file)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

/** One process at a time judges and replaces a dead holder's lock; without that, two could each remove the other's. */
function takeOver(file: string, mine: string): boolean {
  const takeover = `${file}.takeover`
  if (!createWhole(takeover, mine)) {
    if (ageOf(takeover) > takeoverLimit) rmSync(takeover, { force: true })
    return false
  }
  try {
    const holder = readHolder(file)
    if (holder !== undefined && isAlive(holder)) return false
    rmSync(file, { force: true })
    return createWhole(file, mine)
  } finally {
    rmSync(takeover, { force: true })
  }
}

function ageOf(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
}

function unlock(file: string, mine: string): void {
  if (readText(file) === mine) rmSync(file, { force: true })
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function readHolder(file: string): Holder | undefined {
  const text = readText(file)
  if (text === undefined) return undefined
  try {
    const holder: unknown = JSON.parse(text)
    return isHolder(holder) ? holder : undefined
  } catch {
    return undefined
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number' && 'host' in value && 'since' in value
  )
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function describe(holder: Holder | undefined): string {
  if (holder === undefined) return 'another process'
  const { pid, command, since } = holder
  return `process ${pid} (${command}) since ${since.slice(0, 19).replace('T', ' ')} UTC`
}

function locked(directory: string, file: string, holder: Holder | undefined): SqlflowError {
  const elsewhere = holder !== undefined && holder.host !== ownIdentity().host
  return new SqlflowError(
    'warehouse-locked',
    `The embedded database in ${directory} is open in ${describe(holder)}${elsewhere ? ` on ${holder.host}` : ''}.`,
    {
      hint: elsewhere || holder === undefined ? `Wait for it to end. If it is gone, remove ${file}.` : 'Wait for it to end, or stop it.',
    },
  )
}
