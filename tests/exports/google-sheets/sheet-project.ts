/** A project whose exports go to an emulated Google Sheets, run through the command line in this process. */
import type { SheetsEmulator } from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'
import type { TabSnapshot } from '../../../src/emulators/google-sheets/snapshot.ts'
import { createProject, steady, type CliProject, type CommandOptions, type CommandResult, type Files } from '../../support/cli.ts'
import { startSheets } from '../../support/sheets.ts'

export const sheetId = 'field-plan-spreadsheet'

export interface SheetProject extends AsyncDisposable {
  readonly project: CliProject
  readonly emulator: SheetsEmulator
  readonly run: (args: readonly string[], options?: CommandOptions) => Promise<CommandResult>
  /** Replaces the rows of the seed `turf` and loads it. */
  readonly load: (csv: string) => Promise<void>
  readonly env: Readonly<Record<string, string>>
}

export interface SheetProjectOptions {
  /** Keys under `google_sheets:`, as a flow mapping writes them. */
  readonly to?: string
  /** Further lines of the export. */
  readonly lines?: string
  readonly csv?: string
  readonly files?: Files
  readonly seeds?: string
  readonly tabs?: readonly string[]
  readonly type?: 'pglite' | 'postgres'
}

/** `turf` is a seed; `turf_sheet` brings it to the tab `Turf`. */
export async function createSheetProject({
  to = '',
  lines = '',
  csv = 'id,name\n1,Ana\n',
  files = {},
  seeds = '',
  tabs = ['Sheet1'],
  type = 'postgres',
}: SheetProjectOptions = {}): Promise<SheetProject> {
  const stack = new AsyncDisposableStack()
  const { emulator, env } = stack.use(await startSheets())
  emulator.createSpreadsheet({ id: sheetId, title: 'Field plan', tabs, sharedWith: [emulator.serviceAccount().client_email] })
  const project = stack.use(
    await createProject(type, {
      target: 'exports: live',
      files: {
        'seeds/turf.csv': csv,
        ...(seeds !== '' && { 'seeds/seeds.yml': seeds }),
        'exports/turf_sheet.yml': `from: turf\n${lines}to:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf${to === '' ? '' : `, ${to}`} }\n`,
        ...files,
      },
    }),
  )
  const run: SheetProject['run'] = (args, options = {}) => project.run(args, { ...options, env: { ...env, ...options.env } })
  const load = async (text: string): Promise<void> => {
    project.write({ 'seeds/turf.csv': text })
    const { exitCode, stderr, stdout } = await run(['seed', '--full-refresh'])
    if (exitCode !== 0) throw new Error(`${stderr}${stdout}`)
  }
  await load(csv)
  return { project, emulator, run, load, env, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** Cells as somebody types them, in a row from a cell of the tab on. */
export function typed(tab: number, cell: string, values: readonly (string | number)[]): object {
  const column = cell.charCodeAt(0) - 65
  const row = Number(cell.slice(1)) - 1
  return {
    updateCells: {
      range: { sheetId: tab, startRowIndex: row, endRowIndex: row + 1, startColumnIndex: column, endColumnIndex: column + values.length },
      rows: [
        {
          values: values.map((value) => ({
            userEnteredValue: typeof value === 'number' ? { numberValue: value } : { stringValue: value },
          })),
        },
      ],
      fields: 'userEnteredValue',
    },
  }
}

/** A tab by its title. */
export function tabOf({ emulator }: Pick<SheetProject, 'emulator'>, title: string): TabSnapshot {
  const found = emulator.snapshot(sheetId).tabs.find((tab) => tab.title === title)
  if (!found) throw new Error(`There is no tab ${title}.`)
  return found
}

/** What went wrong, with its place and hint, as a run shows it. */
export function failure({ stderr }: CommandResult): string {
  const lines = steady(stderr).split('\n')
  return lines
    .filter((line) => line.startsWith('    '))
    .map((line) => line.slice(4))
    .join('\n')
}

/** All that a command says, and how it ended. */
export function told({ exitCode, stdout, stderr }: CommandResult): string {
  return steady(`${stderr}\n${stdout}\nexit ${exitCode}`)
}

/** Calls of kind `write`, as `METHOD path`, since `from`. */
export function writesSince(emulator: SheetsEmulator, from: number): readonly string[] {
  return emulator.requests.slice(from).flatMap(({ kind, method, path }) => (kind === 'write' ? [`${method} ${path}`] : []))
}
