/** Writes files, folders and all, and says how each stands on the disk. As a thread (`background-writer.ts`) it is sent lists of them, then null. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parentPort } from 'node:worker_threads'

export interface FileToWrite {
  /** Absolute. */
  readonly path: string
  readonly text: string
}

export interface FileOnDisk {
  readonly path: string
  readonly size: number
  readonly mtimeMs: number
}

export function writeFiles(files: readonly FileToWrite[], made: Set<string>): readonly FileOnDisk[] {
  return files.map(({ path, text }) => {
    makeFolder(dirname(path), made)
    writeFileSync(path, text)
    const { size, mtimeMs } = statSync(path)
    return { path, size, mtimeMs }
  })
}

function makeFolder(path: string, made: Set<string>): void {
  if (made.has(path)) return
  mkdirSync(path, { recursive: true })
  made.add(path)
}

const port = parentPort
if (port) {
  const made = new Set<string>()
  const written: FileOnDisk[] = []
  port.on('message', (files: readonly FileToWrite[] | null) => {
    if (files) written.push(...writeFiles(files, made))
    else port.postMessage(written)
  })
}
