/**
 * The page: people look at the spreadsheets in a browser, type into them, share them, and see what is pushed as it comes. It is for this machine: requests from pages of
 * elsewhere are refused, by the host that they ask for and by where they come from.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { finishDraft, findSheet, openDraft } from '../model/draft.ts'
import { GoogleError, invalidArgument, notFound } from '../model/google-error.ts'
import { readBody } from '../json/proto-json.ts'
import { checkSize } from '../requests/grow.ts'
import { writeValues } from '../values/write-values.ts'
import { addSpreadsheet, commit, grant, permission, projectNumber, type DriveFile, type World } from '../world/world.ts'
import { describeFile, listFiles, showRows } from './page-data.ts'
import { listPage, sheetPage } from './pages.ts'
import { iconSvg } from './icon.ts'
import { listScript } from './list-script.ts'
import { sheetScript } from './sheet-script.ts'
import { styleSheet } from './style-sheet.ts'

export interface PageOptions {
  readonly world: World
  /** The account as which people act on the page. */
  readonly owner: string
  /** What a program is told to use, for the list. */
  readonly accounts: () => readonly string[]
  /** Told of each change until it is called off. */
  readonly onChange: (listener: (file: DriveFile) => void) => () => void
}

export type ServePage = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

const assets: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/page/style.css': ['text/css', styleSheet],
  '/page/list.js': ['text/javascript', listScript],
  '/page/sheet.js': ['text/javascript', sheetScript],
  '/page/icon.svg': ['image/svg+xml', iconSvg],
}

const security = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

export function createPage(options: PageOptions): ServePage {
  return async (request, response) => {
    const { method = 'GET', url = '/' } = request
    const { pathname, searchParams } = new URL(url, 'http://localhost')
    if (!isOurs(pathname)) return false
    if (isForeign(request)) {
      send(response, 403, 'text/plain', 'This page is for the machine that it runs on.')
      return true
    }
    const asset = assets[pathname]
    if (asset && method === 'GET') send(response, 200, asset[0], asset[1])
    else if (pathname === '/page/events') listen(options, request, response)
    else if (pathname.startsWith('/page/api/')) await answerData(options, request, response, { method, pathname, searchParams })
    else if (method === 'GET' || method === 'HEAD')
      send(response, 200, 'text/html', pathname === '/' ? listPage(options.accounts()) : sheetPage())
    else send(response, 405, 'text/plain', 'Only GET.')
    return true
  }
}

function isOurs(path: string): boolean {
  return path === '/' || path.startsWith('/page/') || /^\/spreadsheets\/(?:d\/)?[\w-]+(?:\/edit)?\/?$/.test(path)
}

/** A name that a stranger made resolve to this machine, or a page of elsewhere that writes. */
function isForeign({ headers, method, socket }: IncomingMessage): boolean {
  const host = (headers.host ?? '').replace(/:\d+$/, '')
  const isLoopback = /^(?:127(?:\.\d+){3}|::1|::ffff:127(?:\.\d+){3})$/.test(socket.localAddress ?? '')
  if (isLoopback && !/^(?:127(?:\.\d+){3}|localhost|\[::1\])$/.test(host)) return true
  const { origin } = headers
  return method !== 'GET' && method !== 'HEAD' && origin !== undefined && origin !== `http://${headers.host ?? ''}`
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { ...security, 'content-type': `${type}; charset=utf-8` }).end(text)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', JSON.stringify(value))
}

/** Server-sent events: which spreadsheet changed, and to which version. */
function listen({ onChange }: PageOptions, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...security, 'content-type': 'text/event-stream' }).write('retry: 1000\n\n')
  const stop = onChange(({ id, version }) => void response.write(`data: ${JSON.stringify({ id, version })}\n\n`))
  request.on('close', stop)
}

interface DataRequest {
  readonly method: string
  readonly pathname: string
  readonly searchParams: URLSearchParams
}

const apiPath = /^\/page\/api\/spreadsheets(?:\/([\w-]+)(?:\/(cells|cell|sharing))?)?$/

async function answerData(options: PageOptions, request: IncomingMessage, response: ServerResponse, asked: DataRequest): Promise<void> {
  try {
    const [path, id, part] = apiPath.exec(asked.pathname) ?? []
    if (path === undefined) throw notFound()
    const body = asked.method === 'POST' ? await readJsonBody(request) : undefined
    sendJson(response, 200, asked.method === 'POST' ? change(options, id, part, body) : look(options, id, part, asked.searchParams))
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error
    sendJson(response, error.parts.code, { message: error.message })
  }
}

const mostBytes = 1_000_000

async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json/.test(request.headers['content-type'] ?? '')) throw invalidArgument('The body must be JSON.')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue
    bytes += chunk.length
    if (bytes > mostBytes) throw invalidArgument('The body is too long.')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw invalidArgument('The body must be JSON.')
  }
}

function findFile({ world }: PageOptions, id: string): DriveFile & { readonly spreadsheet: NonNullable<DriveFile['spreadsheet']> } {
  const file = world.files.get(id)
  if (!file?.spreadsheet) throw notFound(`There is no spreadsheet ${id}.`)
  return Object.assign(file, { spreadsheet: file.spreadsheet })
}

function look(options: PageOptions, id: string | undefined, part: string | undefined, query: URLSearchParams): unknown {
  if (id === undefined) return listFiles(options.world.files.values())
  const file = findFile(options, id)
  if (part === undefined) return describeFile(file, file.spreadsheet)
  if (part !== 'cells') throw notFound()
  const from = wholeNumber(query.get('from'))
  const sheet = findSheet(file.spreadsheet, wholeNumber(query.get('gid')))
  return { version: file.version, rows: showRows(file.spreadsheet, sheet, from, Math.min(wholeNumber(query.get('to')), from + 1000)) }
}

function wholeNumber(text: string | null): number {
  return /^\d{1,10}$/.test(text ?? '') ? Number(text) : 0
}

const newBody = z.strictObject({ title: z.string().min(1).max(200) })
const sharingBody = z.strictObject({ email: z.string().regex(/^[^\s@]+@[^\s@]+$/), role: z.enum(['writer', 'reader', 'none']) })
const cellBody = z.strictObject({ gid: z.int().min(0), row: z.int().min(0), column: z.int().min(0), text: z.string() })

function change(options: PageOptions, id: string | undefined, part: string | undefined, body: unknown): unknown {
  const { world, owner } = options
  if (id === undefined) {
    const { title } = readBody(newBody, body)
    const editors = options.accounts().map((email) => permission(email, 'writer'))
    return { id: addSpreadsheet(world, { title, permissions: [permission(owner, 'owner'), ...editors] }).id }
  }
  const file = findFile(options, id)
  if (part === 'sharing') {
    const { email, role } = readBody(sharingBody, body)
    grant(world, file, email, role)
    return {}
  }
  if (part !== 'cell') throw notFound()
  const { gid, row, column, text } = readBody(cellBody, body)
  const draft = openDraft(file.spreadsheet)
  const range = { startRowIndex: row, endRowIndex: row + 1, startColumnIndex: column, endColumnIndex: column + 1 }
  const target = { sheet: findSheet(draft, gid), range, single: true }
  writeValues(draft, { email: owner, project: projectNumber, isOwner: true }, { target, rows: [[text]], option: 'USER_ENTERED' })
  checkSize(draft)
  commit(world, file, finishDraft(draft))
  return {}
}
