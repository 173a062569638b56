/** Mistakes in a seed's file as diagnostics: by line and column, never with a value of the file. */
import { countOf } from '../core/count-of.ts'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { Span } from '../core/span.ts'
import { positionOfByte } from './csv-file.ts'
import type { CsvMistake } from './csv-scanner.ts'

export interface SeedPath {
  /** Relative to the project's root, for people. */
  readonly file: string
  /** Absolute. */
  readonly path: string
}

/** Where a byte of a file of data stands. */
export async function seedSpan({ file, path }: SeedPath, offset: number): Promise<Span> {
  return { file, start: offset, end: offset, position: await positionOfByte(path, offset) }
}

export async function describeMistakes(seed: SeedPath, mistakes: readonly CsvMistake[], width: number): Promise<readonly Diagnostic[]> {
  return await Promise.all(mistakes.map((mistake) => describeMistake(seed, mistake, width)))
}

async function describeMistake(seed: SeedPath, mistake: CsvMistake, width: number): Promise<Diagnostic> {
  const at = await seedSpan(seed, mistake.offset)
  switch (mistake.kind) {
    case 'width':
      return errorDiagnostic(
        'seed-width',
        `This record has ${countOf(mistake.fields, 'field')}; the header names ${countOf(width, 'column')}.`,
        {
          at,
          hint: 'A field that holds the delimiter or a line break must be quoted.',
        },
      )
    case 'stray-quote':
      return errorDiagnostic('seed-quote', 'A quote stands inside a field that does not begin with one.', {
        at,
        hint: 'Quote the whole field and double the quote inside: `"5"" pipe"`.',
      })
    case 'after-quote':
      return errorDiagnostic('seed-quote', 'Characters follow the closing quote of a field.', {
        at,
        hint: 'A quote inside a quoted field is written twice: `"Earl L. ""Buddy"" Carter"`.',
      })
    case 'unclosed-quote':
      return errorDiagnostic('seed-quote', 'The quote that opens here is never closed.', {
        at,
        hint: 'Add the closing quote, or double the quotes inside.',
      })
    case 'not-utf8':
      return errorDiagnostic('not-utf8', `The file is not UTF-8: byte 0x${mistake.byte.toString(16).padStart(2, '0').toUpperCase()}.`, {
        at,
        hint: 'Save the file as UTF-8; `iconv -f windows-1252 -t utf-8` converts what Excel writes.',
      })
    case 'nul':
      return errorDiagnostic('seed-nul', 'A NUL byte stands here, which no text in the database can hold.', {
        at,
        hint: 'The file may be UTF-16: save it as UTF-8.',
      })
    default:
      return mistake satisfies never
  }
}
