/**
 * What a seed's file is before anything is sent: names and types of its columns, or all of its mistakes. Of a large file only the beginning is
 * read: its types are taken for those of the whole, and `seedBytes` holds the rest to them while it sends. Below the header nothing is read when
 * every type is declared.
 */
import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { PlacedColumn, PlacedName, Seed } from '../core/project.ts'
import { readPieces } from './csv-file.ts'
import { readCsvHeader, type CsvHeader } from './csv-header.ts'
import { createCsvScanner, type CsvMistake, type CsvScanner } from './csv-scanner.ts'
import { createTextCheck } from './csv-utf8.ts'
import { typeOfSet } from './csv-values.ts'
import { describeMistakes, seedSpan, type SeedPath } from './seed-mistakes.ts'

/** A seed, or the sample of a source. */
export type SeedFile = Pick<Seed, 'file' | 'delimiter' | 'nullValues'> & {
  readonly columns: readonly Pick<PlacedColumn, 'name' | 'type' | 'at'>[]
  /** Columns that keys of the table name, whatever their capitals: a warehouse with such keys knows no capitals. */
  readonly keyColumns?: readonly PlacedName[]
}

export interface InspectedSeed extends SeedPath {
  /** In the order of the file. */
  readonly columns: readonly SeedColumn[]
  readonly delimiter: string
  readonly nullValues: readonly string[]
  /** Offset of the first record, in bytes. */
  readonly dataStart: number
}

export interface SeedColumn {
  readonly name: string
  /** As declared, or inferred in `format_type` spelling. */
  readonly type: string
  /** What is sent must bear the type out. */
  readonly inferred: boolean
}

/** What is read of a file before its types are taken for known; a file that ends before is known to its end. */
const sampleBytes = 4_194_304

export type SeedInspection =
  | { readonly ok: true; readonly seed: InspectedSeed }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export interface InspectOptions {
  /** The project's root, absolute. */
  readonly root: string
  /** Longest name of a column, in bytes: the dialect's. */
  readonly identifierBytes: number
}

/** Reads `seed.file`. Declared types win over what the fields look like. Mistakes are returned, at most 20 of the records. */
export async function inspectSeed(seed: SeedFile, { root, identifierBytes }: InspectOptions): Promise<SeedInspection> {
  const place: SeedPath = { file: seed.file, path: join(root, seed.file) }
  const unreadable = await findUnreadable(place)
  if (unreadable) return { ok: false, diagnostics: [unreadable] }
  if (!isDelimiter(seed.delimiter)) return { ok: false, diagnostics: [badDelimiter(seed)] }
  const header = await readCsvHeader(place.path, seed.delimiter.charCodeAt(0))
  if (header === 'empty' || !('names' in header)) return { ok: false, diagnostics: [await describeBadHeader(place, header)] }
  const mistakes = [...(await checkNames(place, header, identifierBytes)), ...checkDeclared(seed, header)]
  if (mistakes.length > 0) return { ok: false, diagnostics: mistakes }
  return await inspectRecords(seed, place, header)
}

async function inspectRecords(seed: SeedFile, place: SeedPath, header: CsvHeader): Promise<SeedInspection> {
  const declared = new Map(seed.columns.map(({ name, type }) => [name, type]))
  const { delimiter, nullValues } = seed
  const inferred = header.names.map((name) => !declared.has(name))
  const scanner = createSeedScanner({ delimiter, nullValues, dataStart: header.end, inferred })
  const mistakes = inferred.includes(true) ? await scanRecords(place.path, header.end, scanner) : []
  if (mistakes.length > 0) return { ok: false, diagnostics: await describeMistakes(place, mistakes, header.names.length) }
  const columns = header.names.map((name, k) => ({
    name,
    type: declared.get(name) ?? typeOfSet(scanner.types[k]!),
    inferred: inferred[k]!,
  }))
  return { ok: true, seed: { ...place, columns, delimiter, nullValues, dataStart: header.end } }
}

interface ScannerInput {
  readonly delimiter: string
  readonly nullValues: readonly string[]
  readonly dataStart: number
  /** Columns whose type is asked for. */
  readonly inferred: readonly boolean[]
}

export function createSeedScanner({ delimiter, nullValues, dataStart, inferred }: ScannerInput): CsvScanner {
  return createCsvScanner({
    delimiter: delimiter.charCodeAt(0),
    inferred,
    nullValues: nullValues.filter((value) => value !== '').map((value) => Buffer.from(value, 'utf8')),
    offset: dataStart,
  })
}

/** To the end of the sample, or of the file where that has mistakes. */
async function scanRecords(path: string, offset: number, scanner: CsvScanner): Promise<readonly CsvMistake[]> {
  const checkText = createTextCheck(offset)
  let read = 0
  for await (const piece of readPieces(path, offset, { reuse: true })) {
    scanner.push(piece, false)
    const mistake = checkText(piece, false)
    if (mistake) return [mistake]
    read += piece.length
    if (read >= sampleBytes && scanner.mistakes.length === 0) return []
  }
  scanner.push(new Uint8Array(0), true)
  const mistake = checkText(new Uint8Array(0), true)
  return mistake ? [mistake] : scanner.mistakes
}

async function findUnreadable({ file, path }: SeedPath): Promise<Diagnostic | undefined> {
  try {
    await access(path, constants.R_OK)
    return undefined
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    return errorDiagnostic('unreadable-file', `\`${file}\` cannot be read (${code}).`, {
      at: { file, start: 0, end: 0 },
      hint: 'Check that the file exists and that you may read it.',
    })
  }
}

function isDelimiter(text: string): boolean {
  return /^\p{ASCII}$/u.test(text) && !'"\r\n\0'.includes(text)
}

function badDelimiter({ file }: SeedFile): Diagnostic {
  return errorDiagnostic(
    'seed-delimiter',
    `The delimiter of \`${file}\` must be one ASCII character, and neither a quote nor a line break.`,
    {
      at: { file, start: 0, end: 0, position: { line: 1, column: 1 } },
    },
  )
}

async function describeBadHeader(
  place: SeedPath,
  header: Exclude<Awaited<ReturnType<typeof readCsvHeader>>, CsvHeader>,
): Promise<Diagnostic> {
  if (header === 'empty') {
    return errorDiagnostic('seed-header', `\`${place.file}\` is empty: its first line must name the columns.`, {
      at: await seedSpan(place, 0),
    })
  }
  const mistake: CsvMistake =
    'strayAt' in header ? { kind: 'stray-quote', offset: header.strayAt } : { kind: 'unclosed-quote', offset: header.unclosedAt }
  const [diagnostic] = await describeMistakes(place, [mistake], 0)
  return diagnostic!
}

async function checkNames(place: SeedPath, { names, offsets }: CsvHeader, identifierBytes: number): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = []
  const seen = new Map<string, number>()
  for (const [k, name] of names.entries()) {
    const problem = describeName(name, seen, identifierBytes)
    if (problem !== undefined) found.push(errorDiagnostic('seed-header', problem, { at: await seedSpan(place, offsets[k]!) }))
    if (!seen.has(name)) seen.set(name, k + 1)
  }
  return found
}

function describeName(name: string, seen: ReadonlyMap<string, number>, identifierBytes: number): string | undefined {
  if (name === '') return `Column ${seen.size + 1} of the header has no name.`
  if (seen.has(name)) return `The header names \`${name}\` twice; the first is column ${seen.get(name)!}.`
  if (name.includes('\0') || name.includes('\uFFFD')) return 'The header holds bytes that are not UTF-8 text.'
  const bytes = Buffer.byteLength(name, 'utf8')
  return bytes > identifierBytes ? `The name of this column has ${bytes} bytes; the warehouse allows ${identifierBytes}.` : undefined
}

function checkDeclared(seed: SeedFile, { names }: CsvHeader): readonly Diagnostic[] {
  const known = new Set(names)
  const folded = new Set(names.map((name) => name.toLowerCase()))
  const { columns, keyColumns = [] } = seed
  return [...columns.filter(({ name }) => !known.has(name)), ...keyColumns.filter(({ name }) => !folded.has(name.toLowerCase()))].map(
    ({ name, at }) =>
      errorDiagnostic('unknown-seed-column', `\`${seed.file}\` has no column \`${name}\`.`, {
        at,
        hint: didYouMean(name, names) ?? `Its columns are ${names.map((one) => `\`${one}\``).join(', ')}.`,
      }),
  )
}
