/**
 * The author's mistakes. Diagnostics are collected, never thrown one by one: a command reports all of them, in file order.
 */
import type { Span } from './span.ts'

export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  /** Permanent, kebab-case, documented in docs/errors.md: `unknown-ref`. */
  readonly code: string
  /** A full sentence: what is wrong. */
  readonly message: string
  readonly at?: Span
  /** What to do next. */
  readonly hint?: string
  /** Other places that belong to it: the other duplicate, the edges of a cycle, the macro that was called. */
  readonly related?: readonly RelatedPlace[]
}

export interface RelatedPlace {
  readonly message: string
  readonly at: Span
}

export interface DiagnosticDetails {
  readonly at?: Span | undefined
  readonly hint?: string | undefined
  readonly related?: readonly RelatedPlace[] | undefined
}

export function errorDiagnostic(code: string, message: string, details: DiagnosticDetails = {}): Diagnostic {
  return diagnostic('error', code, message, details)
}

export function warningDiagnostic(code: string, message: string, details: DiagnosticDetails = {}): Diagnostic {
  return diagnostic('warning', code, message, details)
}

function diagnostic(severity: Diagnostic['severity'], code: string, message: string, details: DiagnosticDetails): Diagnostic {
  const { at, hint, related } = details
  return {
    severity,
    code,
    message,
    ...(at && { at }),
    ...(hint !== undefined && { hint }),
    ...(related && related.length > 0 && { related }),
  }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((one) => one.severity === 'error')
}
