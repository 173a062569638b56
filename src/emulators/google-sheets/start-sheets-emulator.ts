/**
 * Google Sheets and the little of Drive that exports need, over HTTP, for tests and for trying exports without Google. It is spoken to by Google's own
 * client, and answers, refuses and loses answers as Google does.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Accounts, ServiceAccountKey } from './accounts.ts'
import { applyRequests } from './apply-requests.ts'
import type { Faults } from './faults.ts'
import { openKeptData, type KeptData } from './kept-data.ts'
import { createPage } from './page/serve-page.ts'
import { createService, type ComingRequest, type SeenRequest, type Service } from './service.ts'
import type { NewSpreadsheet, Store } from './store.ts'
import { snapshotOf, valuesOf, type Snapshot, type TypedValue } from './snapshot.ts'

export interface SheetsEmulatorOptions {
  readonly host?: string
  /** A free one when absent, or 0. */
  readonly port?: number
  /** Milliseconds since 1970, for tokens and modification times; the real time when absent. */
  readonly now?: () => number
  /** Counts calls a minute by `now`, or by a clock of its own. */
  readonly quota?: boolean | { readonly now: () => number }
  /** A spreadsheet that is asked for and not there is made, and shared with who asks. */
  readonly createMissing?: boolean
  /** Where spreadsheets and accounts are kept for the next time; nowhere when absent. */
  readonly directory?: string
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
  onRequest(listener: (request: ComingRequest) => void): void
  /** Called after each commit that changed a spreadsheet. */
  onCommit(listener: (id: string) => void): void
  close(): Promise<void>
}

/** Throws what the port or the directory refuses. */
export async function startSheetsEmulator(options: SheetsEmulatorOptions = {}): Promise<SheetsEmulator> {
  const { host = '127.0.0.1', port = 0, now = Date.now, quota = false, createMissing = false, directory } = options
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const url = `http://${addressOf(host)}:${(server.address() as AddressInfo).port}/`
  const service = createService({
    url,
    now,
    quota: quota === true ? now : quota === false ? undefined : quota.now,
    createMissing,
    onAccounts: () => kept?.keepAccounts(),
  })
  const { accounts, store, faults, requests, beforeRequest, keep, answer } = service
  const kept = await openKept(directory, service).catch((error: unknown) => {
    server.close()
    throw error
  })
  const page = createPage({ url, accounts, store, keep })
  server.on('request', (request, response) => {
    // Who asked may be gone before the answer is there.
    void (page.answer(request, response) ?? answer(request, response)).catch(() => request.socket.destroy())
  })
  server.keepAliveTimeout = 30_000
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
    await kept?.close()
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
    edit: (id, list) => {
      const draft = store.draft(id)
      applyRequests(list, { draft, email: 'a person', randomId: () => store.randomId() })
      keep(draft)
    },
    onRequest: (listener) => void beforeRequest.add(listener),
    onCommit: (listener) => void store.onChange((id, change) => change === 'changed' && listener(id)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function openKept(directory: string | undefined, service: Service): Promise<KeptData | undefined> {
  return directory === undefined ? undefined : openKeptData(directory, service)
}

/** Where this machine reaches what listens there. */
function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
