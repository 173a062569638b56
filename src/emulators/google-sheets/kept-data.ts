/**
 * Spreadsheets and accounts on disk: a file each, written aside and renamed a moment after a change, so that a burst of calls is one write and
 * a file is always whole. Accounts hold keys: their file is the owner's alone.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Accounts, Login, ServiceAccountKey } from './accounts.ts'
import type { Store } from './store.ts'
import { packWorkbook, unpackWorkbook } from './pack-workbook.ts'

export interface KeptData {
  keepAccounts(): void
  /** Once everything is written. Throws what the disk refused last. */
  close(): Promise<void>
}

interface Kept {
  readonly accounts: Accounts
  readonly store: Store
}

/** How long after a change it is written. */
const pause = 300

/** Reads what is there into both. Throws an Error that names the file that cannot be read. */
export async function openKeptData(directory: string, { accounts, store }: Kept): Promise<KeptData> {
  const folder = join(directory, 'spreadsheets')
  const accountsFile = join(directory, 'accounts.json')
  await mkdir(folder, { recursive: true })
  const known = await readKept(accountsFile)
  if (known !== undefined) accounts.restore(known as { readonly keys: readonly ServiceAccountKey[]; readonly logins: readonly Login[] })
  for (const name of (await readdir(folder)).toSorted()) {
    if (name.endsWith('.json')) store.restore(unpackWorkbook(await readKept(join(folder, name))))
  }

  const waiting = new Map<string, { readonly timer: NodeJS.Timeout; readonly write: () => Promise<void> }>()
  let writing: Promise<void> = Promise.resolve()
  let failure: unknown
  const enqueue = (write: () => Promise<void>): void => {
    writing = writing.then(write).catch((error: unknown) => {
      failure = error
    })
  }
  const soon = (file: string, write: () => Promise<void>): void => {
    if (waiting.has(file)) return
    const timer = setTimeout(() => {
      waiting.delete(file)
      enqueue(write)
    }, pause)
    waiting.set(file, { timer, write })
  }
  store.onChange((id) => {
    const file = join(folder, `${encodeURIComponent(id)}.json`)
    soon(file, async () => {
      const workbook = store.find(id)
      if (workbook) await writeAside(file, JSON.stringify(packWorkbook(workbook)), 0o644)
      else await rm(file, { force: true })
    })
  })
  return {
    keepAccounts: () =>
      soon(accountsFile, () => writeAside(accountsFile, JSON.stringify({ keys: accounts.keys(), logins: accounts.logins() }), 0o600)),
    close: async () => {
      for (const { timer, write } of waiting.values()) {
        clearTimeout(timer)
        enqueue(write)
      }
      waiting.clear()
      await writing
      if (failure !== undefined) throw failure
    },
  }
}

/** Undefined where there is none. */
async function readKept(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new Error(`${file} cannot be read: ${error instanceof SyntaxError ? 'it is no whole JSON' : String(error)}`, { cause: error })
  }
}

export async function writeAside(file: string, text: string, mode: number): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`
  await writeFile(aside, text, { mode })
  await rename(aside, file)
}
