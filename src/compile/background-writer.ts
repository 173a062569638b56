/** Writes many files while the caller computes the next ones: on a thread of its own, once there are enough of them to pay for it. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { writeFiles, type FileOnDisk, type FileToWrite } from './write-files.ts'

export interface BackgroundWriter {
  readonly write: (file: FileToWrite) => void
  /** Resolves when all are on the disk; throws the first error of the file system. */
  readonly finish: () => Promise<readonly FileOnDisk[]>
}

const batchSize = 400
const threadFile = new URL(import.meta.url.endsWith('.ts') ? './write-files.ts' : './write-files.js', import.meta.url)

export function createBackgroundWriter(): BackgroundWriter {
  let batch: FileToWrite[] = []
  let thread: Worker | undefined
  let answer: Promise<readonly (readonly FileOnDisk[])[]> | undefined
  return {
    write: (file) => {
      batch.push(file)
      if (batch.length < batchSize) return
      thread ??= new Worker(threadFile)
      answer ??= once(thread, 'message')
      answer.catch(() => undefined) // thrown by finish
      thread.postMessage(batch, [])
      batch = []
    },
    finish: async () => {
      if (thread === undefined || answer === undefined) return writeFiles(batch, new Set())
      thread.postMessage(batch, [])
      thread.postMessage(null, [])
      const [written = []] = await answer
      await thread.terminate()
      return written
    },
  }
}
