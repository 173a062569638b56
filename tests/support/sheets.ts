/** An emulated Google Sheets for one test, and what the command line needs to reach it. */
import {
  startSheetsEmulator,
  type SheetsEmulator,
  type SheetsEmulatorOptions,
} from '../../src/emulators/google-sheets/start-sheets-emulator.ts'

export interface Sheets extends AsyncDisposable {
  readonly emulator: SheetsEmulator
  readonly env: Readonly<Record<string, string>>
}

export async function startSheets(options: SheetsEmulatorOptions = {}): Promise<Sheets> {
  const emulator = await startSheetsEmulator(options)
  return {
    emulator,
    env: { SQLFLOW_SHEETS_ENDPOINT: emulator.url, SQLFLOW_GOOGLE_CREDENTIALS: JSON.stringify(emulator.serviceAccount()) },
    [Symbol.asyncDispose]: () => emulator.close(),
  }
}
