/** The bytes of a file in pieces, and places in it. A file of any size is never held whole. */
import { open } from 'node:fs/promises'
import type { Position } from '../core/span.ts'

const pieceBytes = 131_072

/** Pieces of the file from `offset` on. `reuse`: each is gone when the next is asked for; else it has memory of its own. */
export async function* readPieces(path: string, offset: number, { reuse }: { readonly reuse: boolean }): AsyncGenerator<Uint8Array, void> {
  await using file = await open(path)
  let memory = Buffer.allocUnsafeSlow(pieceBytes)
  for (let position = offset; ;) {
    const { bytesRead } = await file.read(memory, 0, pieceBytes, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield memory.subarray(0, bytesRead)
    if (!reuse) memory = Buffer.allocUnsafeSlow(pieceBytes)
  }
}

/** Line and column of a byte, as an editor shows them: the file is read up to there. */
export async function positionOfByte(path: string, offset: number): Promise<Position> {
  let line = 1
  let column = 1
  let position = 0
  for await (const piece of readPieces(path, 0, { reuse: true })) {
    const end = Math.min(piece.length, offset - position)
    for (let at = 0; at < end; at++) {
      const byte = piece[at]!
      if (byte === 10) {
        line++
        column = 1
      } else if (byte < 0x80 || byte >= 0xc0) column++
    }
    position += piece.length
    if (position >= offset) break
  }
  return { line, column: line === 1 && column > 1 && (await startsWithMark(path)) ? column - 1 : column }
}

async function startsWithMark(path: string): Promise<boolean> {
  for await (const piece of readPieces(path, 0, { reuse: true })) return hasByteOrderMark(piece)
  return false
}

export function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
