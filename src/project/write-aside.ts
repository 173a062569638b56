/** A file written aside and renamed: whoever reads it meanwhile, and whoever comes after a crash, finds the old one or the new one. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes its folder. Leaves nothing behind when it throws what the file system threw. */
export function writeAside(path: string, text: string): void {
  const aside = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(aside, text)
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/** Why a file could not be written, to stand behind `was not written:`. */
export function whyNotWritten(error: unknown): string {
  return error instanceof Error && 'code' in error ? (reasons[String(error.code)] ?? String(error.code)) : String(error)
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EISDIR: 'a folder has this name',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
}
