/**
 * The pages of the emulator and what their scripts ask for, below `/-/`, a path that Google does not have. No token is needed; what changes
 * something is done for pages of this origin alone.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Accounts } from '../accounts.ts'
import { ApiError, notFound } from '../api-error.ts'
import { applyRequests } from '../apply-requests.ts'
import { isObject, numberIn, textIn, type JsonObject } from '../json.ts'
import { readBody } from '../read-body.ts'
import type { Store } from '../store.ts'
import { writeValues } from '../values.ts'
import { draftOf, type Workbook } from '../workbook.ts'
import { consentPage, isLoopbackHost, readConsent, refusalPage } from './consent-page.ts'
import { securityPolicy } from './html.ts'
import { indexPage, indexScript } from './index-page.ts'
import { listAsJson, rowsAsJson, workbookAsJson } from './page-data.ts'
import { missingPage, spreadsheetPage } from './spreadsheet-page.ts'
import { spreadsheetScript } from './spreadsheet-script.ts'
import { style } from './style.ts'

export interface PageOptions {
  readonly url: string
  readonly accounts: Accounts
  readonly store: Store
  readonly keep: (draft: Workbook) => void
}

export interface Page {
  /** Undefined for a request that is none of the page's. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined
}

interface Answer {
  readonly status?: number
  readonly type: 'text/html' | 'text/css' | 'text/javascript' | 'application/json'
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

export function createPage(options: PageOptions): Page {
  return {
    answer: (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', options.url)
      if (!/^\/$|^\/(?:-|spreadsheets\/d)\/|^\/o\/oauth2\/(?:v2\/)?auth$|^\/favicon\.ico$/.test(pathname)) return undefined
      if (pathname === '/-/events') return Promise.resolve(streamChanges(options, request, response, searchParams.get('id')))
      return answerPage(options, request, response, { path: pathname, query: searchParams })
    },
  }
}

interface Asked {
  readonly path: string
  readonly query: URLSearchParams
}

async function answerPage(options: PageOptions, request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> {
  const body = await readBody(request)
  let answer: Answer
  try {
    refuseStrangers(options, request)
    answer = request.method === 'POST' ? change(options, asked, body) : show(options, asked)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    answer = asJson({ message: error.message }, error.code)
  }
  const { status = 200, type, text, headers } = answer
  response
    .writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': securityPolicy,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      ...headers,
    })
    .end(text)
}

/** A page of elsewhere may reach this port, also by a name that leads here; it is told nothing and changes nothing. */
function refuseStrangers({ url }: PageOptions, { method, headers }: IncomingMessage): void {
  const host = headers.host ?? ''
  const isOurs =
    !isLoopbackHost(new URL(url).hostname) || (URL.canParse(`http://${host}`) && isLoopbackHost(new URL(`http://${host}`).hostname))
  if (!isOurs) throw new ApiError(403, 'PERMISSION_DENIED', 'This page is for its own machine alone.')
  if (method === 'GET' || method === 'HEAD') return
  if (headers.origin !== `http://${host}`)
    throw new ApiError(403, 'PERMISSION_DENIED', 'Only the page of the emulator itself may change something.')
}

function asJson(value: JsonObject, status = 200): Answer {
  return { status, type: 'application/json', text: JSON.stringify(value) }
}

function asHtml(text: string, status = 200): Answer {
  return { status, type: 'text/html', text }
}

function show({ accounts, store }: PageOptions, { path, query }: Asked): Answer {
  switch (path) {
    case '/':
      return asHtml(indexPage())
    case '/-/style.css':
      return { type: 'text/css', text: style }
    case '/-/index.js':
      return { type: 'text/javascript', text: indexScript }
    case '/-/spreadsheet.js':
      return { type: 'text/javascript', text: spreadsheetScript }
    case '/-/spreadsheets':
      return asJson(listAsJson(store.all()))
    default:
  }
  if (path.startsWith('/o/')) {
    const consent = readConsent(query)
    if (typeof consent === 'string') return asHtml(refusalPage(consent), 400)
    return asHtml(consentPage(consent, query, accounts.logins().at(-1)?.email ?? 'you@example.org'))
  }
  const page = /^\/spreadsheets\/d\/([^/]+)(?:\/(?:edit|view)?)?$/.exec(path)
  if (page) {
    const workbook = store.find(decode(page[1]!))
    return workbook ? asHtml(spreadsheetPage(workbook.title)) : asHtml(missingPage(), 404)
  }
  const data = /^\/-\/spreadsheets\/([^/]+)(?:\/tabs\/(\d+))?$/.exec(path)
  if (!data) throw notFound()
  const workbook = workbookOf(store, data[1]!)
  if (data[2] === undefined) return asJson(workbookAsJson(workbook))
  const sheet = workbook.sheets.find(({ sheetId }) => sheetId === Number(data[2]))
  if (!sheet) throw notFound()
  const first = Number(query.get('first') ?? 0)
  return asJson(rowsAsJson(sheet, first, Number(query.get('end') ?? first + 200)))
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function workbookOf(store: Store, part: string): Workbook {
  const workbook = store.find(decode(part))
  if (!workbook) throw notFound()
  return workbook
}

function change(options: PageOptions, { path }: Asked, body: Buffer): Answer {
  const { accounts, store } = options
  if (path === '/-/consent') return consented(accounts, new URLSearchParams(body.toString('utf8')))
  const json = readObject(body)
  if (path === '/-/spreadsheets') {
    // Whoever exports here is one of these: nobody should have to share what they made to try something out.
    const sharedWith = accounts.keys().map((key) => key.client_email)
    const title = textIn(json, 'title') ?? 'Untitled spreadsheet'
    return asJson({ id: store.create({ title, sharedWith }).id })
  }
  const found = /^\/-\/spreadsheets\/([^/]+)\/(cells|sharing|grid)$/.exec(path)
  if (!found) throw notFound()
  const workbook = workbookOf(store, found[1]!)
  if (found[2] === 'cells') typeCell(options, workbook, json)
  else if (found[2] === 'grid') changeGrid(options, workbook, json)
  else {
    const [email, role] = [textIn(json, 'email') ?? '', textIn(json, 'role')]
    if (!email.includes('@') && !workbook.sharing.has(email)) throw new ApiError(400, 'INVALID_ARGUMENT', 'An email address is needed.')
    store.share(workbook.id, email, role === 'writer' || role === 'reader' ? role : 'none')
  }
  return asJson({})
}

function readObject(body: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (isObject(value)) return value
  } catch {
    // as for what is no object
  }
  throw new ApiError(400, 'INVALID_ARGUMENT', 'A JSON object is needed.')
}

/** As a person types into a cell. */
function typeCell({ keep }: PageOptions, workbook: Workbook, json: JsonObject): void {
  const draft = draftOf(workbook)
  const sheet = draft.sheets.find(({ sheetId }) => sheetId === numberIn(json, 'sheetId'))
  const [row = 0, column = 0] = [numberIn(json, 'row'), numberIn(json, 'column')]
  if (!sheet) throw notFound()
  const values = [[textIn(json, 'text') ?? '']]
  writeValues(
    { sheet, row, column, endRow: row + 1, endColumn: column + 1 },
    { values, input: 'USER_ENTERED', majorDimension: 'ROWS', path: 'data' },
  )
  keep(draft)
}

/** As the menus of the grid do: a row or a column more at the end, or a column as wide as what it holds. */
function changeGrid({ keep, store }: PageOptions, workbook: Workbook, json: JsonObject): void {
  const draft = draftOf(workbook)
  const [sheetId, fit, add] = [numberIn(json, 'sheetId') ?? 0, numberIn(json, 'fit'), textIn(json, 'add')]
  const request =
    fit === undefined
      ? { appendDimension: { sheetId, dimension: add === 'ROWS' ? 'ROWS' : 'COLUMNS', length: 1 } }
      : { autoResizeDimensions: { dimensions: { sheetId, dimension: 'COLUMNS', startIndex: fit, endIndex: fit + 1 } } }
  applyRequests([request], { draft, email: 'a person', randomId: () => store.randomId() })
  keep(draft)
}

function consented(accounts: Accounts, form: URLSearchParams): Answer {
  const consent = readConsent(new URLSearchParams(form.get('request') ?? ''))
  if (typeof consent === 'string') return asHtml(refusalPage(consent), 400)
  const { clientId, redirectUri, challenge, state } = consent
  const back = new URL(redirectUri)
  if (state !== undefined) back.searchParams.set('state', state)
  const scopes = consent.scopes.filter((scope) => form.getAll('scope').includes(scope))
  const email = form.get('email') ?? ''
  if (form.get('choice') !== 'allow' || scopes.length === 0 || email === '') back.searchParams.set('error', 'access_denied')
  else {
    back.searchParams.set('code', accounts.allow({ email, clientId, redirectUri, scopes, challenge }))
    back.searchParams.set('scope', scopes.join(' '))
  }
  return { ...asHtml('', 303), headers: { location: back.href } }
}

/** Waits a moment for what comes in bursts. */
const pause = 60

function streamChanges(options: PageOptions, request: IncomingMessage, response: ServerResponse, id: string | null): void {
  try {
    refuseStrangers(options, request)
  } catch {
    response.writeHead(403).end()
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write(':\n\n')
  let timer: NodeJS.Timeout | undefined
  const stop = options.store.onChange((changed) => {
    if (id !== null && changed !== id) return
    timer ??= setTimeout(() => {
      timer = undefined
      response.write('data: changed\n\n')
    }, pause)
  })
  response.on('close', () => {
    clearTimeout(timer)
    stop()
  })
}
