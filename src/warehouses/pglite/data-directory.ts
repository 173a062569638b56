/**
 * A PGlite data directory: made from one that ships with the package, since `initdb` takes seconds and 800 MB. A directory under its own name is
 * always whole: it is made aside and renamed.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { unpackTar } from './unpack-tar.ts'

/**
 * Without archiving or replicas, rows loaded into a table of the same transaction need no write-ahead log. Nothing here weakens what is left after
 * the process is killed; `-F` is PGlite's own default, and matters when the machine loses power. Half the usual buffers: as fast, and 60 MB less.
 */
const parameters: readonly string[] = ['-c', 'wal_level=minimal', '-c', 'max_wal_senders=0', '-c', 'shared_buffers=64MB']

export async function openDataDirectory(directory: string): Promise<PGlite> {
  const versionFile = path.join(directory, 'PG_VERSION')
  if (!existsSync(versionFile)) await createDataDirectory(directory)
  try {
    return await openPgliteIn(directory)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${reason} (its data was made by Postgres ${readFileSync(versionFile, 'utf8').trim()})`, { cause: error })
  }
}

function openPgliteIn(directory: string): Promise<PGlite> {
  return PGlite.create(directory, { startParams: [...PGlite.defaultStartParams, ...parameters] })
}

async function createDataDirectory(directory: string): Promise<void> {
  const aside = `${directory}.new`
  rmSync(aside, { recursive: true, force: true }) // of a killed process: the caller holds the directory's lock
  mkdirSync(path.dirname(directory), { recursive: true })
  const asset = dataDirectoryAsset()
  if (existsSync(asset)) unpackTar(await promisify(gunzip)(await readFile(asset)), aside)
  else await initialize(aside)
  rmSync(directory, { recursive: true, force: true })
  renameSync(aside, directory)
}

/** For a version of PGlite that the package ships no directory of. */
async function initialize(directory: string): Promise<void> {
  const database = await openPgliteIn(directory)
  await database.close()
}

/** A data directory fits the version of PGlite that made it. */
export function dataDirectoryAsset(): string {
  return fileURLToPath(new URL(`../../../assets/pglite/data-directory-${pgliteVersion()}.tar.gz`, import.meta.url))
}

function pgliteVersion(): string {
  const manifest: { readonly version?: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.resolve('@electric-sql/pglite')), 'utf8'),
  )
  return manifest.version ?? 'unknown'
}
