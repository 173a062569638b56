/** Refusals, in the words of the API. */

export class ApiError extends Error {
  readonly code: number
  readonly status: string
  readonly details: readonly unknown[] | undefined

  constructor(code: number, status: string, message: string, details?: readonly unknown[]) {
    super(message)
    this.code = code
    this.status = status
    this.details = details
  }
}

export function invalid(message: string): ApiError {
  return new ApiError(400, 'INVALID_ARGUMENT', message)
}

export function forbidden(): ApiError {
  return new ApiError(403, 'PERMISSION_DENIED', 'The caller does not have permission')
}

export function notFound(): ApiError {
  return new ApiError(404, 'NOT_FOUND', 'Requested entity was not found.')
}
