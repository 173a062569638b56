/** `sqlflow emulator sheets`: serves the Google Sheets emulator until it is asked to stop. */
import { once } from 'node:events'
import { join, relative, resolve } from 'node:path'
import { SqlflowError } from '../core/errors.ts'
import { shellWord } from '../core/shell-word.ts'
import {
  KeptDataError,
  startSheetsEmulator,
  type LoggedRequest,
  type SheetsEmulator,
} from '../emulators/google-sheets/start-sheets-emulator.ts'
import { findProjectRoot } from '../project/find-project.ts'
import { whyNotWritten } from '../project/write-aside.ts'
import { flagOption, textOption, type CommandInput } from './command.ts'
import type { CliIo, ExitCode } from './io.ts'
import { commandStyle } from './open-project.ts'

export async function serveSheets(io: CliIo, input: CommandInput): Promise<ExitCode> {
  const { options } = input
  const port = portOf(textOption(options, 'port') ?? '8571')
  const given = textOption(options, 'data')
  const data = given === undefined ? join(findProjectRoot(io.cwd) ?? io.cwd, '.sqlflow', 'emulator') : resolve(io.cwd, given)
  const place = { host: textOption(options, 'host') ?? '127.0.0.1', port, data }
  const stopped = once(io.signal, 'abort')
  await using emulator = await start({ ...place, createMissing: !flagOption(options, 'strict') })
  if (flagOption(options, 'json'))
    io.stdout.write(`${JSON.stringify({ url: emulator.url, page: emulator.url, credentials: emulator.credentials, data })}\n`)
  else tell(io, input, emulator)
  if (!flagOption(options, 'json') && !flagOption(options, 'quiet'))
    emulator.onAnswer((request) => io.stderr.write(`${describeRequest(request)}\n`))
  if (!io.signal.aborted) await stopped
  return 0
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new SqlflowError('bad-usage', `\`--port\` takes a number up to 65535, not \`${text}\`.`)
}

interface Place {
  readonly host: string
  readonly port: number
  readonly data: string
  readonly createMissing: boolean
}

async function start(place: Place): Promise<SheetsEmulator> {
  try {
    return await startSheetsEmulator(place)
  } catch (error) {
    throw explain(error, place)
  }
}

function explain(error: unknown, { host, port, data }: Place): unknown {
  if (error instanceof KeptDataError) {
    const hint = 'Stop the other one, or give this one a folder of its own: --data.'
    return new SqlflowError('emulator-not-started', error.message, { cause: error, ...(/^Another/.test(error.message) && { hint }) })
  }
  if (!(error instanceof Error) || !('code' in error)) return error
  const because = (message: string, hint: string): SqlflowError => new SqlflowError('emulator-not-started', message, { hint, cause: error })
  switch (error.code) {
    case 'EADDRINUSE':
      return because(
        `The port ${port} of this machine is taken.`,
        `If another emulator runs there, use it: http://${host}:${port}/ shows it. Or choose another port: --port ${port + 1}.`,
      )
    case 'EACCES':
      if ('syscall' in error && error.syscall === 'listen')
        return because(`You may not serve on the port ${port}.`, 'Choose one above 1023: --port.')
      return because(`${data} cannot be used: ${whyNotWritten(error)}.`, 'Choose another folder: --data.')
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return because(`${host} is no address of this machine.`, 'Leave `--host` out, or name an address that this machine has.')
    default:
      return because(`${data} cannot be used: ${whyNotWritten(error)}.`, 'Choose another folder: --data.')
  }
}

function tell(io: CliIo, input: CommandInput, { url, credentials = '' }: SheetsEmulator): void {
  const style = commandStyle(io, input.options).out
  const short = relative(io.cwd, credentials)
  const file = short.startsWith('..') ? credentials : short
  io.stdout.write(
    `${style('bold', 'The Google Sheets emulator is ready.')} In another terminal:

  export SQLFLOW_SHEETS_ENDPOINT=${url}
  export GOOGLE_APPLICATION_CREDENTIALS=${shellWord(file)}

Its page: ${style('cyan', url)}
Ctrl-C stops it; the spreadsheets stay.
`,
  )
}

/** As terminals show it: when, what, and how it ended. No cell is in it. */
function describeRequest({ method, path, status, cells, committed }: LoggedRequest): string {
  const time = new Date().toLocaleTimeString('en-GB')
  const wrote = committed && cells > 0 ? `, ${cells.toLocaleString('en-US')} cells` : ''
  return `${time} ${status === 0 ? '---' : status} ${method} ${path}${wrote}`
}
