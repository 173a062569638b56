/** The emulator of Google Sheets in a process of its own, so that what it costs is not counted; answers the process that started it. */
import { startSheetsEmulator } from '../src/emulators/google-sheets/start-sheets-emulator.ts'

/** `baseline`: a grid for a program that makes none of its own. */
export type SheetsQuestion = 'requests' | 'written-cells' | 'forget' | 'baseline'

export interface SheetsAnswer {
  readonly reads: number
  readonly writes: number
  /** Bytes of all bodies. */
  readonly bytes: number
  /** Cells that are not the same object as when it was asked to forget. */
  readonly writtenCells: number
}

const emulator = await startSheetsEmulator({ createMissing: true })
let from = 0
let before = new Set<object>()

function cells(): readonly object[] {
  return emulator.store
    .all()
    .flatMap(({ id }) => emulator.snapshot(id).tabs)
    .flatMap(({ rows }) => rows.flatMap((row) => row.filter((cell) => cell !== undefined)))
}

function answer(question: SheetsQuestion): SheetsAnswer {
  if (question === 'baseline') {
    emulator.createSpreadsheet({ id: 'baseline', title: 'Baseline', sharedWith: [emulator.serviceAccount().client_email] })
    emulator.edit('baseline', [{ appendDimension: { sheetId: 0, dimension: 'ROWS', length: 60_000 } }])
  }
  const requests = emulator.requests.slice(from)
  const writtenCells = question === 'written-cells' ? cells().filter((cell) => !before.has(cell)).length : 0
  if (question === 'forget') {
    from = emulator.requests.length
    before = new Set(cells())
  }
  const count = (kind: string): number => requests.filter((request) => request.kind === kind).length
  return { reads: count('read'), writes: count('write'), bytes: requests.reduce((sum, { bytes }) => sum + bytes, 0), writtenCells }
}

process.on('message', (question: SheetsQuestion) => process.send!(answer(question)))
process.on('disconnect', () => process.exit(0))
process.send!({ url: emulator.url, key: JSON.stringify(emulator.serviceAccount()) })
