/** Unpacks a tar of folders and files (ustar) that this package made itself. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const blockSize = 512

export function unpackTar(tar: Buffer, directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const made = new Set<string>()
  for (let at = 0; at + blockSize <= tar.length && tar[at] !== 0;) {
    const name = tarField(tar, at + 345, 155) + tarField(tar, at, 100)
    const size = Number.parseInt(tarField(tar, at + 124, 12), 8)
    const isFolder = tarField(tar, at + 156, 1) === '5'
    const target = path.join(directory, name)
    const folder = isFolder ? target : path.dirname(target)
    if (!made.has(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 })
    made.add(folder)
    if (!isFolder) writeFileSync(target, tar.subarray(at + blockSize, at + blockSize + size), { mode: 0o600 })
    at += blockSize + Math.ceil(size / blockSize) * blockSize
  }
}

function tarField(tar: Buffer, at: number, length: number): string {
  const text = tar.toString('utf8', at, at + length)
  const end = text.indexOf('\0')
  return end === -1 ? text : text.slice(0, end)
}
