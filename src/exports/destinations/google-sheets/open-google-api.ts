/**
 * Google Sheets for one account, through Google's own client: what it is asked, and in what bytes. Large requests go out as the bytes that they
 * are; the generated methods of the client copy every cell twice before they send it.
 */
import type { sheets_v4 } from '@googleapis/sheets'
import type { AuthClient } from 'google-auth-library'
import { callGoogle, rest, type CallContext, type GoogleCall } from './call-google.ts'
import type { GoogleAccount } from './find-account.ts'
import type { GoogleApi, SheetReply, SheetRequest, SheetRow, SheetValues, Spreadsheet } from './google-api.ts'
import { openGoogleClient, type GoogleClientOptions } from './google-client.ts'

export interface GoogleApiOptions extends GoogleClientOptions {
  /** Milliseconds until a call counts as not answered. Google itself ends a request after 180 s. */
  readonly timeouts?: { readonly read: number; readonly write: number }
}

const defaultTimeouts = { read: 60_000, write: 200_000 }

/** What a spreadsheet is asked for: no cell. */
const spreadsheetFields =
  'spreadsheetId,properties(title,locale,timeZone),namedRanges,developerMetadata,' +
  'sheets(properties,developerMetadata,basicFilter,filterViews,tables,protectedRanges,merges)'

const rowFields = 'sheets(data(rowData(values(formattedValue,effectiveValue,effectiveFormat(numberFormat)))))'

/** Throws SqlflowError for an account or an endpoint that cannot be used, GoogleError where whose account it is has to be asked and cannot. */
export async function openGoogleApi(account: GoogleAccount, options: GoogleApiOptions): Promise<GoogleApi> {
  const [{ client, context, endpoints }, { sheets }] = await Promise.all([openGoogleClient(account, options), import('@googleapis/sheets')])
  const { spreadsheets } = sheets({ version: 'v4', auth: client, rootUrl: endpoints.sheets })
  return new SheetsClient(context, { client, spreadsheets, root: endpoints.sheets, timeouts: options.timeouts ?? defaultTimeouts })
}

interface Sending {
  readonly client: AuthClient
  readonly spreadsheets: sheets_v4.Resource$Spreadsheets
  readonly root: string
  readonly timeouts: { readonly read: number; readonly write: number }
}

interface Written {
  readonly method: 'POST' | 'PUT'
  readonly path: string
  /** JSON. */
  readonly body: Uint8Array
}

class SheetsClient implements GoogleApi {
  readonly account: string
  readonly calls = { reads: 0, writes: 0 }
  private readonly context: CallContext
  private readonly sending: Sending
  /** Titles of spreadsheets that were read. */
  private readonly titles = new Map<string, string>()

  constructor(context: CallContext, sending: Sending) {
    this.context = context
    this.sending = sending
    this.account = context.account
  }

  async getSpreadsheet(id: string): Promise<Spreadsheet> {
    const { spreadsheets } = this.sending
    const found = await this.read(id, (how) => spreadsheets.get({ spreadsheetId: id, fields: spreadsheetFields }, how))
    this.titles.set(id, found.properties?.title ?? id)
    return found
  }

  async getValues(id: string, ranges: readonly string[]): Promise<readonly SheetValues[]> {
    if (ranges.length === 0) return []
    const asked = { spreadsheetId: id, ranges: [...ranges], valueRenderOption: 'FORMULA', dateTimeRenderOption: 'SERIAL_NUMBER' }
    const { valueRanges = [] } = await this.read(id, (how) => this.sending.spreadsheets.values.batchGet(asked, how))
    return ranges.map((_range, index) => valueRanges[index]?.values ?? [])
  }

  async getRows(id: string, range: string): Promise<readonly SheetRow[]> {
    const { spreadsheets } = this.sending
    const { sheets: found = [] } = await this.read(id, (how) =>
      spreadsheets.get({ spreadsheetId: id, ranges: [range], fields: rowFields }, how),
    )
    return found[0]?.data?.[0]?.rowData ?? []
  }

  async batchUpdate(id: string, requests: readonly SheetRequest[], meaning: 'repeatable' | 'once'): Promise<readonly SheetReply[]> {
    const path = `v4/spreadsheets/${encodeURIComponent(id)}:batchUpdate`
    const body = Buffer.from(JSON.stringify({ requests }))
    const { replies = [] } = await this.write<sheets_v4.Schema$BatchUpdateSpreadsheetResponse>(id, meaning, { method: 'POST', path, body })
    return replies
  }

  async writeValues(id: string, range: string, body: Uint8Array): Promise<void> {
    const path = `v4/spreadsheets/${encodeURIComponent(id)}/values/${encodeURIComponent(range)}?valueInputOption=RAW`
    await this.write(id, 'piece', { method: 'PUT', path, body })
  }

  async rest(tries: number, reason: string): Promise<void> {
    await rest(this.context, tries, reason)
  }

  async cleanUp(id: string, requests: readonly SheetRequest[]): Promise<void> {
    const url = new URL(`v4/spreadsheets/${encodeURIComponent(id)}:batchUpdate`, this.sending.root)
    const sending = { url, method: 'POST', headers: { 'content-type': 'application/json' }, data: JSON.stringify({ requests }) } as const
    await this.sending.client.request({ ...sending, ...howToSend(cleanUpTimeout) }).catch(() => undefined)
    this.calls.writes += 1
  }

  private async read<T extends object>(id: string, ask: (how: HowToSend) => Promise<{ readonly data: T | string }>): Promise<T> {
    const how = howToSend(this.sending.timeouts.read)
    const send = async (): Promise<T | undefined> => jsonOf((await ask(how)).data)
    const answer = await callGoogle(this.context, { kind: 'read', meaning: 'repeatable', facts: this.factsOf(id), send })
    this.calls.reads += 1
    return answer
  }

  private async write<T extends object>(id: string, meaning: GoogleCall<T>['meaning'], { method, path, body }: Written): Promise<T> {
    const { client, root, timeouts } = this.sending
    const url = new URL(path, root)
    const send = async (): Promise<T | undefined> => {
      const headers = { 'content-type': 'application/json', 'user-agent': 'sqlflow (gzip)' }
      return jsonOf((await client.request<T | string>({ url, method, headers, data: body, ...howToSend(timeouts.write) })).data)
    }
    const answer = await callGoogle(this.context, { kind: 'write', meaning, facts: { ...this.factsOf(id), body }, send })
    this.calls.writes += 1
    return answer
  }

  private factsOf(id: string): GoogleCall<unknown>['facts'] {
    const title = this.titles.get(id)
    return { spreadsheet: { id, title, wasRead: title !== undefined } }
  }
}

/** Milliseconds: who pressed Ctrl-C waits for it. */
const cleanUpTimeout = 10_000

interface HowToSend {
  readonly responseType: 'json'
  readonly retry: false
  readonly timeout: number
}

/** What is tried again is decided here. */
function howToSend(timeout: number): HowToSend {
  return { responseType: 'json', retry: false, timeout }
}

/** The client gives what it cannot read as text. */
function jsonOf<T extends object>(data: T | string): T | undefined {
  return typeof data === 'object' ? data : undefined
}
