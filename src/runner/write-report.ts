/** A file that tells of a run: written aside and renamed, so that a reader never sees half of it. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SqlflowError } from '../core/errors.ts'

/** Makes its folder. Throws SqlflowError `report-not-written`. */
export function writeReport(path: string, text: string): void {
  const aside = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(aside, text)
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    const reason = error instanceof Error && 'code' in error ? (reasons[String(error.code)] ?? String(error.code)) : String(error)
    throw new SqlflowError('report-not-written', `${path} was not written: ${reason}.`, {
      hint: 'What the run built stands; only the report of it is missing.',
      cause: error,
    })
  }
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
