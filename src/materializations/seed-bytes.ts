/**
 * The records of a seed as COPY is to read them: the file's own bytes where they say the same to both, else edited on the way. Nothing is sent of
 * a piece that has a mistake, or that does not bear out an inferred type: then the rest of the file is scanned, the COPY ended by an error that
 * knows all of it.
 */
import { DiagnosticsError } from '../core/errors.ts'
import { readPieces } from './csv-file.ts'
import { editedBytes, type CsvMistake, type CsvScanner, type ScannedPiece } from './csv-scanner.ts'
import { createTextCheck } from './csv-utf8.ts'
import { typeOfSet } from './csv-values.ts'
import { createSeedScanner, type InspectedSeed, type SeedColumn } from './seed-inspect.ts'
import { describeMistakes } from './seed-mistakes.ts'

const lineFeed = 10

/** The types that were taken from the beginning of the file are not those of the whole. */
export class OtherTypesError extends Error {
  override readonly name = 'OtherTypesError'
  /** With the types of the whole file. */
  readonly columns: readonly SeedColumn[]

  constructor(columns: readonly SeedColumn[]) {
    super('The types inferred from the beginning of the file do not hold.')
    this.columns = columns
  }
}

/** For `copy ... from stdin` by `seedCopySql`; the header is left out. Throws DiagnosticsError, OtherTypesError. */
export async function* seedBytes(seed: InspectedSeed): AsyncGenerator<Uint8Array, void> {
  const scanner = scannerOf(seed)
  const checkText = createTextCheck(seed.dataStart)
  let sends = true
  for await (const piece of pieces(seed)) {
    const bytes = piece ?? new Uint8Array(0)
    const bad = checkText(bytes, piece === undefined)
    if (bad) throw await mistakesError(seed, [bad])
    const scanned = scanner.push(bytes, piece === undefined)
    sends &&= scanner.mistakes.length === 0 && bearsOut(scanner, seed)
    if (sends) yield editedBytes(scanned)
  }
  if (scanner.mistakes.length > 0) throw await mistakesError(seed, scanner.mistakes)
  if (!sends)
    throw new OtherTypesError(
      seed.columns.map((column, k) => ({ name: column.name, type: typeFound(scanner, column, k), inferred: false })),
    )
}

/** Undefined after the last one. */
async function* pieces(seed: InspectedSeed): AsyncGenerator<Uint8Array | undefined, void> {
  yield* readPieces(seed.path, seed.dataStart, { reuse: true })
  yield undefined
}

function bearsOut(scanner: CsvScanner, { columns }: InspectedSeed): boolean {
  return columns.every((column, k) => column.type === typeFound(scanner, column, k))
}

function typeFound(scanner: CsvScanner, { type, inferred }: SeedColumn, k: number): string {
  return inferred ? typeOfSet(scanner.types[k]!) : type
}

async function mistakesError(seed: InspectedSeed, mistakes: readonly CsvMistake[]): Promise<DiagnosticsError> {
  return new DiagnosticsError(await describeMistakes(seed, mistakes, seed.columns.length), () => undefined)
}

function scannerOf(seed: InspectedSeed): CsvScanner {
  return createSeedScanner({ ...seed, inferred: seed.columns.map(({ inferred }) => inferred) })
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
