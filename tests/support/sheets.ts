/** The Google Sheets emulator for a test, and the environment with which the command line finds it. */
import { startSheetsEmulator, type EmulatorOptions, type SheetsEmulator } from '../../src/emulators/google-sheets/sheets-emulator.ts'

export interface TestSheets extends AsyncDisposable {
  readonly emulator: SheetsEmulator
  /** Of the first service account, with whom spreadsheets are shared unless a test says otherwise. */
  readonly env: Readonly<Record<'SQLFLOW_SHEETS_ENDPOINT' | 'SQLFLOW_GOOGLE_CREDENTIALS', string>>
}

export async function startSheets(options: EmulatorOptions = {}): Promise<TestSheets> {
  const emulator = await startSheetsEmulator(options)
  return {
    emulator,
    env: { SQLFLOW_SHEETS_ENDPOINT: emulator.url, SQLFLOW_GOOGLE_CREDENTIALS: JSON.stringify(emulator.serviceAccount()) },
    [Symbol.asyncDispose]: () => emulator.close(),
  }
}
