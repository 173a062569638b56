/** One line for a finished node: mark, kind, name, what came out, how long. The same on a terminal and in a log. */
import { countOf } from '../../core/count-of.ts'
import type { FailureReport, NodeOutcome, NodeStatus, RunEvent } from '../../core/event.ts'
import { nodeKindOf, nodeNameOf } from '../../core/node.ts'
import type { Style } from '../style.ts'
import { duration } from '../wording.ts'

const marks: Readonly<Record<NodeStatus, readonly [string, Parameters<Style>[0]]>> = {
  success: ['✓', 'green'],
  warn: ['!', 'yellow'],
  fail: ['✗', 'red'],
  error: ['✗', 'red'],
  skipped: ['-', 'dim'],
  cancelled: ['-', 'dim'],
}

export function renderNodeLine(outcome: NodeOutcome, style: Style): string {
  const [mark, format] = marks[outcome.status]
  const label = nameOf(outcome)
  const told = [tellResult(outcome), outcome.status === 'skipped' ? '' : duration(outcome.ms)].filter((part) => part !== '')
  return `${style(format, mark)} ${style('dim', whatOf(outcome).padEnd(7))} ${label.padEnd(44)} ${style('dim', told.join(', '))}`.trimEnd()
}

/** What stands in for the table of a source. */
export function renderSampleLine({ source, where, rows, ms }: Extract<RunEvent, { type: 'sample-loaded' }>, style: Style): string {
  const told = `sample of ${nodeNameOf(source)}: ${countOf(rows, 'row')}, ${duration(ms)}`
  return `${style('green', '✓')} ${style('dim', 'sample ')} ${where.padEnd(44)} ${style('dim', told)}\n`
}

export function renderSheetLine(
  { where, spreadsheet, tab, rows, unchanged, ms }: Extract<RunEvent, { type: 'sheet-loaded' }>,
  style: Style,
): string {
  const told = `tab ${tab} of ${spreadsheet}: ${countOf(rows, 'row')}${unchanged ? ', unchanged' : ''}, ${duration(ms)}`
  return `${style('green', '✓')} ${style('dim', 'sheet  ')} ${where.padEnd(44)} ${style('dim', told)}\n`
}

/** `staging.stg_supporters`, a test's own name, the file of an export. */
function nameOf(outcome: NodeOutcome): string {
  return nodeKindOf(outcome.node) === 'test' ? nodeNameOf(outcome.node) : (outcome.where ?? nodeNameOf(outcome.node))
}

function whatOf(outcome: NodeOutcome): string {
  const kind = nodeKindOf(outcome.node)
  if (kind === 'test' || kind === 'seed') return kind
  return outcome.what === 'google_sheets' ? 'sheet' : (outcome.what ?? kind)
}

function tellResult(outcome: NodeOutcome): string {
  switch (outcome.status) {
    case 'success':
      return [rowsOf(outcome), ...(outcome.notes ?? []).map(withoutStop)].filter((part) => part !== '').join(', ')
    case 'warn':
    case 'fail':
      return withoutStop(outcome.reason ?? (outcome.rows === undefined ? '' : countOf(outcome.rows, 'failing row')))
    case 'error':
      return ['failed', ...(outcome.notes ?? [])].join(', ')
    case 'skipped':
    case 'cancelled':
      return `${outcome.status}: ${outcome.reason ?? ''}`
  }
}

/** A sentence that goes on in a line. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '')
}

function rowsOf(outcome: NodeOutcome): string {
  return outcome.rows === undefined || nodeKindOf(outcome.node) === 'test' ? '' : countOf(outcome.rows, 'row')
}

/** What went wrong, where, and what to do: indented under the node's line. */
export function renderFailure(outcome: NodeOutcome, style: Style): string {
  return outcome.failure ? renderFailureReport(outcome.failure, style).replaceAll(/^(?=.)/gm, '    ') : ''
}

export function renderFailureReport(failure: FailureReport, style: Style): string {
  const code = failure.sqlState === undefined ? failure.code : `${failure.code} ${failure.sqlState}`
  const place = failure.place ? `${style('bold', `${failure.place.file}:${failure.place.line}:${failure.place.column}`)} ` : ''
  const lines = [`${place}${style('red', 'error')}${style('dim', `[${code}]`)}: ${failure.message}`]
  if (failure.place && failure.place.frame !== '') lines.push(...failure.place.frame.split('\n').map((line) => `  ${line}`))
  for (const call of failure.calls ?? []) lines.push(`  called from ${style('bold', `${call.file}:${call.line}:${call.column}`)}`)
  if (failure.hint !== undefined) lines.push(`  ${style('cyan', 'hint:')} ${failure.hint}`)
  const others = (failure.others ?? []).map((other) => renderFailureReport(other, style))
  return [...lines.map((line) => `${line}\n`), ...others].join('')
}
