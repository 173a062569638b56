/**
 * Rows as JSON between the warehouse and the spreadsheet. Guards must see all of them before the first is written, and memory must not grow with
 * them: past a few megabytes they wait in a file that only its owner can read, and that has no name where the system allows it.
 */
import { randomBytes } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Consecutive rows. */
export interface Piece {
  readonly rows: number
  /** JSON arrays, with commas between them. */
  readonly json: Uint8Array
}

export interface Spool extends AsyncDisposable {
  readonly bytes: number
  /** How many pieces there are. */
  readonly count: number
  add(piece: Piece): Promise<void>
  /** All pieces, in their order; may be asked for again. */
  pieces(): AsyncIterable<Piece>
}

/** Rows as JSON, in pieces of so many bytes at least. */
export function* piecesOf(rows: Iterable<string>, pieceBytes: number): Iterable<Piece> {
  let pending: string[] = []
  let length = 0
  for (const row of rows) {
    pending.push(row)
    length += row.length + 1
    if (length < pieceBytes) continue
    yield { rows: pending.length, json: Buffer.from(pending.join(','), 'utf8') }
    pending = []
    length = 0
  }
  if (pending.length > 0) yield { rows: pending.length, json: Buffer.from(pending.join(','), 'utf8') }
}

export function joinPieces(a: Piece, b: Piece): Piece {
  return { rows: a.rows + b.rows, json: Buffer.concat([a.json, Buffer.from(','), b.json]) }
}

const mostInMemory = 8 * 1024 * 1024

export function createSpool(): Spool {
  const inMemory: Piece[] = []
  const onDisk: { readonly rows: number; readonly at: number; readonly length: number }[] = []
  let bytes = 0
  let onDiskBytes = 0
  let file: FileHandle | undefined
  return {
    get bytes() {
      return bytes
    },
    get count() {
      return inMemory.length + onDisk.length
    },
    add: async (piece) => {
      bytes += piece.json.length
      if (bytes <= mostInMemory) {
        inMemory.push(piece)
        return
      }
      file ??= await openUnnamed()
      await file.write(piece.json, 0, piece.json.length, onDiskBytes)
      onDisk.push({ rows: piece.rows, at: onDiskBytes, length: piece.json.length })
      onDiskBytes += piece.json.length
    },
    async *pieces() {
      yield* inMemory
      for (const { rows, at, length } of onDisk) {
        const json = Buffer.allocUnsafe(length)
        await file!.read(json, 0, length, at)
        yield { rows, json }
      }
    },
    [Symbol.asyncDispose]: async () => {
      await file?.close()
    },
  }
}

/** Removed while it is open: it is gone when the process is, however that ends. Windows keeps the name until it is closed. */
async function openUnnamed(): Promise<FileHandle> {
  const path = join(tmpdir(), `sqlflow-${randomBytes(8).toString('hex')}`)
  const file = await open(path, 'wx+', 0o600)
  await rm(path, { force: true }).catch(() => undefined)
  return file
}
