/**
 * The folder in which an emulator keeps what it holds: a file for each spreadsheet, written aside and renamed soon after a change and when it is closed, and the key of the
 * first service account. One process at a time has it; a folder that a dead one left is taken over.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newKeyPair, readKeyPair, type KeyPair, type ServiceAccountKey } from './account.ts'
import { packFile, unpackFile } from './kept-file.ts'
import type { DriveFile } from './world.ts'

export interface KeptData {
  readonly keys: KeyPair
  /** Id of the key. */
  readonly keyId: string | undefined
  readonly files: readonly DriveFile[]
  /** Soon written; files that many requests change are written once. */
  readonly save: (file: DriveFile) => void
  readonly remove: (id: string) => void
  /** Keeps credentials, readable for their owner alone. Returns where. */
  readonly saveSecret: (name: string, value: object) => string
  /** Writes what is not written yet, and lets the folder go. */
  readonly close: () => void
}

/** The folder cannot be used: somebody else has it, or a file in it cannot be read. */
export class KeptDataError extends Error {}

export const keyFile = 'service-account.json'

const delayMs = 500

/** Throws KeptDataError, and what the file system throws. */
export function openKeptData(folder: string): KeptData {
  const spreadsheets = join(folder, 'spreadsheets')
  mkdirSync(spreadsheets, { recursive: true })
  writeFileSync(join(folder, '.gitignore'), '*\n') // a key is in it
  const release = takeFolder(folder)
  try {
    const { keys, keyId } = readKey(join(folder, keyFile))
    const waiting = new Map<string, DriveFile>()
    let timer: NodeJS.Timeout | undefined
    const flush = (): void => {
      clearTimeout(timer)
      timer = undefined
      for (const file of waiting.values()) writeAside(join(spreadsheets, `${file.id}.json`), packFile(file))
      waiting.clear()
    }
    return {
      keys,
      keyId,
      files: readFiles(spreadsheets),
      save: (file) => {
        waiting.set(file.id, file)
        timer ??= setTimeout(flush, delayMs)
      },
      remove: (id) => {
        waiting.delete(id)
        rmSync(join(spreadsheets, `${id}.json`), { force: true })
      },
      saveSecret: (name, value) => {
        const path = join(folder, name)
        writeAside(path, `${JSON.stringify(value, null, 2)}\n`, 0o600)
        return path
      },
      close: () => {
        flush()
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

/** By a file with the number of the process. Returns what lets the folder go. */
function takeFolder(folder: string): () => void {
  const path = join(folder, 'emulator.pid')
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error
    }
    const holder = Number(readFileSync(path, 'utf8'))
    if (isAlive(holder)) throw new KeptDataError(`Another emulator, process ${holder}, keeps its data in ${folder}.`)
    rmSync(path, { force: true })
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function readKey(path: string): { readonly keys: KeyPair; readonly keyId: string | undefined } {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return { keys: newKeyPair(), keyId: undefined }
    throw error
  }
  try {
    const { private_key, private_key_id } = JSON.parse(text) as Partial<ServiceAccountKey>
    return { keys: readKeyPair(private_key ?? ''), keyId: private_key_id }
  } catch {
    throw new KeptDataError(`${path} is no key that this emulator wrote. Delete it, and another is made.`)
  }
}

function readFiles(folder: string): readonly DriveFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const path = join(folder, name)
      try {
        return unpackFile(readFileSync(path, 'utf8'))
      } catch {
        throw new KeptDataError(`${path} is no spreadsheet that this emulator wrote. Delete it, or move it away.`)
      }
    })
}

function writeAside(path: string, text: string, mode = 0o644): void {
  const aside = `${path}.${process.pid}`
  try {
    writeFileSync(aside, text, { mode })
    chmodSync(aside, mode)
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}
