/** The results as JUnit XML, which CI systems show as a list of tests: one suite a kind of node, one case a node. */
import type { NodeOutcome } from '../../core/event.ts'
import { nodeKindOf, nodeNameOf } from '../../core/node.ts'
import type { Reporter } from '../../runner/emitter.ts'
import { writeReport } from '../../runner/write-report.ts'

/** Writes `path` at the end of the run, aside first, then renamed. */
export function createJunitReporter(path: string, mask: (text: string) => string): Reporter {
  const outcomes: NodeOutcome[] = []
  return {
    onEvent: (event) => {
      if (event.type === 'node-finished') outcomes.push(event)
    },
    end: () => writeReport(path, mask(renderJunit(outcomes))),
  }
}

function renderJunit(outcomes: readonly NodeOutcome[]): string {
  const suites = Map.groupBy(outcomes, (one) => nodeKindOf(one.node))
  const texts = [...suites].map(([kind, cases]) => renderSuite(kind, cases))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${counts(outcomes)}>\n${texts.join('')}</testsuites>\n`
}

function renderSuite(kind: string, cases: readonly NodeOutcome[]): string {
  return `  <testsuite name="${kind}"${counts(cases)}>\n${cases.map(renderCase).join('')}  </testsuite>\n`
}

function counts(cases: readonly NodeOutcome[]): string {
  const of = (...statuses: readonly string[]): number => cases.filter((one) => statuses.includes(one.status)).length
  const seconds = cases.reduce((sum, one) => sum + one.ms, 0) / 1000
  return ` tests="${cases.length}" failures="${of('fail')}" errors="${of('error')}" skipped="${of('skipped', 'cancelled')}" time="${seconds.toFixed(3)}"`
}

function renderCase(one: NodeOutcome): string {
  const open = `    <testcase classname="${nodeKindOf(one.node)}" name="${escapeXml(nodeNameOf(one.node))}" time="${(one.ms / 1000).toFixed(3)}"`
  const inner = renderResult(one)
  return inner === '' ? `${open}/>\n` : `${open}>\n      ${inner}\n    </testcase>\n`
}

function renderResult(one: NodeOutcome): string {
  const message = escapeXml(one.failure?.message ?? one.reason ?? one.status)
  switch (one.status) {
    case 'success':
      return ''
    case 'warn':
      return `<system-out>${message}</system-out>`
    case 'skipped':
    case 'cancelled':
      return `<skipped message="${message}"/>`
    case 'fail':
      return `<failure message="${message}">${escapeXml(placeOf(one))}</failure>`
    case 'error':
      return `<error message="${message}">${escapeXml(placeOf(one))}</error>`
  }
}

function placeOf(one: NodeOutcome): string {
  const { place, hint } = one.failure ?? {}
  return [place && `${place.file}:${place.line}:${place.column}`, hint].filter((part) => part !== undefined).join('\n')
}

/** Also drops the control characters that XML cannot hold. */
function escapeXml(text: string): string {
  const clean = Array.from(text)
    .filter((character) => character >= ' ' || character === '\n' || character === '\t')
    .join('')
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
