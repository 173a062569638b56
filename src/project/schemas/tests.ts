/** Data tests as they are written on nodes and columns, and in the front matter of `tests/*.sql`. */
import { z } from 'zod'
import { builtinTests } from '../builtin-tests.ts'
import { enabled, flag, json, nodeKeys, text, wholeNumber } from './common.ts'
import { encode } from './design.ts'

export const severity = z
  .enum(['error', 'warn'])
  .meta({ description: 'What failing rows mean: `error` stops what is downstream, `warn` only says so.', examples: ['warn'] })

const comparison = z.string().regex(/^\s*(?:=|!=|<>|<|<=|>|>=)\s*\d+\s*$/, 'must be a comparison with a number, such as "> 10"')

export const testOptionKeys = {
  severity: severity.exactOptional(),
  warn_if: comparison
    .meta({ description: 'Warn where the count of failing rows compares so.', examples: ['> 10'] })
    .exactOptional(),
  error_if: comparison.meta({ description: 'Fail where the count of failing rows compares so.', examples: ['> 100'] }).exactOptional(),
  max_failures: z
    .union([
      wholeNumber(0),
      z.string().regex(/^\s*\d+(?:\.\d+)?\s*%\s*$/, 'must be a number of rows, or a share of them such as `1%`'),
    ])
    .meta({ description: 'Failing rows that are let pass: a number, or a share of the rows of the relation.', examples: ['1%', 20] })
    .exactOptional(),
  where: text('Only rows for which this SQL holds are tested. A template.', "state = 'PA'").exactOptional(),
  limit: wholeNumber(1)
    .meta({ description: 'Failing rows that are shown or kept at most; the count is always whole.', examples: [100] })
    .exactOptional(),
  store_failures: flag('Keep the failing rows in a table, whose name is printed.').exactOptional(),
  enabled: enabled.exactOptional(),
}

const testUseKeys = {
  ...testOptionKeys,
  name: text('Name of this test, unique in the project.', 'supporters_have_one_row').exactOptional(),
  ...nodeKeys,
}

const testEntry = z.union([z.string(), z.record(z.string(), json)]).meta({
  id: 'TestEntry',
  description: `A data test: one of ${Object.keys(builtinTests).join(', ')}, or one that the project defines in tests/generic.`,
  examples: ['unique', { accepted_values: ['PA', 'GA'] }, { row_count: { min: 1000 }, severity: 'warn' }],
})

export const tests = z.array(testEntry).meta({ description: 'Data tests.', examples: [['unique', 'not_null']] })

/** Options of one use of a generic test; the arguments are checked by the test's own declaration. */
export const testUseOptions = z.strictObject(testUseKeys)
export type TestUseOptions = z.infer<typeof testUseOptions>

const column = z
  .union([
    z.null(),
    z.string(),
    z.strictObject({
      description: text('What the column holds; kept as its comment.', 'Primary key.').exactOptional(),
      type: text('Type, as Postgres spells it.', 'bigint', 'numeric(12,2)').exactOptional(),
      encode: encode.exactOptional(),
      sensitive: flag('Mask the values wherever rows are shown.').exactOptional(),
      tests: tests.exactOptional(),
    }),
  ])
  .meta({ id: 'Column', description: 'A column; a text alone is its description.' })

export const columns = z.record(z.string(), column).meta({
  description: 'Columns by name.',
  examples: [{ supporter_id: { description: 'Primary key.', tests: ['unique', 'not_null'] } }],
})

export const singularTestSchema = z
  .strictObject({ ...nodeKeys, ...testOptionKeys, columns: columns.exactOptional() })
  .meta({ title: 'A data test', description: 'Front matter of `tests/*.sql`: a SELECT of failing rows.' })
export type SingularTestConfig = z.infer<typeof singularTestSchema>
