import type { CommandSpec } from '../command.ts'
import { outputOptions, projectDirOption } from '../shared-options.ts'

export const emulatorSheetsCommand: CommandSpec = {
  name: 'emulator sheets',
  group: 'Maintain',
  summary: 'Serve a Google Sheets of your own, to try exports without Google',
  description:
    'It answers as Google does, keeps spreadsheets from one time to the next, and shows them in a browser, as exports reach them. It prints two variables: where they are set, sqlflow exports to it and never to Google. Ctrl-C stops it. docs/emulator.md says what it does, and how a CI job rehearses exports with it.',
  options: [
    { flags: '--port <port>', description: 'port of this machine; 0 takes any that is free', default: '8571' },
    { flags: '--host <address>', description: 'address to listen at', default: '127.0.0.1' },
    { flags: '--data <folder>', description: 'where spreadsheets are kept (default: .sqlflow/emulator of the project, or of this folder)' },
    { flags: '--strict', description: 'know only spreadsheets that were made in its page, and refuse others as Google does' },
    projectDirOption,
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow emulator sheets', explains: 'until Ctrl-C, with the spreadsheets of the last time' },
    { command: 'sqlflow emulator sheets --port 0 --data /tmp/sheets --json', explains: 'in CI: on any port, beginning with nothing' },
  ],
  json: 'One line once it listens: `{ url, page, credentials, data }`: the value of `SQLFLOW_SHEETS_ENDPOINT`, the address of the page, the path for `GOOGLE_APPLICATION_CREDENTIALS`, and the folder of the spreadsheets.',
  run: async (io, input) => (await import('../emulator-sheets-action.ts')).serveSheets(io, input),
}
