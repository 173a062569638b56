/**
 * What the built-in generic tests take. `data-tests/` implements them; the project layer checks YAML against this table.
 * The first argument is the one that a shorthand (`accepted_values: [PA, GA]`) gives.
 */
import type { MacroArg } from '../core/project.ts'

export interface TestDeclaration {
  readonly description: string
  /** Where it can stand: beneath a column, on the relation, or on both. */
  readonly on: 'column' | 'relation' | 'either'
  readonly args: readonly MacroArg[]
  /** The project's declaration could not be read: any argument may be right. */
  readonly takesAnything?: boolean
}

export const builtinTests = {
  unique: {
    description: 'No two rows hold the same value; NULLs do not count.',
    on: 'column',
    args: [],
  },
  not_null: {
    description: 'No row holds NULL.',
    on: 'column',
    args: [],
  },
  accepted_values: {
    description: 'Every value is one of these; NULL passes.',
    on: 'column',
    args: [required('values', 'list', 'The values that may occur.')],
  },
  relationships: {
    description: 'Every value exists in a column of another relation; NULL passes.',
    on: 'column',
    args: [
      required('to', 'string', 'Model, seed or `source.table` that holds them.'),
      optional('field', 'string', 'Column of it; the one of the same name when absent.'),
    ],
  },
  expression: {
    description: 'The expression is true for every row; NULL passes. A test of a column may name it `{{column}}`.',
    on: 'either',
    args: [required('expression', 'sql', 'A condition in SQL.')],
  },
  row_count: {
    description: 'The number of rows lies between bounds.',
    on: 'relation',
    args: [
      optional('min', 'integer', 'Fewer rows fail.'),
      optional('max', 'integer', 'More rows fail.'),
      optional('equals', 'integer', 'Another number fails.'),
    ],
  },
  unique_combination: {
    description: 'No two rows are equal in all of these columns.',
    on: 'relation',
    args: [required('columns', 'list', 'The columns.')],
  },
  recency: {
    description: 'The newest row is not older than this.',
    on: 'either',
    args: [
      required('within', 'string', 'An interval of Postgres: `1 day`.'),
      optional('column', 'string', 'Timestamp of a row; the column that it stands beneath when absent.'),
    ],
  },
  not_empty: {
    description: 'There is at least one row.',
    on: 'relation',
    args: [],
  },
} as const satisfies Readonly<Record<string, TestDeclaration>>

type BuiltinTestName = keyof typeof builtinTests

/** The declaration of a built-in test. */
export function findBuiltinTest(name: string): TestDeclaration | undefined {
  return Object.hasOwn(builtinTests, name) ? builtinTests[name as BuiltinTestName] : undefined
}

function required(name: string, type: MacroArg['type'], description: string): MacroArg {
  return { name, type, description, required: true, variadic: false }
}

function optional(name: string, type: MacroArg['type'], description: string): MacroArg {
  return { name, type, description, required: false, variadic: false }
}
