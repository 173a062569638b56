/**
 * A file as a destination: written aside in the folder where it will stand, synced, and renamed. Under its final name there is always the
 * old or the new content, whole. The same content leaves the file untouched.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { whyNotWritten } from '../project/write-aside.ts'
import type { Destination, DestinationPlan, ExportRows, ExportTable } from './destination.ts'

/** How tables become bytes. Asks for rows only as fast as the bytes are taken, for those of one table after those of the one before. */
export type Encode = (tables: readonly ExportTable[]) => AsyncIterable<Uint8Array>

interface FileDestinationOptions {
  /** Relative to the project's root, for people. */
  readonly where: string
  /** Absolute. */
  readonly path: string
  readonly encode: Encode
  readonly runId: string
  readonly now: () => Date
}

interface FilePlan extends DestinationPlan {
  readonly aside: string
  readonly columns: readonly string[]
}

/** Milliseconds after which what another run left aside is nobody's. */
const abandonedAfter = 24 * 60 * 60 * 1000

export function createFileDestination(options: FileDestinationOptions): Destination<FilePlan> {
  const { where, path, now } = options
  return {
    plan: (tables) => planFile(options, tables),
    apply: async (plan, fence) => {
      await fence()
      if (plan.change !== 'none') await publish(plan.aside, path, where)
      const { rows, columns, hash } = plan
      return { where, rows, columns, hash, at: now().toISOString(), unchanged: plan.change === 'none' }
    },
  }
}

async function planFile({ where, path, encode, runId, now }: FileDestinationOptions, tables: readonly ExportTable[]): Promise<FilePlan> {
  const aside = join(dirname(path), `.${basename(path)}.${runId}.partial`)
  let count = 0
  async function* counted(rows: ExportRows): ExportRows {
    for await (const batch of rows) {
      count += batch.length
      yield batch
    }
  }
  try {
    await mkdir(dirname(path), { recursive: true })
    await removeAbandoned(path, now().getTime())
    const written = await writeAside(aside, encode(tables.map((table) => ({ ...table, rows: counted(table.rows) }))))
    return {
      change: await compare(path, written),
      rows: count,
      hash: written.hash,
      aside,
      columns: tables[0]?.columns.map(({ title }) => title) ?? [],
      [Symbol.asyncDispose]: () => rm(aside, { force: true }),
    }
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined)
    throw asFileError(error, where)
  }
}

interface Written {
  readonly bytes: number
  readonly hash: string
}

async function writeAside(aside: string, content: AsyncIterable<Uint8Array>): Promise<Written> {
  const hash = createHash('sha256')
  let bytes = 0
  await using file = await open(aside, 'w')
  for await (const piece of content) {
    hash.update(piece)
    bytes += piece.length
    await file.writeFile(piece)
  }
  await file.sync()
  return { bytes, hash: hash.digest('hex') }
}

async function compare(path: string, written: Written): Promise<DestinationPlan['change']> {
  const found = await stat(path).catch(() => undefined)
  if (!found) return 'create'
  if (!found.isFile()) throw Object.assign(new Error(`${path} is no file`), { code: 'EISDIR', errno: 21 })
  return found.size === written.bytes && (await hashFile(path)) === written.hash ? 'none' : 'replace'
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await using file = await open(path)
  for await (const piece of file.createReadStream({ autoClose: false })) hash.update(piece)
  return hash.digest('hex')
}

async function publish(aside: string, path: string, where: string): Promise<void> {
  try {
    await rename(aside, path)
    await using folder = await open(dirname(path))
    await folder.sync().catch(() => undefined) // not every file system knows it
  } catch (error) {
    throw asFileError(error, where)
  }
}

async function removeAbandoned(path: string, now: number): Promise<void> {
  const isAside = (name: string): boolean => name.startsWith(`.${basename(path)}.`) && name.endsWith('.partial')
  for (const name of (await readdir(dirname(path))).filter(isAside)) {
    const file = join(dirname(path), name)
    const found = await stat(file).catch(() => undefined)
    if (found && now - found.mtimeMs > abandonedAfter) await rm(file, { force: true })
  }
}

/** A failure of the file system, in words; anything else as it is. */
function asFileError(error: unknown, where: string): unknown {
  if (!(error instanceof Error && 'code' in error && 'errno' in error)) return error
  return new SqlflowError('export-not-written', `\`${where}\` was not written: ${whyNotWritten(error)}.`, {
    cause: error,
    exitCode: 1,
    hint: 'What stood there before is unchanged.',
  })
}
