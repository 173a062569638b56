/** `sqlflow emulator sheets`: serves the Google Sheets emulator until it is told to stop, and says how to reach it. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { countOf } from '../core/count-of.ts'
import { SqlflowError } from '../core/errors.ts'
import { shellWord } from '../core/shell-word.ts'
import { writeAside } from '../emulators/google-sheets/kept-data.ts'
import { startSheetsEmulator, type SheetsEmulator } from '../emulators/google-sheets/start-sheets-emulator.ts'
import { findProjectRoot } from '../project/find-project.ts'
import { flagOption, textOption, type CommandInput, type Options } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle } from './open-project.ts'
import { projectRoot } from './project-root.ts'

export async function serveSheets(io: CliIo, { options }: CommandInput): Promise<ExitCode> {
  const directory = dataDirectory(io, options)
  const emulator = await start(directory, options)
  try {
    const credentials = join(directory, 'service-account.json')
    await writeAside(credentials, `${JSON.stringify(emulator.serviceAccount(), undefined, 2)}\n`, 0o600)
    const told = { url: emulator.url, page: emulator.url, credentials, data: directory }
    io.stdout.write(flagOption(options, 'json') ? `${JSON.stringify(told)}\n` : describe(io, options, told))
    await stopped(io.signal)
  } finally {
    await emulator.close()
  }
  const kept = countOf(emulator.store.all().length, 'spreadsheet')
  if (!flagOption(options, 'json') && !flagOption(options, 'quiet'))
    io.stderr.write(`\nStopped. ${kept} kept in ${shown(io, directory)}.\n`)
  return 0
}

function dataDirectory(io: CliIo, options: Options): string {
  const given = textOption(options, 'data')
  if (given !== undefined) return resolve(io.cwd, given)
  const isNamed = textOption(options, 'projectDir') !== undefined || io.env['SQLFLOW_PROJECT_DIR'] !== undefined
  const root = isNamed ? projectRoot(io, options) : (findProjectRoot(io.cwd) ?? io.cwd)
  return join(root, '.sqlflow', 'emulator')
}

/** Throws SqlflowError `emulator-not-started`, `bad-usage`. */
async function start(directory: string, options: Options): Promise<SheetsEmulator> {
  const port = readPort(textOption(options, 'port') ?? '')
  const host = textOption(options, 'host') ?? '127.0.0.1'
  try {
    await mkdir(directory, { recursive: true })
    // A key stands there, and not every folder is a project that ignores it.
    const ignore = join(directory, '.gitignore')
    if (!existsSync(ignore)) await writeFile(ignore, '*\n')
    return await startSheetsEmulator({ port, host, directory, createMissing: !flagOption(options, 'strict') })
  } catch (error) {
    throw notStarted(error, host, port)
  }
}

function readPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new SqlflowError('bad-usage', `\`--port\` takes a number from 0 to 65535, not \`${text}\`.`)
}

function notStarted(error: unknown, host: string, port: number): SqlflowError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const because = (message: string, hint: string): SqlflowError => new SqlflowError('emulator-not-started', message, { hint, cause: error })
  if (code === 'EADDRINUSE') {
    return because(
      `The port ${port} of ${host} is taken: by another emulator, or another program.`,
      'Stop that one, choose another by --port, or let any free one be taken by --port 0.',
    )
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return because(`${host} is no address of this machine.`, 'Leave --host out, or name one that it has.')
  if (code === 'EACCES' && port > 0 && port < 1024)
    return because(`The port ${port} needs the rights of an administrator.`, 'Choose one above 1023.')
  const message = error instanceof Error ? error.message : String(error)
  return because(
    `The emulator could not begin: ${message}`,
    'Move what cannot be read out of the folder, or keep spreadsheets elsewhere by --data.',
  )
}

interface Told {
  readonly page: string
  readonly url: string
  readonly credentials: string
  readonly data: string
}

function describe(io: CliIo, options: Options, { url, page, credentials, data }: Told): string {
  const style = commandStyle(io, options).out
  return [
    `The Google Sheets emulator listens at ${style('cyan', page)} which shows its spreadsheets in a browser.`,
    '',
    'In another terminal, for exports to reach it:',
    '',
    `  export SQLFLOW_SHEETS_ENDPOINT=${shellWord(url)}`,
    `  export GOOGLE_APPLICATION_CREDENTIALS=${shellWord(credentials)}`,
    '',
    `Spreadsheets are kept in ${shown(io, data)}. Ctrl-C stops it.`,
    '',
  ].join('\n')
}

function shown(io: CliIo, directory: string): string {
  const inside = relative(io.cwd, directory)
  return inside === '' || inside.startsWith('..') ? directory : inside
}

async function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }))
}
