/**
 * The HTTP face. A request is read, met by a fault or not, applied at once (no other request runs in between), and answered. Hooks are awaited before it is applied and
 * after it was, so that a test may change a sheet between two requests or end a client at one.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { GoogleError, invalidArgument } from '../model/google-error.ts'
import type { World } from '../world/world.ts'
import { callDrive, drivePrefix, findDriveRoute } from './drive-api.ts'
import type { ApiReply, ApiRequest } from './exchange.ts'
import { errorAfter, errorBefore, type Fault, type FaultList } from './faults.ts'
import { findOauthRoute } from './oauth-routes.ts'
import type { CallKind, QuotaClock } from './quota.ts'
import { callSheets, findSheetsRoute, sheetsPrefix } from './sheets-routes.ts'

/** Of the Sheets API, as its quotas count; `other`: Drive, and tokens. */
export type RequestKind = CallKind | 'other'

/** What is known of a request: no body, no header. */
export interface SeenRequest {
  /** From 1, of all requests that this emulator met. */
  readonly number: number
  readonly method: string
  /** Decoded, without the query. */
  readonly path: string
  readonly kind: RequestKind
  /** Of the body, as it was sent. */
  readonly bytes: number
}

export interface LoggedRequest extends SeenRequest {
  /** Of the answer; 0 where the connection was broken before there was one. */
  readonly status: number
  readonly replyBytes: number
  /** It changed a file, whatever was answered. */
  readonly committed: boolean
  /** How many cells it wrote, whatever was answered. */
  readonly cells: number
}

export interface ServerOptions {
  readonly world: World
  readonly quota: QuotaClock | undefined
  readonly faults: FaultList
  readonly onRequest: (request: SeenRequest) => Promise<void>
  readonly onCommit: (id: string) => Promise<void>
  readonly onAnswer: (request: LoggedRequest) => void
  /** Requests that are none of an API: the page. False: not for it either. */
  readonly servePage: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
}

/** Google's front end refuses more. */
const mostBytes = 10_485_760

export function createEmulatorServer(options: ServerOptions): Server {
  let number = 0
  return createServer((request, response) => {
    const url = `http://${request.headers.host ?? 'localhost'}/`
    const kind = kindOf(request)
    const work = kind ? answerApi(options, request, response, { kind, url, number: (number += 1) }) : answerPage(options, request, response)
    work.catch((error: unknown) => {
      process.emitWarning(error instanceof Error ? error : String(error))
      response.destroy()
    })
  })
}

async function answerPage({ servePage }: ServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (await servePage(request, response)) return
  request.resume()
  response.writeHead(404, { 'content-type': 'text/html; charset=UTF-8' }).end(notFoundPage)
}

const notFoundPage = '<!DOCTYPE html><title>Error 404 (Not Found)!!1</title><p>The requested URL was not found on this server.</p>'

function kindOf({ method = '', url = '' }: IncomingMessage): RequestKind | undefined {
  const path = url.split('?')[0]!
  if (path === sheetsPrefix || path.startsWith(`${sheetsPrefix}/`)) return findSheetsRoute(method, path)?.kind ?? 'read'
  return path.startsWith(`${drivePrefix}/`) || findOauthRoute(path) ? 'other' : undefined
}

interface Entry {
  readonly kind: RequestKind
  readonly url: string
  readonly number: number
}

async function answerApi(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  { kind, url, number }: Entry,
): Promise<void> {
  const { method = '' } = request
  const [path, query] = splitOnce(request.url ?? '', '?')
  const body = await readAll(request)
  if (body === undefined) return
  const seen: SeenRequest = { number, method, path: decodePath(path), kind, bytes: body.length }
  await options.onRequest(seen)
  const fault = options.faults.take(`${method} ${seen.path}`)
  const log = (status: number, replyBytes: number, reply?: ApiReply): void =>
    options.onAnswer({ ...seen, status, replyBytes, committed: reply?.committed !== undefined, cells: reply?.cells ?? 0 })
  if (fault?.kind === 'reset-before' || fault?.kind === 'hang-before') {
    log(0, 0)
    await breakOff(response, fault.kind === 'hang-before')
    return
  }
  const apiRequest: ApiRequest = { method, path, query: new URLSearchParams(query), headers: request.headers, body, url }
  const reply = applyRequest(options, apiRequest, fault)
  if (reply.committed) await options.onCommit(reply.committed.id)
  if (fault?.kind === 'reset-after-commit' || fault?.kind === 'hang-after-commit') {
    log(0, 0, reply)
    await breakOff(response, fault.kind === 'hang-after-commit')
    return
  }
  if (fault?.kind === 'slow') await delay(fault.delay ?? 1000)
  const lost = fault && errorAfter(fault)
  const { status, headers, bytes } = encodeReply(lost ? errorReply(lost) : reply, request)
  log(status, bytes.length, reply)
  response.writeHead(status, { ...headers, 'content-length': bytes.length })
  if (fault?.kind === 'truncated') {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy())
    return
  }
  response.end(bytes)
}

/** Undefined where the client went away. */
async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  } catch {
    return undefined
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

async function breakOff(response: ServerResponse, hang: boolean): Promise<void> {
  if (hang) await once(response, 'close')
  else response.socket?.resetAndDestroy()
}

function applyRequest(options: ServerOptions, request: ApiRequest, fault: Fault | undefined): ApiReply {
  if (fault?.kind === 'html-502')
    return {
      status: 502,
      html: '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>',
    }
  try {
    const refused = fault && errorBefore(fault)
    if (refused) throw refused
    if (request.body.length > mostBytes) throw invalidArgument(`Request payload size exceeds the limit: ${mostBytes} bytes.`)
    return route(options, request)
  } catch (error) {
    if (error instanceof GoogleError) return errorReply(error)
    throw error
  }
}

function route({ world, quota }: ServerOptions, request: ApiRequest): ApiReply {
  const oauth = findOauthRoute(request.path)
  if (oauth) return oauth(world, request)
  if (request.path.startsWith(drivePrefix)) {
    const found = findDriveRoute(request.method, request.path)
    return found ? callDrive(world, found, request) : { status: 404, html: notFoundPage }
  }
  const found = findSheetsRoute(request.method, request.path)
  return found ? callSheets(world, quota, found, request) : { status: 404, html: notFoundPage }
}

function errorReply({ message, parts }: GoogleError): ApiReply {
  const { code, status, details, errors, body, headers } = parts
  const error = { code, message, ...(errors && { errors }), ...(status !== '' && { status }), ...(details && { details }) }
  return { status: code, body: body ?? { error }, ...(headers && { headers }) }
}

interface Encoded {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

const gzipFrom = 1024

function encodeReply({ status, body, html, headers }: ApiReply, request: IncomingMessage): Encoded {
  const text = html ?? (body === undefined ? '' : `${JSON.stringify(body, null, body !== null && status >= 400 ? 2 : undefined)}\n`)
  const plain = Buffer.from(text)
  const zipped = plain.length >= gzipFrom && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  return {
    status,
    bytes: zipped ? gzipSync(plain, { level: 1 }) : plain,
    headers: {
      'content-type': html === undefined ? 'application/json; charset=UTF-8' : 'text/html; charset=UTF-8',
      vary: 'Origin, X-Origin, Referer',
      server: 'ESF',
      'cache-control': 'private',
      ...(zipped && { 'content-encoding': 'gzip' }),
      ...headers,
    },
  }
}

function splitOnce(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
