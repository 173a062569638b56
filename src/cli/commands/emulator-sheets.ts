import type { CommandSpec } from '../command.ts'
import { outputOptions } from '../shared-options.ts'

export const emulatorSheetsCommand: CommandSpec = {
  name: 'emulator sheets',
  group: 'Maintain',
  summary: 'Serve a Google Sheets of this machine, to try exports without Google',
  description:
    'Serves until Ctrl-C, with a page that shows the spreadsheets in a browser. It prints two variables to export: the address, and a key of its own. A spreadsheet that a project names is made when it is first asked for, so that ids of real ones can be tried. docs/emulator.md says what it does as Google does.',
  options: [
    { flags: '--port <port>', description: 'port to serve on', default: '8571' },
    { flags: '--host <host>', description: 'address to serve on; there is no password, so keep it on this machine', default: '127.0.0.1' },
    {
      flags: '--data <dir>',
      description: 'folder that keeps the spreadsheets (default: .sqlflow/emulator of the project, or of this folder)',
    },
    { flags: '--strict', description: 'as Google does, refuse spreadsheets that do not exist or are not shared with the account' },
    ...outputOptions,
  ],
  examples: [
    { command: 'sqlflow emulator sheets', explains: 'then export the two variables in another terminal, and run `sqlflow export`' },
    { command: 'sqlflow emulator sheets --port 9000 --data /tmp/sheets', explains: 'beside another one' },
    { command: 'sqlflow emulator sheets --json --strict', explains: 'in CI, where a script reads the address' },
  ],
  json: 'One line when it is ready: `{ url, page, credentials, data }`: what SQLFLOW_SHEETS_ENDPOINT is to be, the page, the file of the key, and the folder.',
  run: async (io, input) => (await import('../emulator-sheets-action.ts')).serveSheets(io, input),
}
