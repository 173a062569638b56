/** Tables pushed to the emulator in this process: no warehouse, and a clock on which waiting takes no time. */
import type { SheetDestination, SheetExport } from '../../../src/core/project.ts'
import { startSheetsEmulator, type SheetsEmulator } from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'
import { GoogleError, type GoogleApi } from '../../../src/exports/destinations/google-sheets/google-api.ts'
import { openGoogleApi } from '../../../src/exports/destinations/google-sheets/open-google-api.ts'
import { callSizes, type CallSizes } from '../../../src/exports/destinations/google-sheets/call-sizes.ts'
import { pushSpreadsheet, type Pushed } from '../../../src/exports/destinations/google-sheets/push-spreadsheet.ts'
import { readContent } from '../../../src/exports/destinations/google-sheets/sheet-content.ts'
import { sheetColumns } from '../../../src/exports/destinations/google-sheets/sheet-columns.ts'
import { wallClockOf } from '../../../src/exports/destinations/google-sheets/serial-time.ts'
import type { TabRequest } from '../../../src/exports/destinations/google-sheets/tab-request.ts'
import { accountFrom, virtualClock } from './google-server.ts'

/** As Postgres prints it, and as it must stand in a cell. */
export interface Value {
  readonly sql: string | null
  readonly cell: string | number | boolean
}

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly Value[])[]
}

export interface SheetPush {
  readonly name: string
  readonly tab: string
  readonly table: Table
  readonly to: Partial<SheetDestination> & Pick<SheetDestination, 'mode'>
  readonly day?: string
  readonly orderBy?: readonly string[]
}

export interface PushTablesOptions {
  readonly pushes: readonly SheetPush[]
  readonly run: string
  readonly signal?: AbortSignal
  readonly force?: boolean
  readonly adopt?: boolean
  /** Gives up calls that are not answered at once. */
  readonly impatient?: boolean
  /** Small ones stage tables of a few rows. */
  readonly sizes?: CallSizes
  readonly onReplan?: (reason: string) => void
  /** Waits before each call: until it is this run's turn. */
  readonly gate?: (call: ApiCall) => Promise<void>
  /** The batch of this number gets no answer, and arrives when it is delivered. */
  readonly late?: { readonly nth: number; readonly hold: (deliver: () => Promise<void>) => void }
}

export type ApiCall = 'getSpreadsheet' | 'getValues' | 'batchUpdate' | 'writeValues'

export const tinySizes: CallSizes = { commit: 0, append: 0, piece: 60 }

export interface PushGround extends AsyncDisposable {
  readonly emulator: SheetsEmulator
  /** A spreadsheet of its own for a case. */
  readonly create: (tabs?: readonly string[]) => string
  /** Reads the spreadsheet and brings the tables there, as one commit. */
  readonly push: (id: string, options: PushTablesOptions) => Promise<Pushed>
  /** What looks at the spreadsheet after each commit from now on. */
  readonly watch: (id: string, look: () => void) => Disposable
  /** What is told of each call before it is answered, from now on. */
  readonly onCall: (listener: (kind: string) => void) => Disposable
}

const today = new Date('2026-11-03T12:00:00Z')

export async function openPushGround(): Promise<PushGround> {
  const emulator = await startSheetsEmulator()
  const key = emulator.serviceAccount()
  const open = async (timeouts?: { read: number; write: number }): Promise<GoogleApi> =>
    await openGoogleApi(accountFrom(JSON.stringify(key)), {
      endpoint: emulator.url,
      signal: new AbortController().signal,
      onWait: () => undefined,
      onRetry: () => undefined,
      clock: virtualClock(),
      ...(timeouts && { timeouts }),
    })
  const patient = await open()
  const impatient = await open({ read: 30, write: 30 })
  const watching = new Map<string, () => void>()
  emulator.onCommit((id) => watching.get(id)?.())
  const listening = new Set<(kind: string) => void>()
  emulator.onRequest(({ kind }) => {
    for (const listener of listening) listener(kind)
  })
  let created = 0
  return {
    emulator,
    create: (tabs = ['Sheet1']) => {
      const id = `field-plan-${++created}`
      return emulator.createSpreadsheet({ id, title: 'Field plan', tabs, sharedWith: [key.client_email] })
    },
    push: async (id, options) =>
      await push(delayed(gated(options.impatient === true ? impatient : patient, options.gate), options.late), id, options),
    watch: (id, look) => {
      watching.set(id, look)
      return { [Symbol.dispose]: () => void watching.delete(id) }
    },
    onCall: (listener) => {
      listening.add(listener)
      return { [Symbol.dispose]: () => void listening.delete(listener) }
    },
    [Symbol.asyncDispose]: () => emulator.close(),
  }
}

function gated(api: GoogleApi, gate: PushTablesOptions['gate']): GoogleApi {
  if (!gate) return api
  const after =
    <A extends unknown[], R>(call: ApiCall, work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await gate(call)
      return await work(...args)
    }
  return {
    ...passing(api),
    getSpreadsheet: after('getSpreadsheet', (id: string) => api.getSpreadsheet(id)),
    getValues: after('getValues', (id: string, ranges: readonly string[]) => api.getValues(id, ranges)),
    batchUpdate: after('batchUpdate', (...args: Parameters<GoogleApi['batchUpdate']>) => api.batchUpdate(...args)),
    writeValues: after('writeValues', (...args: Parameters<GoogleApi['writeValues']>) => api.writeValues(...args)),
  }
}

/** Every call as it is. */
function passing(api: GoogleApi): GoogleApi {
  return {
    account: api.account,
    calls: api.calls,
    getSpreadsheet: (...args) => api.getSpreadsheet(...args),
    getValues: (...args) => api.getValues(...args),
    getRows: (...args) => api.getRows(...args),
    batchUpdate: (...args) => api.batchUpdate(...args),
    writeValues: (...args) => api.writeValues(...args),
    rest: (...args) => api.rest(...args),
    cleanUp: (...args) => api.cleanUp(...args),
  }
}

function delayed(api: GoogleApi, late: PushTablesOptions['late']): GoogleApi {
  if (!late) return api
  let batches = 0
  return {
    ...passing(api),
    batchUpdate: async (...args) => {
      if (++batches !== late.nth) return await api.batchUpdate(...args)
      late.hold(async () => void (await api.batchUpdate(...args).catch(() => undefined)))
      throw new GoogleError('google-unavailable', 'No answer came.', { outcome: 'unknown' })
    },
  }
}

async function push(api: GoogleApi, id: string, options: PushTablesOptions): Promise<Pushed> {
  const {
    run,
    signal = new AbortController().signal,
    force = false,
    adopt = false,
    sizes = callSizes,
    onReplan = () => undefined,
  } = options
  const requests = await Promise.all(
    options.pushes.map(async (one): Promise<TabRequest> => {
      const sheetExport = exportOf(id, one)
      const columns = one.table.columns.map(({ name, type }, index) => ({ index, field: { name, type }, title: name, format: undefined }))
      const { bigNumbers, longText } = sheetExport.destination
      const content = await readContent({
        export: sheetExport,
        columns: sheetColumns(sheetExport, columns, { bigNumbers, longText, toWall: wallClockOf('America/New_York') }),
        rows: batchesOf(one.table),
        pieceBytes: sizes.piece,
      })
      return {
        export: sheetExport,
        part: undefined,
        project: 'field',
        spreadsheet: id,
        tab: one.tab,
        day: one.day,
        content,
        run,
        adopt,
        force,
        now: today,
        timeZone: 'America/New_York',
      }
    }),
  )
  signal.throwIfAborted()
  return await pushSpreadsheet({
    api,
    spreadsheet: await api.getSpreadsheet(id),
    id,
    requests,
    guard: () => undefined,
    signal,
    onProgress: () => undefined,
    onReplan,
    now: () => today,
    sizes,
  })
}

async function* batchesOf({ rows }: Table): AsyncIterable<readonly (readonly (string | null)[])[]> {
  for (const row of rows) yield [row.map(({ sql }) => sql)]
}

const at = { file: 'exports/turf_sheet.yml', start: 0, end: 4 }

function exportOf(id: string, { name, tab, to, orderBy = [] }: SheetPush): SheetExport {
  return {
    kind: 'export',
    name,
    file: at.file,
    at,
    tags: [],
    meta: {},
    read: { from: 'turf', at },
    orderBy,
    columns: [],
    destination: {
      type: 'google_sheets',
      spreadsheet: id,
      tab,
      start: { row: 0, column: 0 },
      header: true,
      key: [],
      onRemoved: 'keep',
      onNewColumns: 'refuse',
      nullText: '',
      bigNumbers: 'text',
      longText: 'error',
      at,
      ...to,
    },
    guards: {},
    enabled: true,
  }
}
