/**
 * The records of a seed as COPY is to read them: the file's own bytes where they say the same to both, else edited on the way. A mistake
 * that only this pass can find ends it with a DiagnosticsError, and so the COPY.
 */
import { DiagnosticsError } from '../core/errors.ts'
import { readPieces } from './csv-file.ts'
import { editedBytes, type CsvMistake, type CsvScanner, type ScannedPiece } from './csv-scanner.ts'
import { createTextCheck } from './csv-utf8.ts'
import { createSeedScanner, type InspectedSeed } from './seed-inspect.ts'
import { describeMistakes } from './seed-mistakes.ts'

const lineFeed = 10

/** For `copy ... from stdin` by `seedCopySql`; the header is left out. Throws DiagnosticsError. */
export async function* seedBytes(seed: InspectedSeed): AsyncGenerator<Uint8Array, void> {
  if (seed.asIs) {
    yield* readPieces(seed.path, seed.dataStart, { reuse: false })
    return
  }
  const scanner = scannerOf(seed)
  const checkText = createTextCheck(seed.dataStart)
  for await (const piece of readPieces(seed.path, seed.dataStart, { reuse: true })) {
    yield await scanPiece(seed, scanner, checkText, piece)
  }
  yield await scanPiece(seed, scanner, checkText, undefined)
}

async function scanPiece(
  seed: InspectedSeed,
  scanner: CsvScanner,
  checkText: ReturnType<typeof createTextCheck>,
  piece: Uint8Array | undefined,
): Promise<Uint8Array> {
  const last = piece === undefined
  const bytes = piece ?? new Uint8Array(0)
  const bad = checkText(bytes, last)
  const result = scanner.push(bytes, last)
  const mistakes: readonly CsvMistake[] = bad ? [bad] : scanner.mistakes
  if (mistakes.length === 0) return editedBytes(result)
  throw new DiagnosticsError(await describeMistakes(seed, mistakes, seed.columns.length), () => undefined)
}

function scannerOf(seed: InspectedSeed): CsvScanner {
  return createSeedScanner({ ...seed, types: seed.columns.map(({ type }) => type) })
}

/** Offset in the file of line `line` (from 1) of what `seedBytes` sends; undefined past its end. */
export async function offsetOfSentLine(seed: InspectedSeed, line: number): Promise<number | undefined> {
  const scanner = scannerOf(seed)
  const breaks = { left: line - 1 }
  for await (const piece of readPieces(seed.path, seed.dataStart, { reuse: true })) {
    const found = findLine(scanner.push(piece, false), breaks)
    if (found !== undefined) return found
  }
  return findLine(scanner.push(new Uint8Array(0), true), breaks)
}

/** The first byte that is sent after so many line breaks. */
function findLine({ offset, bytes, edits }: ScannedPiece, breaks: { left: number }): number | undefined {
  let read = 0
  for (const { from, to, by } of [...edits, { from: bytes.length, to: bytes.length, by: new Uint8Array(0) }]) {
    for (let at = read; at < from; at++) {
      if (breaks.left === 0) return offset + at
      if (bytes[at] === lineFeed) breaks.left--
    }
    for (const byte of by) {
      if (breaks.left === 0) return offset + from
      if (byte === lineFeed) breaks.left--
    }
    read = to
  }
  return undefined
}
