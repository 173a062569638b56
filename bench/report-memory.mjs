/**
 * Loaded into a measured process by `--import`, in each of its threads: writes the peaks of its memory to a folder, a file for each thread.
 * Plain JavaScript, because Node's reading of TypeScript would count as the process's own memory.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread, threadId } from 'node:worker_threads'

const folder = process.env['SQLFLOW_BENCH_MEMORY']
if (folder !== undefined) watch(join(folder, `thread-${threadId}.json`))

/** @param {string} file */
function watch(file) {
  let heap = 0
  const write = () => {
    const { user, system } = process.cpuUsage()
    writeFileSync(file, JSON.stringify({ resident: process.resourceUsage().maxRSS, heap, cpu: user + system }))
  }
  const look = () => {
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
