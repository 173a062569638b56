/** Loaded into a measured process by `--import`, in each of its threads: writes the peaks of its memory to a folder, a file for each thread. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread, threadId } from 'node:worker_threads'

export interface MemoryReport {
  /** Kilobytes of the whole process, as the operating system counts. */
  readonly resident: number
  /** Bytes of the JavaScript objects of this thread. */
  readonly heap: number
  /** Microseconds of all threads of the process. */
  readonly cpu: number
}

const folder = process.env['SQLFLOW_BENCH_MEMORY']
if (folder !== undefined) watch(join(folder, `thread-${threadId}.json`))

function watch(file: string): void {
  let heap = 0
  const write = (): void => {
    const { user, system } = process.cpuUsage()
    const report: MemoryReport = { resident: process.resourceUsage().maxRSS, heap, cpu: user + system }
    writeFileSync(file, JSON.stringify(report))
  }
  const look = (): void => {
    const { heapUsed } = process.memoryUsage()
    if (heapUsed <= heap) return
    const isNews = heapUsed > heap + 1_000_000
    heap = heapUsed
    if (isNews && !isMainThread) write() // a thread may be ended without a word
  }
  look()
  setInterval(look, 20).unref()
  process.once('exit', () => {
    look()
    write()
  })
}
