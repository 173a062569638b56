/** Answers the calls of the API, refuses them, and loses answers where a fault was planted, as Google does. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzip } from 'node:zlib'
import { createAccounts, type Accounts } from './accounts.ts'
import { ApiError, forbidden, notFound } from './api-error.ts'
import { answerAuth } from './auth-calls.ts'
import type { CallAnswer } from './call.ts'
import { commit } from './commit.ts'
import { createFaults, type Fault, type Faults } from './faults.ts'
import { applyFields } from './field-mask.ts'
import { checkShape, isObject, type JsonObject } from './json.ts'
import { createQuota, exceeded, type CallKind } from './quota.ts'
import { readBody } from './read-body.ts'
import { findRoute, type FoundRoute, type Route } from './routes.ts'
import { createStore, type Store } from './store.ts'
import type { Workbook } from './workbook.ts'

/** One call that was answered. Holds no body. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly kind: CallKind | 'other'
  readonly status: number
  /** Of the body that came. */
  readonly bytes: number
}

export type ComingRequest = Pick<SeenRequest, 'method' | 'path' | 'kind'>

export interface ServiceOptions {
  readonly url: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly quota: (() => number) | undefined
  readonly createMissing: boolean
  /** Called when a key or a login came or went. */
  readonly onAccounts: () => void
}

export interface Service {
  readonly accounts: Accounts
  readonly store: Store
  readonly faults: Faults
  readonly requests: SeenRequest[]
  readonly beforeRequest: Set<(request: ComingRequest) => void>
  /** Keeps a draft: what it holds is what stands from now on. */
  readonly keep: (draft: Workbook) => void
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

interface Answer extends CallAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

export function createService({ url, now, quota, createMissing, onAccounts }: ServiceOptions): Service {
  const accounts = createAccounts({ url, now, onChange: onAccounts })
  const store = createStore(now)
  const faults = createFaults()
  const requests: SeenRequest[] = []
  const counted = createQuota(quota)
  const beforeRequest: Service['beforeRequest'] = new Set()
  const keep = (draft: Workbook): void => store.put(commit(draft, now()))

  const reach = (id: string, route: Route, email: string): Workbook => {
    const found =
      store.find(id) ?? (createMissing && /^[\w-]{1,200}$/.test(id) ? store.create({ id, title: id, sharedWith: [email] }) : undefined)
    if (!found) throw notFound()
    const role = found.sharing.get(email)
    if (role === undefined || (role === 'reader' && route.kind === 'write')) throw forbidden()
    if (found.isExcel && route.path.source.includes('v4'))
      throw new ApiError(400, 'FAILED_PRECONDITION', 'This operation is not supported for this document')
    return found
  }
  const answerCall = ({ route, id, rest }: FoundRoute, query: URLSearchParams, body: Buffer, authorization: string | undefined): Answer => {
    const account = accounts.find(authorization)
    if (!account) {
      throw new ApiError(
        401,
        'UNAUTHENTICATED',
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
      )
    }
    if (!route.scopes.some((scope) => account.scopes.includes(`https://www.googleapis.com/auth/${scope}`))) throw insufficientScope(route)
    counted.take(route.kind, account.email)
    const json = parseJson(body)
    checkShape(json, route.shape, '')
    const workbook = (): Workbook => reach(id ?? '', route, account.email)
    const { body: told, status = 200 } = route.answer({ rest, query, json, workbook, store, account, commit: keep })
    return { status, body: applyFields(told, query.get('fields') ?? undefined) }
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET' } = request
    const target = new URL(request.url ?? '/', url)
    const path = decodePath(target.pathname)
    const body = await readBody(request)
    const found = findRoute(method, target.pathname)
    const kind = found?.route.kind ?? 'other'
    for (const listener of beforeRequest) listener({ method, path, kind })
    const fault = faults.take(`${method} ${path}`)
    const seen = (status: number): void => void requests.push({ method, path, kind, status, bytes: body.length })
    let told: Answer
    try {
      if (fault?.kind === 'reset-before') {
        seen(0)
        return void request.socket.destroy()
      }
      const early = fault && earlyEnd(fault, kind)
      if (early) throw early
      const auth = answerAuth(accounts, { method, path, body, authorization: request.headers.authorization })
      if (!auth && !found) throw notFound()
      told = auth ?? answerCall(found!, target.searchParams, body, request.headers.authorization)
    } catch (error) {
      told = asAnswer(error)
    }
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.delay ?? 0))
    if (fault?.kind === 'reset-after-commit') {
      seen(0)
      return void request.socket.destroy()
    }
    if (fault?.kind === '503-after-commit') told = asAnswer(new ApiError(503, 'UNAVAILABLE', 'The service is currently unavailable.'))
    if (fault?.kind === '500-after-commit') told = asAnswer(new ApiError(500, 'INTERNAL', 'Internal error encountered.'))
    const headers = fault?.kind === '429-retry-after' ? { 'retry-after': '3' } : {}
    seen(told.status)
    send(request, response, { ...told, headers }, fault)
  }
  return { accounts, store, faults, requests, beforeRequest, keep, answer }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function insufficientScope({ name, path }: Route): ApiError {
  const [service, type] = path.source.includes('v4')
    ? ['sheets.googleapis.com', 'google.apps.sheets.v4.SpreadsheetsService']
    : ['drive.googleapis.com', 'google.apps.drive.v3.DriveFiles']
  return new ApiError(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.', [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      domain: 'googleapis.com',
      metadata: { service, method: `${type}.${name}` },
    },
  ])
}

/** Of a fault before the call is applied. */
function earlyEnd({ kind }: Fault, call: CallKind | 'other'): ApiError | undefined {
  switch (kind) {
    case '429':
    case '429-retry-after':
      return exceeded(call === 'read' ? 'read' : 'write', 'PerMinutePerUser')
    case '401':
      return new ApiError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.')
    case '500-before':
      return new ApiError(500, 'INTERNAL', 'Internal error encountered.')
    case '503-before':
      return new ApiError(503, 'UNAVAILABLE', 'The service is currently unavailable.')
    case 'reset-before':
    case 'reset-after-commit':
    case '500-after-commit':
    case '503-after-commit':
    case 'html-502':
    case 'truncated':
    case 'slow':
      return undefined
    default:
      return kind satisfies never
  }
}

function asAnswer(error: unknown): Answer {
  const known = error instanceof ApiError ? error : new ApiError(500, 'INTERNAL', `The emulator failed: ${String(error)}`)
  const { code, status, message, details } = known
  // Drive tells reasons in a list of errors of its own.
  const reasons = details?.filter((one) => isObject(one) && 'reason' in one && !('@type' in one)) ?? []
  const told = reasons.length > 0 ? { errors: reasons } : details && { details }
  return { status: code, body: { error: { code, message, status, ...told } } }
}

const largestBody = 10_485_760

function parseJson(body: Buffer): JsonObject {
  if (body.length > largestBody)
    throw new ApiError(400, 'INVALID_ARGUMENT', `Request payload size exceeds the limit: ${largestBody} bytes.`)
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (isObject(value)) return value
  } catch {
    // as for what is no object
  }
  throw new ApiError(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received. Unexpected token.')
}

function send(request: IncomingMessage, response: ServerResponse, { status, body, headers = {} }: Answer, fault?: Fault): void {
  if (fault?.kind === 'html-502') {
    response.writeHead(502, { 'content-type': 'text/html; charset=UTF-8' }).end('<!DOCTYPE html><title>Error 502 (Server Error)!!1</title>')
    return
  }
  const text = JSON.stringify(body)
  const base = { 'content-type': 'application/json; charset=UTF-8', server: 'ESF', vary: 'Origin, X-Origin, Referer', ...headers }
  if (fault?.kind === 'truncated') {
    response.writeHead(status, { ...base, 'content-length': String(Buffer.byteLength(text)) })
    response.write(text.slice(0, Math.floor(text.length / 2)), () => request.socket.destroy())
    return
  }
  const accepted = request.headers['accept-encoding']
  if (typeof accepted !== 'string' || !/\bgzip\b/.test(accepted) || text.length < 1000) {
    response.writeHead(status, base).end(text)
    return
  }
  gzip(text, { level: 1 }, (error, packed) => {
    if (error) response.writeHead(status, base).end(text)
    else response.writeHead(status, { ...base, 'content-encoding': 'gzip' }).end(packed)
  })
}
