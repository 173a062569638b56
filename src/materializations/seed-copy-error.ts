/**
 * An error of the server during the COPY of a seed, led back to the line of the file. The server's own text quotes the value, so the
 * message is made anew: column, type, line, and what kind of mistake it is.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { WarehouseError } from '../core/errors.ts'
import { mostStatementBytes, tooLarge } from './insert-batches.ts'
import { offsetOfSentLine } from './seed-bytes.ts'
import type { InspectedSeed, SeedColumn } from './seed-inspect.ts'
import { seedSpan } from './seed-mistakes.ts'

/** Undefined where the error says no line: then it is none of the file's. */
export async function locateCopyError(seed: InspectedSeed, error: WarehouseError): Promise<Diagnostic | undefined> {
  if (error.copy === undefined) return undefined
  const offset = await offsetOfSentLine(seed, error.copy.line)
  if (offset === undefined) return undefined
  const column = seed.columns.find(({ name }) => name === error.copy?.column)
  return errorDiagnostic('seed-value', describe(error.sqlState, column), {
    at: await seedSpan(seed, offset),
    hint: hintFor(error.sqlState, column),
  })
}

/** What is wrong with the value, by SQLSTATE; the type is named after it. */
const complaints: Readonly<Record<string, string>> = {
  '22003': 'is out of the range of its type',
  '22001': 'is too long for its type',
  '23502': 'is NULL, which the table does not allow; its type is',
}

/** What is wrong with a record as a whole. */
const ofRecords: Readonly<Record<string, string>> = {
  '23505': 'This record repeats a key.',
  [tooLarge]: `This record is larger than the ${mostStatementBytes / 1_000_000} MB that one statement may have.`,
}

function describe(sqlState: string | undefined, column: SeedColumn | undefined): string {
  if (column === undefined) return ofRecords[sqlState ?? ''] ?? 'The warehouse refuses this record.'
  return `Column \`${column.name}\` of this record ${complaints[sqlState ?? ''] ?? 'does not fit its type'} ${column.type}.`
}

function hintFor(sqlState: string | undefined, column: SeedColumn | undefined): string | undefined {
  if (column === undefined || sqlState === '23502') return undefined
  return `Correct the file, or declare another type for \`${column.name}\` in a YAML file beside it; list words that mean NULL in \`null_values\`.`
}
