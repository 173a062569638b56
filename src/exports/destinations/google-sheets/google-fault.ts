/**
 * What went wrong with a call to Google, as facts. The client's own errors hold the request, its rows and its token with it: none of them goes
 * past this file, neither as a cause nor in part.
 */

export interface Fault {
  /** `token`: asking for a token failed, so the call itself was never made. */
  readonly stage: 'call' | 'token'
  /** Of HTTP; absent where no answer came. */
  readonly status: number | undefined
  /** `PERMISSION_DENIED`, `invalid_grant`. */
  readonly kind: string | undefined
  /** `SERVICE_DISABLED`, `storageQuotaExceeded`. */
  readonly reason: string | undefined
  /** Google's own words, as they came: they may quote what was sent. */
  readonly said: string
  /** `ECONNRESET`, where no answer came. */
  readonly network: string | undefined
  readonly timedOut: boolean
  /** Milliseconds, of `Retry-After`. */
  readonly retryAfter: number | undefined
  /** Of the answer: how wrong this machine's clock is, in milliseconds. */
  readonly clockOff: number | undefined
  /** Where Google says that an API is switched on. */
  readonly activationUrl: string | undefined
}

const nothing: Fault = {
  stage: 'call',
  status: undefined,
  kind: undefined,
  reason: undefined,
  said: '',
  network: undefined,
  timedOut: false,
  retryAfter: undefined,
  clockOff: undefined,
  activationUrl: undefined,
}

/** An answer with a good status that is not Google's JSON: a proxy's page, or cut off. */
export const garbledAnswer: Fault = { ...nothing, network: 'a garbled answer' }

/** Undefined for what is no failure of a call: the client's errors hold its configuration. */
export function faultOf(error: unknown, stage: Fault['stage'], now: number): Fault | undefined {
  if (!isObject(error) || !('config' in error)) return undefined
  const response = isObject(error['response']) ? error['response'] : undefined
  if (response && typeof response['status'] === 'number') return answeredFault(response, response['status'], stage, now)
  const network = networkCode(error)
  return { ...nothing, stage, network, timedOut: network === 'TimeoutError' || network === 'ETIMEDOUT' }
}

function networkCode(error: Readonly<Record<string, unknown>>): string {
  if (typeof error['code'] === 'string') return error['code']
  return isObject(error['cause']) ? networkCode(error['cause']) : 'no answer'
}

function answeredFault(response: Readonly<Record<string, unknown>>, status: number, stage: Fault['stage'], now: number): Fault {
  const data = isObject(response['data']) ? response['data'] : {}
  const headers = response['headers'] instanceof Headers || hasGet(response['headers']) ? response['headers'] : undefined
  const facts = isObject(data['error']) ? errorFacts(data['error']) : flatFacts(data)
  const date = Date.parse(headers?.get('date') ?? '')
  return {
    ...nothing,
    ...facts,
    stage,
    status,
    retryAfter: retryAfterOf(headers?.get('retry-after') ?? undefined, now),
    clockOff: Number.isNaN(date) ? undefined : now - date,
  }
}

/** Of the token endpoint: `{ error, error_description }`. */
function flatFacts(data: Readonly<Record<string, unknown>>): Partial<Fault> {
  return { kind: textOf(data['error']), said: textOf(data['error_description']) ?? '' }
}

/** Of the APIs: `{ error: { code, message, status, details?, errors? } }`. */
function errorFacts(error: Readonly<Record<string, unknown>>): Partial<Fault> {
  const details = listOf(error['details'])
  const info = details.find((one) => typeof one['reason'] === 'string')
  const metadata = isObject(info?.['metadata']) ? info['metadata'] : {}
  const said = textOf(error['message']) ?? ''
  return {
    kind: textOf(error['status']),
    reason: textOf(info?.['reason']) ?? textOf(listOf(error['errors'])[0]?.['reason']),
    said,
    activationUrl: textOf(metadata['activationUrl']) ?? /https:\/\/console\.\S+?(?=\s|$)/.exec(said)?.[0],
  }
}

/** Seconds, or a date. */
function retryAfterOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function hasGet(value: unknown): value is { readonly get: (name: string) => string | null } {
  return isObject(value) && typeof value['get'] === 'function'
}
