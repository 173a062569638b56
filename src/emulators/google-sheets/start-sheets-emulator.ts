/**
 * Google Sheets and the little of Drive that exports need, over HTTP, for tests and for trying exports without Google. It is spoken to by Google's own
 * client, and answers, refuses and loses answers as Google does.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { gzip } from 'node:zlib'
import { createAccounts, type Accounts, type ServiceAccountKey } from './accounts.ts'
import { ApiError, notFound } from './api-error.ts'
import { applyRequest } from './apply-requests.ts'
import { commit } from './commit.ts'
import { createFaults, type Fault, type Faults } from './faults.ts'
import { applyFields } from './field-mask.ts'
import { createQuota, exceeded, type CallKind, type Quota } from './quota.ts'
import { findRoute, type Call, type Route } from './routes.ts'
import { createStore, type NewSpreadsheet, type Store } from './store.ts'
import { snapshotOf, valuesOf, type Snapshot, type TypedValue } from './snapshot.ts'
import type { Workbook } from './workbook.ts'

export interface SheetsEmulatorOptions {
  readonly host?: string
  /** A free one when absent. */
  readonly port?: number
  /** Milliseconds since 1970, for tokens and modification times; the real time when absent. */
  readonly now?: () => number
  /** Counts calls a minute by `now`, or by a clock of its own. */
  readonly quota?: boolean | { readonly now: () => number }
  /** A spreadsheet that is asked for and not there is made, and shared with who asks. */
  readonly createMissing?: boolean
}

/** One call that was answered. Holds no body. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly kind: CallKind | 'other'
  readonly status: number
  /** Of the body that came. */
  readonly bytes: number
}

export interface SheetsEmulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string
  readonly faults: Faults
  readonly requests: readonly SeenRequest[]
  readonly accounts: Accounts
  readonly store: Store
  serviceAccount(name?: string): ServiceAccountKey
  createSpreadsheet(spreadsheet: NewSpreadsheet): string
  /** As a person does by the menu: developer metadata are copied too. Returns the id. */
  copySpreadsheet(id: string, copy: Omit<NewSpreadsheet, 'tabs'>): string
  share(id: string, email: string, role: 'writer' | 'reader' | 'none'): void
  snapshot(id: string): Snapshot
  /** Cells as they were typed; trailing empty ones are left out. */
  values(id: string, tab: string): readonly (readonly TypedValue[])[]
  /** What a person does, without a call. */
  edit(id: string, requests: readonly object[]): void
  /** Called before each call is answered; may edit. */
  onRequest(listener: (request: Pick<SeenRequest, 'method' | 'path' | 'kind'>) => void): void
  /** Called after each commit that changed a spreadsheet. */
  onCommit(listener: (id: string) => void): void
  close(): Promise<void>
}

export async function startSheetsEmulator(options: SheetsEmulatorOptions = {}): Promise<SheetsEmulator> {
  const { host = '127.0.0.1', port = 0, now = Date.now } = options
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const address = server.address()
  const url = `http://${host}:${typeof address === 'object' && address ? address.port : port}/`
  const service = createService(url, { ...options, now })
  server.on('request', (request, response) => void service.answer(request, response))
  server.keepAliveTimeout = 30_000
  return emulatorOver(server, service, url)
}

interface Service {
  readonly accounts: Accounts
  readonly store: Store
  readonly faults: Faults
  readonly requests: SeenRequest[]
  readonly beforeRequest: Set<(request: Pick<SeenRequest, 'method' | 'path' | 'kind'>) => void>
  readonly afterCommit: Set<(id: string) => void>
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

function createService(url: string, options: SheetsEmulatorOptions & { readonly now: () => number }): Service {
  const { now, quota } = options
  const accounts = createAccounts({ url, now })
  const store = createStore(now)
  const faults = createFaults()
  const requests: SeenRequest[] = []
  const counted: Quota = createQuota(quota === true ? now : typeof quota === 'object' ? quota.now : undefined)
  const beforeRequest: Service['beforeRequest'] = new Set()
  const afterCommit: Service['afterCommit'] = new Set()

  const answerCall = (
    call: Omit<Call, 'workbook' | 'store' | 'email' | 'commit'>,
    route: Route,
    authorization: string | undefined,
  ): Answer => {
    const token = accounts.find(authorization)
    if (!token)
      throw new ApiError(
        401,
        'UNAUTHENTICATED',
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
      )
    if (!route.scopes.some((scope) => token.scopes.includes(`https://www.googleapis.com/auth/${scope}`))) throw insufficientScope(route)
    counted.take(route.kind, token.email)
    const workbook = findWorkbook(call, route, token.email)
    const { body, status = 200 } = route.answer({ ...call, workbook: workbook!, store, email: token.email, commit: (draft) => keep(draft) })
    return { status, body: applyFields(body, call.query.get('fields') ?? undefined) }
  }
  const keep = (draft: Workbook): void => {
    store.put(commit(draft, now()))
    for (const listener of afterCommit) listener(draft.id)
  }
  const findWorkbook = ({ id }: Pick<Call, 'id'>, route: Route, email: string): Workbook | undefined => {
    if (id === undefined) return undefined
    const found = store.find(id) ?? (options.createMissing === true ? store.create({ id, title: id, sharedWith: [email] }) : undefined)
    if (!found) throw notFound()
    if (options.createMissing === true && !found.sharing.has(email)) found.sharing.set(email, 'writer')
    const role = found.sharing.get(email)
    if (role === undefined || (role === 'reader' && route.kind === 'write'))
      throw new ApiError(403, 'PERMISSION_DENIED', 'The caller does not have permission')
    if (found.isExcel) throw new ApiError(400, 'FAILED_PRECONDITION', 'This operation is not supported for this document')
    return found
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET' } = request
    const target = new URL(request.url ?? '/', url)
    const path = decodeURIComponent(target.pathname)
    const body = await readBody(request)
    if (target.pathname === '/token') {
      const { status, body: told } = accounts.token(new URLSearchParams(body.toString('utf8')))
      requests.push({ method, path, kind: 'other', status, bytes: body.length })
      return send(request, response, { status, body: told })
    }
    const found = findRoute(method, target.pathname)
    const kind = found?.route.kind ?? 'other'
    for (const listener of beforeRequest) listener({ method, path, kind })
    const fault = faults.take(`${method} ${path}`)
    const seen = (status: number): void => void requests.push({ method, path, kind, status, bytes: body.length })
    const early = fault && earlyEnd(fault, kind)
    if (early === 'reset') {
      seen(0)
      return void request.socket.destroy()
    }
    let told: Answer
    try {
      if (early) throw early
      if (!found) throw notFound()
      told = answerCall({ ...found, query: target.searchParams, json: parseJson(body) }, found.route, request.headers.authorization)
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
  return { accounts, store, faults, requests, beforeRequest, afterCommit, answer }
}

function insufficientScope({ name }: Route): ApiError {
  return new ApiError(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.', [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      domain: 'googleapis.com',
      metadata: { service: 'sheets.googleapis.com', method: `google.apps.sheets.v4.SpreadsheetsService.${name}` },
    },
  ])
}

function earlyEnd({ kind }: Fault, call: CallKind | 'other'): ApiError | 'reset' | undefined {
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
      return 'reset'
    default:
      return undefined
  }
}

function asAnswer(error: unknown): Answer {
  const { code, status, message, details } =
    error instanceof ApiError ? error : new ApiError(500, 'INTERNAL', `The emulator failed: ${String(error)}`)
  return { status: code, body: { error: { code, message, status, ...(details && { details }) } } }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

const largestBody = 10_485_760

function parseJson(body: Buffer): Record<string, unknown> {
  if (body.length > largestBody)
    throw new ApiError(400, 'INVALID_ARGUMENT', `Request payload size exceeds the limit: ${largestBody} bytes.`)
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new ApiError(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.')
  }
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
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) || text.length < 1000) {
    response.writeHead(status, base).end(text)
    return
  }
  gzip(text, { level: 1 }, (error, packed) => {
    if (error) response.writeHead(status, base).end(text)
    else response.writeHead(status, { ...base, 'content-encoding': 'gzip' }).end(packed)
  })
}

function emulatorOver(server: Server, service: Service, url: string): SheetsEmulator {
  const { accounts, store, faults, requests, beforeRequest, afterCommit } = service
  const edit: SheetsEmulator['edit'] = (id, list) => {
    const draft = store.draft(id)
    list.forEach((request, index) =>
      applyRequest(request as Record<string, unknown>, { draft, email: 'a person', index, randomId: store.randomId }),
    )
    store.put(commit(draft, Date.now()))
    for (const listener of afterCommit) listener(id)
  }
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return {
    url,
    faults,
    requests,
    accounts,
    store,
    serviceAccount: (name) => accounts.serviceAccount(name),
    createSpreadsheet: (spreadsheet) => store.create(spreadsheet).id,
    copySpreadsheet: (id, copy) => store.copy(id, copy).id,
    share: (id, email, role) => store.share(id, email, role),
    snapshot: (id) => snapshotOf(store.get(id)),
    values: (id, tab) => valuesOf(store.get(id), tab),
    edit,
    onRequest: (listener) => void beforeRequest.add(listener),
    onCommit: (listener) => void afterCommit.add(listener),
    close,
    [Symbol.asyncDispose]: close,
  }
}
