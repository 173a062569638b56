/** Bodies as proto3 JSON has them: null is absent, an unknown field or a value of another type is refused with the words of Google's front end. */
import { z } from 'zod'
import { invalidArgument } from '../model/google-error.ts'

/** A body that the schema describes. Throws Google's error for the first thing that is wrong. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown, at = ''): T {
  const result = schema.safeParse(body, { reportInput: true })
  if (result.success) return result.data
  const { message, field } = describeIssue(result.error.issues[0]!, at)
  throw invalidArgument(message, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ ...(field !== '' && { field }), description: message }] },
  ])
}

type Issue = z.core.$ZodIssue

function describeIssue(issue: Issue, at: string): { readonly message: string; readonly field: string } {
  const place = printPath(issue.path, at)
  if (issue.code === 'unrecognized_keys') {
    const where = place === '' ? '' : ` at '${place}'`
    return { field: place, message: `Invalid JSON payload received. Unknown name "${issue.keys[0]}"${where}: Cannot find field.` }
  }
  const type =
    issue.code === 'invalid_type'
      ? issue.message.startsWith('TYPE_')
        ? issue.message
        : (protoTypes[issue.expected] ?? issue.expected)
      : issue.message
  return { field: place, message: `Invalid value at '${place}' (${type}), ${JSON.stringify(issue.input) ?? 'null'}` }
}

const protoTypes: Readonly<Record<string, string>> = {
  number: 'TYPE_DOUBLE',
  string: 'TYPE_STRING',
  boolean: 'TYPE_BOOL',
}

function printPath(path: Issue['path'], at: string): string {
  let printed = at
  for (const part of path) {
    if (typeof part === 'number') printed += `[${part}]`
    else printed += `${printed === '' ? '' : '.'}${String(part).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
  }
  return printed
}

/** `name`: that of the enum in Google's API, which the error tells. */
export function protoEnum<const T extends readonly string[]>(name: string, values: T) {
  return z.enum(values, { error: `type.googleapis.com/google.apps.sheets.v4.${name}` })
}
