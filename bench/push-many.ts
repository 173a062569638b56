/** Many small exports at once, each to a spreadsheet of its own, through the client that they share. */
import type { SheetExport } from '../src/core/project.ts'
import type { Clock } from '../src/exports/destinations/google-sheets/clock.ts'
import { findGoogleAccount } from '../src/exports/destinations/google-sheets/find-account.ts'
import type { GoogleApi } from '../src/exports/destinations/google-sheets/google-api.ts'
import { openGoogleApi } from '../src/exports/destinations/google-sheets/open-google-api.ts'
import { pushSpreadsheet } from '../src/exports/destinations/google-sheets/push-spreadsheet.ts'
import { readContent } from '../src/exports/destinations/google-sheets/sheet-content.ts'
import { sheetColumns } from '../src/exports/destinations/google-sheets/sheet-columns.ts'
import type { SheetsEmulator } from '../src/emulators/google-sheets/start-sheets-emulator.ts'
import type { Row } from '../src/warehouses/warehouse.ts'

const at = { file: 'exports/people_sheet.yml', start: 0, end: 0 }

const one: SheetExport = {
  kind: 'export',
  name: 'people_sheet',
  file: at.file,
  at,
  tags: [],
  meta: {},
  read: { from: 'people', at },
  orderBy: [],
  columns: [],
  destination: {
    type: 'google_sheets',
    spreadsheet: '{sheet}',
    tab: 'People',
    start: { row: 0, column: 0 },
    header: true,
    mode: 'replace',
    key: [],
    onRemoved: 'keep',
    onNewColumns: 'refuse',
    nullText: '',
    bigNumbers: 'text',
    longText: 'error',
    at,
  },
  guards: {},
  enabled: true,
}

/** Eight at a time. */
export async function pushMany(emulator: SheetsEmulator, clock: Clock, count: number): Promise<void> {
  const env = { SQLFLOW_GOOGLE_CREDENTIALS: JSON.stringify(emulator.serviceAccount()) }
  const account = findGoogleAccount({ settings: {}, env, home: '/', root: '/', readFile: () => '' })
  const signal = new AbortController().signal
  const quiet = (): void => undefined
  const api = await openGoogleApi(account!, { endpoint: emulator.url, signal, onWait: quiet, onRetry: quiet, clock })
  const waiting = Array.from({ length: count }, (_, k) => `spreadsheet-${k}`)
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await pushOne(api, id, clock)
  }
  await Promise.all(Array.from({ length: 8 }, work))
}

async function pushOne(api: GoogleApi, id: string, clock: Clock): Promise<void> {
  async function* rows(): AsyncIterable<readonly Row[]> {
    yield [['1', id]]
  }
  const planned = ['person_id', 'name'].map((name, index) => ({
    index,
    field: { name, type: index === 0 ? 'integer' : 'text' },
    title: name,
    format: undefined,
  }))
  const columns = sheetColumns(one, planned, { bigNumbers: 'text', longText: 'error', toWall: (ms) => ms })
  await using content = await readContent({ export: one, columns, rows: rows() })
  const now = (): Date => new Date(clock.now())
  const request = {
    export: one,
    part: undefined,
    project: 'bench',
    spreadsheet: id,
    tab: 'People',
    day: undefined,
    content,
    run: 'bench',
    adopt: false,
    force: false,
    now: now(),
    timeZone: 'UTC',
  }
  await pushSpreadsheet({
    api,
    spreadsheet: await api.getSpreadsheet(id),
    id,
    requests: [request],
    guard: () => undefined,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onReplan: () => undefined,
    now,
  })
}
