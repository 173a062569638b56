/**
 * The exports to Google Sheets of a project, looked at one by one: as whom, whether the spreadsheet is there and may be edited, the tab, the room that
 * is left. All are looked at; the first failure is not the last that a person wants to know of.
 */
import { countOf } from '../core/count-of.ts'
import { SqlflowError } from '../core/errors.ts'
import type { SheetExport } from '../core/project.ts'
import { createCompiler, type Compiler } from '../compile/compiler.ts'
import type { CheckedTab } from '../exports/destinations/google-sheets/check-spreadsheets.ts'
import { isSheetExport } from '../exports/export-kinds.ts'
import { sheetParts } from '../exports/sheet-parts.ts'
import type { Session } from '../warehouses/warehouse.ts'
import type { CommandInput } from './command.ts'
import type { Stage } from './connect-by-stages.ts'
import { findAccount, sheetsEndpoint } from './find-google.ts'
import type { CliIo } from './io.ts'
import { commandStyle, type OpenedProject } from './open-project.ts'

interface Debugging {
  readonly io: CliIo
  readonly input: CommandInput
  readonly opened: OpenedProject
  readonly session: Session
  readonly tell: (stage: Stage) => void
}

/** Throws SqlflowError `exports-not-ready` at the end, where anything was amiss. */
export async function debugExports(debugging: Debugging): Promise<void> {
  const { io, opened, tell } = debugging
  const exports = opened.project.exports.filter(isSheetExport)
  if (exports.length === 0) return tell({ stage: 'exports', ok: true, found: 'none goes to Google Sheets' })
  const account = await findAccount(io, opened.project)
  if (!account) {
    tell({ stage: 'account', ok: false, found: 'none' })
    throw (await import('../exports/destinations/google-sheets/find-account.ts')).noGoogleAccount()
  }
  const { openGoogleApi } = await import('../exports/destinations/google-sheets/open-google-api.ts')
  const { checkSpreadsheets } = await import('../exports/destinations/google-sheets/check-spreadsheets.ts')
  const waiting = (reason: string): void => io.stderr.write(`${reason}\n`)
  const endpoint = sheetsEndpoint(io, opened.project)
  const api = await openGoogleApi(account, { endpoint, signal: io.signal, onWait: waiting, onRetry: waiting })
  tell({ stage: 'account', ok: true, found: `${api.account}, by ${account.from}` })
  const { tabs, failed } = await listTabs(debugging, exports)
  let failures = failed
  for await (const check of checkSpreadsheets(api, tabs)) {
    if (!check.ok) failures += 1
    tellCheck(debugging, check.export, check.ok ? check.found : check.failure)
  }
  if (failures > 0) throw notReady(failures)
}

function notReady(count: number): SqlflowError {
  return new SqlflowError('exports-not-ready', `${countOf(count, 'export')} cannot be written as things are.`, {
    hint: 'The lines above say what to do for each.',
    exitCode: 1,
  })
}

function tellCheck({ io, input, tell }: Debugging, name: string, found: string | SqlflowError): void {
  if (typeof found === 'string') return tell({ stage: 'export', ok: true, found: `${name}: ${found}` })
  const { code, message, hint } = found
  tell({ stage: 'export', ok: false, found: `${name}: ${message}`, code, ...(hint !== undefined && { hint }) })
  if (input.options['json'] !== true && hint !== undefined)
    io.stdout.write(`  ${commandStyle(io, input.options).out('cyan', 'hint:')} ${hint}\n`)
}

interface Listed {
  readonly tabs: readonly CheckedTab[]
  /** Exports whose parts could not be told. */
  readonly failed: number
}

async function listTabs(debugging: Debugging, exports: readonly SheetExport[]): Promise<Listed> {
  const compiler = compilerOf(debugging)
  const tabs: CheckedTab[] = []
  let failed = 0
  for (const one of exports) {
    const found = await tabsOf(debugging, compiler, one)
    if (Array.isArray(found)) tabs.push(...found)
    else {
      failed += 1
      tellCheck(debugging, one.name, found)
    }
  }
  return { tabs, failed }
}

function compilerOf({ io, opened: { project, linked, cache, dialect } }: Debugging): Compiler {
  return createCompiler({ project, linked, cache, dialect, run: { id: 'debug', started_at: io.now().toISOString() } })
}

/** Of `for_each`, as its query answers now. */
async function tabsOf({ io, session }: Debugging, compiler: Compiler, one: SheetExport): Promise<CheckedTab[] | SqlflowError> {
  try {
    const compiled = one.forEach && compiler.compileForEach(`export:${one.name}`)
    if (compiled?.ok === false) return asFailure(compiled.diagnostics[0]!)
    const rows = compiled && (await session.query(compiled.node.sql()))
    const readColumns = rows?.fields.map(({ name }) => name) ?? []
    const parts = sheetParts({ export: one, rows, readColumns, day: io.now().toISOString().slice(0, 10) })
    if (!parts.ok) return asFailure(parts.diagnostics[0]!)
    return parts.parts.map(({ part, spreadsheet, tab }) => ({
      export: part === undefined ? one.name : `${one.name}[${part.value ?? 'NULL'}]`,
      spreadsheet,
      tab,
    }))
  } catch (error) {
    if (error instanceof SqlflowError) return error
    throw error
  }
}

function asFailure({
  code,
  message,
  hint,
}: {
  readonly code: string
  readonly message: string
  readonly hint?: string | undefined
}): SqlflowError {
  return new SqlflowError(code, message, { hint, exitCode: 1 })
}
