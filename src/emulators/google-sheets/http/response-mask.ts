/** `fields` of a query: what of the answer is wanted. */
import { FieldMaskError, parseFieldMask, type FieldMask } from '../model/field-mask.ts'
import { invalidArgument } from '../model/google-error.ts'

export function responseMask(query: URLSearchParams): FieldMask {
  const fields = query.get('fields') ?? query.get('$fields')
  if (fields === null || fields === '') return 'all'
  try {
    return parseFieldMask(fields)
  } catch (error) {
    if (!(error instanceof FieldMaskError)) throw error
    throw invalidArgument(`Request contains an invalid argument.`, [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'fields', description: `Error expanding 'fields' parameter. ${error.message}` }],
      },
    ])
  }
}
