/** Front matter of macros and of generic tests: what they take. */
import { z } from 'zod'
import { json, nodeKeys, text } from './common.ts'

const argType = z.enum(['sql', 'string', 'integer', 'number', 'boolean', 'list', 'any']).meta({
  description: '`sql` is put into the SQL as it is; every other value as a literal. `any` when absent.',
  examples: ['sql'],
})

const arg = z
  .union([
    z.null(),
    argType,
    z.strictObject({
      type: argType.exactOptional(),
      description: text('What it is.', 'A column or expression.').exactOptional(),
      default: json.meta({ description: 'Value where it is not given; with it the argument can be left out.', examples: [2] }).exactOptional(),
    }),
  ])
  .meta({ id: 'Argument', description: 'An argument; a word alone is its type.' })

const args = z.record(z.string(), arg).meta({
  description: 'Arguments by name, in their order. `...name`, the last one, takes all that remain.',
  examples: [{ column: { type: 'sql' }, scale: { type: 'integer', default: 2 } }],
})

export const macroSchema = z
  .strictObject({
    description: text('What it makes.', 'Integer cents as dollars.').exactOptional(),
    args: args.exactOptional(),
    examples: z
      .array(z.string())
      .meta({ description: 'Calls of it, which `sqlflow test` compiles.', examples: [["{{cents_to_dollars 's.cents'}}"]] })
      .exactOptional(),
  })
  .meta({ title: 'A macro', description: 'Front matter of `macros/**/*.sql`.' })
export type MacroConfig = z.infer<typeof macroSchema>

export const genericTestSchema = z
  .strictObject({ description: nodeKeys.description, args: args.exactOptional() })
  .meta({ title: 'A generic test', description: 'Front matter of `tests/generic/*.sql`; `relation` and `column` are implied.' })
export type GenericTestConfig = z.infer<typeof genericTestSchema>
