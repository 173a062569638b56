/** Which process holds something, told apart from a later one with the same id. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  /** When the process started, in the system's own spelling; absent where the system does not tell. */
  readonly started?: string
}

export function ownIdentity(): ProcessIdentity {
  const started = findStart(process.pid)
  return { pid: process.pid, host: hostname(), ...(started !== undefined && { started }) }
}

/** False only when it is certain: a process of another machine counts as alive. */
export function isAlive({ pid, host, started }: ProcessIdentity): boolean {
  if (host !== hostname()) return true
  if (!isRunning(pid)) return false
  const current = findStart(pid)
  return started === undefined || current === undefined || started === current
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function findStart(pid: number): string | undefined {
  try {
    if (process.platform === 'win32') return undefined
    if (process.platform === 'linux') return startOnLinux(pid)
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

/** Field 22 of /proc/PID/stat, in ticks since boot; the command before it stands in parentheses and may hold anything. */
function startOnLinux(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' ? undefined : fields[18]
}
