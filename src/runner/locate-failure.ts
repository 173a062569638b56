/** From an error that a warehouse reported to the place in the author's file: by its position, or by the identifier that it names. */
import { WarehouseError, SqlflowError, type ReadText } from '../core/errors.ts'
import type { FailureReport } from '../core/event.ts'
import { renderFrame } from '../core/frame.ts'
import { positionAt, type Span } from '../core/span.ts'
import { locate } from '../template/rendered.ts'
import type { Rendered } from '../template/template.ts'

export interface FailureContext {
  readonly readText: ReadText
  /** The SQL of the node with its map; called only when something is to be located. */
  readonly rendered?: () => Rendered | undefined
  /** A hint of the project's own, which wins over the warehouse's. */
  readonly hint?: string | undefined
  /** Offset in the compiled SQL that an error's position means, where it means one. */
  readonly compiledOffset?: (error: WarehouseError) => number | undefined
  /** The author's file, whose configuration may hold the identifier that the SQL does not. */
  readonly file?: string
  /** Where the compiled SQL stands, for an error that says nothing of its place. */
  readonly compiledFile?: string
}

export function reportFailureOf(error: unknown, context: FailureContext): FailureReport {
  if (error instanceof WarehouseError) return reportWarehouseError(error, context)
  if (error instanceof SqlflowError)
    return { code: error.code, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) }
  throw error
}

function reportWarehouseError(error: WarehouseError, context: FailureContext): FailureReport {
  const rendered = context.rendered?.()
  const offset = rendered && (context.compiledOffset?.(error) ?? offsetOfIdentifier(error, rendered.sql))
  const located = rendered && offset !== undefined ? locate(rendered, offset) : undefined
  const place = located ? placeOf(located.span, context.readText) : placeInFile(error, context)
  const calls = (located?.calls ?? []).map((call) => placeOf(call, context.readText)).filter((call) => call !== undefined)
  const hint = context.hint ?? (place ? error.hint : withCompiledFile(error, context))
  return {
    code: error.code,
    message: error.message,
    ...(hint !== undefined && { hint }),
    ...(error.sqlState !== undefined && { sqlState: error.sqlState }),
    ...(place && { place }),
    ...(calls.length > 0 && { calls: calls.map(({ file, line, column }) => ({ file, line, column })) }),
  }
}

/** A message without a position often quotes the culprit: `column "phone" of relation "x" does not exist`. */
function offsetOfIdentifier(error: WarehouseError, sql: string): number | undefined {
  return findIdentifier(error, sql)?.start
}

function findIdentifier({ message }: WarehouseError, text: string): { readonly start: number; readonly end: number } | undefined {
  for (const [, quoted] of message.matchAll(/"([^"…]+)"/g)) {
    const found = new RegExp(String.raw`(?<![\w$])${quoted!.replaceAll(/[^\w\s]/g, String.raw`\$&`)}(?![\w$])`, 'i').exec(text)
    if (found) return { start: found.index, end: found.index + found[0].length }
  }
  return undefined
}

function placeInFile(error: WarehouseError, { file, readText }: FailureContext): Place | undefined {
  const text = file === undefined ? undefined : readText(file)
  const found = text === undefined ? undefined : findIdentifier(error, text)
  return found && placeOf({ file: file!, ...found }, readText)
}

function withCompiledFile({ hint, sqlState }: WarehouseError, { compiledFile }: FailureContext): string | undefined {
  if (compiledFile === undefined || !isAboutRows(sqlState)) return hint
  return `${hint === undefined ? '' : `${hint} `}The warehouse does not say where; the SQL that it ran stands in ${compiledFile}.`
}

/** Classes of errors that some row of a statement causes: cardinality, data, constraints, exceptions that functions raise. */
function isAboutRows(sqlState: string | undefined): boolean {
  return /^(?:2[123]|P0)/.test(sqlState ?? '')
}

export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Empty for a place in a data file: rows are never shown. */
  readonly frame: string
}

export function placeOf(span: Span, readText: ReadText): Place | undefined {
  if (span.position) return { file: span.file, ...span.position, frame: '' }
  const text = readText(span.file)
  if (text === undefined) return undefined
  return { file: span.file, ...positionAt(text, span.start), frame: renderFrame(text, span.start, Math.max(span.end, span.start + 1)) }
}
