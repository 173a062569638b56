/** Annotations on the lines of a pull request: GitHub Actions reads them from stdout. */
import type { Diagnostic } from '../../core/diagnostic.ts'
import type { ReadText } from '../../core/errors.ts'
import type { NodeOutcome } from '../../core/event.ts'
import { nodeNameOf } from '../../core/node.ts'
import type { Reporter } from '../../runner/emitter.ts'
import type { CliIo } from '../io.ts'
import { positionOf } from '../render-diagnostic.ts'

export function createGithubReporter(io: CliIo, fileOf: (outcome: NodeOutcome) => string | undefined): Reporter {
  return {
    onEvent: (event) => {
      if (event.type !== 'node-finished') return
      const line = renderAnnotation(event, fileOf(event))
      if (line !== '') io.stdout.write(`${line}\n`)
    },
  }
}

function renderAnnotation(outcome: NodeOutcome, file: string | undefined): string {
  const level = outcome.status === 'warn' ? 'warning' : outcome.status === 'fail' || outcome.status === 'error' ? 'error' : undefined
  if (level === undefined) return ''
  const place = outcome.failure?.place
  const properties = { file: place?.file ?? file, line: place?.line ?? 1, col: place?.column, title: nodeNameOf(outcome.node) }
  return annotation(level, properties, outcome.failure?.message ?? outcome.reason ?? outcome.status)
}

/** A mistake that keeps a command from running. */
export function renderDiagnosticAnnotation({ severity, at, code, message }: Diagnostic, readText: ReadText): string {
  const position = at && positionOf(at, readText)
  return annotation(severity, { file: at?.file, line: position?.line, col: position?.column, title: code }, message)
}

function annotation(level: string, properties: Readonly<Record<string, string | number | undefined>>, message: string): string {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined)
  return `::${level} ${given.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',')}::${escapeMessage(message)}`
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
