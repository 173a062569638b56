/** The end of a command that could not do its work: diagnostics, the world's failures, or our own bugs, each in its form. */
import { DiagnosticsError, SqlflowError } from '../core/errors.ts'
import { columnsOf, type CliIo, type ExitCode } from './io.ts'
import { diagnosticAsJson, inFileOrder, renderDiagnostics } from './render-diagnostic.ts'
import { renderDiagnosticAnnotation } from './reporters/github-reporter.ts'
import { chooseStyle } from './style.ts'

export interface FailureOptions {
  readonly json: boolean
  readonly noColor: boolean
}

/** Prints the failure and returns the exit code. */
export function reportFailure(io: CliIo, error: unknown, options: FailureOptions): ExitCode {
  const style = chooseStyle({ isTerminal: io.stderr.isTerminal, noColor: options.noColor, env: io.env })
  if (error instanceof DiagnosticsError) {
    const { readText } = error
    if (options.json) {
      for (const one of inFileOrder(error.diagnostics))
        io.stdout.write(`${JSON.stringify({ type: 'diagnostic', ...diagnosticAsJson(one, readText) })}\n`)
    } else {
      io.stderr.write(renderDiagnostics(error.diagnostics, readText, { style, columns: columnsOf(io.stderr) }))
      if (io.env['GITHUB_ACTIONS'] === 'true')
        for (const one of error.diagnostics) io.stdout.write(`${renderDiagnosticAnnotation(one, readText)}\n`)
    }
    return 2
  }
  if (error instanceof SqlflowError) {
    if (options.json) io.stdout.write(`${JSON.stringify({ type: 'error', code: error.code, message: error.message, hint: error.hint })}\n`)
    else
      io.stderr.write(
        `${style('red', 'error')}${style('dim', `[${error.code}]`)}: ${error.message}\n${error.hint === undefined ? '' : `  ${style('cyan', 'hint:')} ${error.hint}\n`}`,
      )
    return error.exitCode
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  io.stderr.write(`${style('red', 'This is a bug in sqlflow.')} Please report it with the lines below.\n${stack}\n`)
  return 2
}
