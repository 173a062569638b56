/** Pieces that the schemas share. Each key carries a description and examples: they are what editors show. */
import { z } from 'zod'
import type { JsonValue } from '../../core/project.ts'

/** Any value; YAML holds nothing but JSON values. */
export const json: z.ZodType<JsonValue> = z.any().meta({ description: 'Any value.' })

export function text(description: string, ...examples: readonly string[]) {
  return z.string().meta({ description, ...(examples.length > 0 && { examples: [...examples] }) })
}

/** One text, or a list of them. */
export function textOrList(description: string, ...examples: readonly (string | string[])[]) {
  return z.union([z.string(), z.array(z.string())]).meta({ description, ...(examples.length > 0 && { examples: [...examples] }) })
}

export function wholeNumber(least: number, most?: number) {
  const message = most === undefined ? `must be a whole number from ${least}` : `must be a whole number from ${least} to ${most}`
  const number = z.number().int(message).min(least, message)
  return most === undefined ? number : number.max(most, message)
}

export function flag(description: string) {
  return z.boolean().meta({ description, examples: [true] })
}

/** A value, or `${NAME}`, which is read when the target is resolved. `kind` names the value in messages. */
export function orEnvironment<T extends z.ZodType>(schema: T, kind: string, description: string, ...examples: readonly JsonValue[]) {
  const fromEnvironment = z.string().regex(/\$\{/, `must be ${kind}, or \`\${NAME}\``)
  return z.union([schema, fromEnvironment]).meta({ description, ...(examples.length > 0 && { examples: [...examples] }) })
}

/** What every node can say of itself. */
export const nodeKeys = {
  description: text('What it is, for people; kept as the comment of the relation.', 'One row per supporter.').exactOptional(),
  owner: text('Who answers for it.', 'ana@example.org').exactOptional(),
  tags: textOrList('Words to select it by (`tag:nightly`). They add to those of the folder.', ['nightly']).exactOptional(),
  meta: z
    .record(z.string(), json)
    .meta({ description: 'Anything else to keep with it. Merged key by key with that of the folder.', examples: [{ ticket: 'ORG-12' }] })
    .exactOptional(),
}

export const grants = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]))
  .meta({ description: 'Privileges and who gets them: roles; on Redshift users, `group analysts`, `role reporting`.', examples: [{ select: ['reporting'] }] })

const index = z.union([
  z.string(),
  z.array(z.string()),
  z.strictObject({
    columns: textOrList('Columns of the index, in order.', ['county', 'precinct']),
    unique: flag('Whether no two rows may be equal in these columns.').exactOptional(),
    method: text('Method of the index; `btree` when absent.', 'gin').exactOptional(),
  }),
])

export const indexes = z
  .array(index)
  .meta({ description: 'Indexes of the table.', examples: [[{ columns: ['supporter_id'], unique: true }, 'email']] })

export const enabled = flag('Whether the project has it at all; `true` when absent.')
