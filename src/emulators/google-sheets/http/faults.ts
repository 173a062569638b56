/** What goes wrong on the way: refusals before a request is applied, and answers that are lost after it was. */
import { GoogleError, invalidArgument } from '../model/google-error.ts'
import { unauthenticated } from './caller.ts'
import { quotaExceeded } from './quota.ts'
import { tokenError } from './token-endpoint.ts'

/** Nothing is applied. */
const before = {
  '429': () => quotaExceeded('write', '123456789012', 60, true),
  '429-retry-after': () => withHeaders(quotaExceeded('write', '123456789012', 60, true), { 'retry-after': '2' }),
  '500-before': internal,
  '503-before': unavailable,
  '504-before': deadline,
  '401': unauthenticated,
  '403': () => new GoogleError('The caller does not have permission', { code: 403, status: 'PERMISSION_DENIED' }),
  '400': () => invalidArgument('Request contains an invalid argument.'),
  'token-signature': () => tokenError(400, 'invalid_grant', 'Invalid JWT Signature.'),
  'token-account': () => tokenError(400, 'invalid_grant', 'Invalid grant: account not found'),
  'token-clock': () =>
    tokenError(
      400,
      'invalid_grant',
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    ),
  'token-expired': () => tokenError(400, 'invalid_grant', 'Token has been expired or revoked.'),
  'token-unauthorized': () =>
    tokenError(
      401,
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    ),
} as const

/** The request was applied; its answer is another. */
const after = { '500-after-commit': internal, '503-after-commit': unavailable, '504-after-commit': deadline } as const

/** What happens to the connection; `html-502` is what a proxy on the way answers, and nothing was applied. */
const others = ['reset-before', 'reset-after-commit', 'hang-before', 'hang-after-commit', 'slow', 'truncated', 'html-502'] as const

export type FaultKind = keyof typeof before | keyof typeof after | (typeof others)[number]

export interface Fault {
  /** Of `METHOD path`, decoded, without the query: `/^POST .*:batchUpdate$/`. */
  readonly match: RegExp
  readonly kind: FaultKind
  /** Which request that matches, from 1, of those that no earlier fault met; the first one when absent. */
  readonly nth?: number
  /** `slow`: milliseconds until the answer. */
  readonly delay?: number
  /** `429-retry-after`: what the header says, 2 when absent. */
  readonly retryAfter?: string
}

function internal(): GoogleError {
  return new GoogleError('Internal error encountered.', { code: 500, status: 'INTERNAL' })
}

function unavailable(): GoogleError {
  return new GoogleError('The service is currently unavailable.', { code: 503, status: 'UNAVAILABLE' })
}

function deadline(): GoogleError {
  return new GoogleError('Deadline expired before operation could complete.', { code: 504, status: 'DEADLINE_EXCEEDED' })
}

function withHeaders(error: GoogleError, headers: Readonly<Record<string, string>>): GoogleError {
  return new GoogleError(error.message, { ...error.parts, headers })
}

/** The error that stands for a request that is not applied. */
export function errorBefore({ kind, retryAfter }: Fault): GoogleError | undefined {
  if (!isKeyOf(before, kind)) return undefined
  const error = before[kind]()
  return kind === '429-retry-after' && retryAfter !== undefined ? withHeaders(error, { 'retry-after': retryAfter }) : error
}

/** The error that stands for the answer of a request that was applied. */
export function errorAfter({ kind }: Fault): GoogleError | undefined {
  return isKeyOf(after, kind) ? after[kind]() : undefined
}

function isKeyOf<T extends object>(object: T, key: PropertyKey): key is keyof T {
  return key in object
}

/** Faults that are still to come; each happens once. */
export class FaultList {
  #planted: { readonly fault: Fault; seen: number }[] = []

  add(fault: Fault): void {
    this.#planted.push({ fault, seen: 0 })
  }

  clear(): void {
    this.#planted = []
  }

  /** How many have not happened. */
  get pending(): number {
    return this.#planted.length
  }

  /** What `METHOD path` meets. */
  take(request: string): Fault | undefined {
    for (const one of this.#planted) {
      if (!one.fault.match.test(request)) continue
      one.seen += 1
      if (one.seen < (one.fault.nth ?? 1)) continue
      this.#planted = this.#planted.filter((other) => other !== one)
      return one.fault
    }
    return undefined
  }
}
