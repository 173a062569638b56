/** Diagnostics as people read them: where, what, the line framed, what to do. */
import { countOf } from '../core/count-of.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { ReadText } from '../core/errors.ts'
import { renderFrame } from '../core/frame.ts'
import { positionAt, type Position, type Span } from '../core/span.ts'
import type { Style } from './style.ts'

/** Where diagnostics are printed. */
interface Page {
  readonly style: Style
  /** Of the terminal; undefined where there is none. */
  readonly columns: number | undefined
}

export function renderDiagnostics(diagnostics: readonly Diagnostic[], readText: ReadText, page: Page): string {
  const { style } = page
  const blocks = inFileOrder(diagnostics).map((one) => renderDiagnostic(one, readText, page))
  return `${blocks.join('\n\n')}\n\n${renderCounts(diagnostics, style)}\n`
}

export function inFileOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const key = (one: Diagnostic): string => one.at?.file ?? ''
  return [...diagnostics].sort((a, b) => key(a).localeCompare(key(b)) || (a.at?.start ?? 0) - (b.at?.start ?? 0))
}

function renderCounts(diagnostics: readonly Diagnostic[], style: Style): string {
  const errors = diagnostics.filter((one) => one.severity === 'error').length
  const warnings = diagnostics.length - errors
  const parts = [errors > 0 && style('red', countOf(errors, 'error')), warnings > 0 && style('yellow', countOf(warnings, 'warning'))]
  return parts.filter((part) => part !== false).join(', ')
}

function renderDiagnostic(diagnostic: Diagnostic, readText: ReadText, page: Page): string {
  const { style } = page
  const { severity, code, message, at, hint, related = [] } = diagnostic
  const label = severity === 'error' ? style('red', 'error') : style('yellow', 'warning')
  const place = at ? `${style('bold', placeLabel(at, readText))} ` : ''
  const lines = [`${place}${label}${style('dim', `[${code}]`)}: ${message}`]
  if (at) lines.push(...frameLines(at, readText, page))
  for (const other of related) {
    lines.push(`  ${style('bold', placeLabel(other.at, readText))}: ${other.message}`, ...frameLines(other.at, readText, page))
  }
  if (hint !== undefined) lines.push(`  ${style('cyan', 'hint:')} ${hint}`)
  return lines.join('\n')
}

/** `models/marts/turf.sql:11:6`. */
export function placeLabel(at: Span, readText: ReadText): string {
  const position = positionOf(at, readText)
  return position === undefined ? at.file : `${at.file}:${position.line}:${position.column}`
}

/** Of the beginning of a span; undefined where the file cannot be read. */
export function positionOf(at: Span, readText: ReadText): Position | undefined {
  if (at.position) return at.position
  const text = readText(at.file)
  return text === undefined ? undefined : positionAt(text, at.start)
}

/** What stands before a framed line: an indent, its number, a bar. */
const frameMargin = 10

function frameLines(at: Span, readText: ReadText, { style, columns }: Page): readonly string[] {
  if (at.position) return []
  const text = readText(at.file)
  if (text === undefined || text === '') return []
  const width = columns === undefined ? undefined : Math.max(20, columns - frameMargin)
  return renderFrame(text, at.start, at.end, width)
    .split('\n')
    .map((line) => `  ${line.includes('^') && /^\s*\|\s*\^+$/.test(line) ? style('red', line) : line}`)
}

/** A diagnostic for `--json`: its places as line and column too. */
export function diagnosticAsJson(diagnostic: Diagnostic, readText: ReadText): Readonly<Record<string, unknown>> {
  return {
    ...diagnostic,
    ...(diagnostic.at && { at: spanAsJson(diagnostic.at, readText) }),
    ...(diagnostic.related && { related: diagnostic.related.map((one) => ({ ...one, at: spanAsJson(one.at, readText) })) }),
  }
}

function spanAsJson(at: Span, readText: ReadText): Readonly<Record<string, unknown>> {
  const { position: _, ...place } = at
  return { ...place, ...positionOf(at, readText) }
}
