/** The emulator of Google Sheets in a process of its own, so that what it costs is not counted; answers the process that started it. */
import { startSheetsEmulator } from '../src/emulators/google-sheets/start-sheets-emulator.ts'

/** `baseline`: a grid for a program that makes none of its own. */
export type SheetsQuestion = 'requests' | 'written-cells' | 'forget' | 'baseline'

export interface SheetsAnswer {
  readonly reads: number
  readonly writes: number
  /** Bytes of all bodies. */
  readonly bytes: number
  /** Since it was asked to forget, also those that were what they were written to be. */
  readonly writtenCells: number
}

const emulator = await startSheetsEmulator({ createMissing: true })
let from = 0

function answer(question: SheetsQuestion): SheetsAnswer {
  if (question === 'baseline') {
    emulator.createSpreadsheet({ id: 'baseline', title: 'Baseline', sharedWith: [emulator.serviceAccount().client_email] })
    emulator.edit('baseline', [{ appendDimension: { sheetId: 0, dimension: 'ROWS', length: 60_000 } }])
  }
  const requests = emulator.requests.slice(from)
  if (question === 'forget') from = emulator.requests.length
  const count = (kind: string): number => requests.filter((request) => request.kind === kind).length
  const sum = (of: 'bytes' | 'cells'): number => requests.reduce((all, request) => all + request[of], 0)
  return { reads: count('read'), writes: count('write'), bytes: sum('bytes'), writtenCells: sum('cells') }
}

process.on('message', (question: SheetsQuestion) => process.send!(answer(question)))
process.on('disconnect', () => process.exit(0))
process.send!({ url: emulator.url, key: JSON.stringify(emulator.serviceAccount()) })
