/** What Google answers when it refuses: HTTP status, the name of the status, a message, and details as AIP-193 has them. */
import type { JsonObject } from './spreadsheet.ts'

export interface GoogleErrorParts {
  readonly code: number
  readonly status: string
  readonly details?: readonly JsonObject[]
  readonly headers?: Readonly<Record<string, string>>
  /** The list that Drive adds. */
  readonly errors?: readonly JsonObject[]
  /** The whole body, where it has another shape: that of the token endpoint. */
  readonly body?: JsonObject
}

export class GoogleError extends Error {
  readonly parts: GoogleErrorParts

  constructor(message: string, parts: GoogleErrorParts) {
    super(message)
    this.name = 'GoogleError'
    this.parts = parts
  }
}

export function invalidArgument(message: string, details?: readonly JsonObject[]): GoogleError {
  return new GoogleError(message, { code: 400, status: 'INVALID_ARGUMENT', ...(details && { details }) })
}

export function permissionDenied(message = 'The caller does not have permission', details?: readonly JsonObject[]): GoogleError {
  return new GoogleError(message, { code: 403, status: 'PERMISSION_DENIED', ...(details && { details }) })
}

export function notFound(message = 'Requested entity was not found.'): GoogleError {
  return new GoogleError(message, { code: 404, status: 'NOT_FOUND' })
}

export function unimplemented(message: string): GoogleError {
  return new GoogleError(message, { code: 501, status: 'UNIMPLEMENTED' })
}

export const protectedText =
  'You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.'

export const tooLongText = 'Your input contains more than the maximum of 50000 characters in a single cell.'

export const tooManyCellsText = 'This action would increase the number of cells in the workbook above the limit of 10000000 cells.'
