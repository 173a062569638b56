/** The end of a run in a few lines: what was built, how long it took, what needs attention, where to look next. */
import { countOf } from '../../core/count-of.ts'
import type { NodeOutcome, NodeStatus, RunEvent } from '../../core/event.ts'
import { nodeKindOf, nodeNameOf, type NodeId, type NodeKind } from '../../core/node.ts'
import { shellWord } from '../../core/shell-word.ts'
import { termFor } from '../../graph/parse-selector.ts'
import type { Style } from '../style.ts'
import { duration } from '../wording.ts'

/** A fold over the events of a run. */
export interface RunTally {
  readonly add: (event: RunEvent) => void
  readonly render: (style: Style) => string
}

/** What the commands that a summary advises need to be right as they stand. */
export interface Advice {
  /** Selectors that build what failed, and what was skipped because of it. */
  readonly selectorsToMend: (failed: NodeId) => readonly string[]
  /** The author's file that says what the node is. */
  readonly fileOf: (node: NodeId) => string
  /** Of the models that were built, the one whose rows are worth a look. */
  readonly modelToShow: (built: ReadonlySet<NodeId>) => NodeId | undefined
  /** As the run was given it: `-t prod`. */
  readonly targetFlag: string | undefined
}

/** Advice goes with the progress that `quiet` leaves out. */
export function createTally(advice: Advice, quiet: boolean): RunTally {
  const outcomes: NodeOutcome[] = []
  let end: Extract<RunEvent, { type: 'run-finished' }> | undefined
  let start: Extract<RunEvent, { type: 'run-started' }> | undefined
  return {
    add: (event) => {
      if (event.type === 'node-finished') outcomes.push(event)
      else if (event.type === 'run-finished') end = event
      else if (event.type === 'run-started') start = event
    },
    render: (style) => (start && end ? renderSummary({ start, outcomes, end, style, advice, quiet }) : ''),
  }
}

interface Summary {
  readonly start: Extract<RunEvent, { type: 'run-started' }>
  readonly outcomes: readonly NodeOutcome[]
  readonly end: Extract<RunEvent, { type: 'run-finished' }>
  readonly style: Style
  readonly advice: Advice
  readonly quiet: boolean
}

function renderSummary(summary: Summary): string {
  const { outcomes, end, style } = summary
  const blocks = [
    headline(outcomes, end, style),
    listing('Failed', summary, ['fail', 'error']),
    listing('Warnings', summary, ['warn']),
    skippedLine(outcomes, style),
    stored(outcomes),
    exportsWritten(outcomes, style),
    summary.quiet ? '' : nextSteps(summary),
  ]
  return `\n${blocks.filter((block) => block !== '').join('\n')}\n`
}

function headline(outcomes: readonly NodeOutcome[], end: Extract<RunEvent, { type: 'run-finished' }>, style: Style): string {
  const told = countsTold(outcomes, (text) => style('red', text))
  const word = { success: style('green', 'Done'), failed: style('red', 'Failed'), cancelled: style('yellow', 'Cancelled') }[end.status]
  return `${style('bold', word)} in ${duration(end.ms)}: ${told.length > 0 ? told.join(', ') : 'nothing to do'}.`
}

/** `2 models built`, `1 failed`. */
export function countsTold(outcomes: readonly NodeOutcome[], failed: (text: string) => string): readonly string[] {
  const done = (kind: NodeKind, ...statuses: NodeStatus[]): number =>
    outcomes.filter((one) => nodeKindOf(one.node) === kind && statuses.includes(one.status)).length
  const planned = outcomes.filter(isPlanned).length
  const parts = [
    [done('seed', 'success'), 'seed', 'loaded'],
    [done('model', 'success'), 'model', 'built'],
    [done('test', 'success'), 'test', 'passed'],
    [done('test', 'warn'), 'test', 'warned'],
    [done('export', 'success') - planned, 'export', 'written'],
    [planned, 'export', 'planned'],
  ] as const
  const told = parts.filter(([count]) => count > 0).map(([count, noun, verb]) => `${countOf(count, noun)} ${verb}`)
  const bad = outcomes.filter((one) => one.status === 'fail' || one.status === 'error').length
  if (bad > 0) told.push(failed(`${bad} failed`))
  const skipped = outcomes.filter((one) => one.status === 'skipped' || one.status === 'cancelled').length
  if (skipped > 0) told.push(`${skipped} skipped`)
  return told
}

function listing(title: string, { outcomes, style, advice }: Summary, statuses: readonly NodeStatus[]): string {
  const listed = outcomes.filter((one) => statuses.includes(one.status))
  if (listed.length === 0) return ''
  const lines = listed.map(
    (one) =>
      `  ${nodeKindOf(one.node)} ${nodeNameOf(one.node)} (${placeOf(one, advice)}): ${one.failure?.message ?? one.reason ?? one.status}`,
  )
  return `${style('bold', title)}\n${lines.join('\n')}`
}

function placeOf({ node, failure }: NodeOutcome, { fileOf }: Advice): string {
  return failure?.place ? `${failure.place.file}:${failure.place.line}:${failure.place.column}` : fileOf(node)
}

function skippedLine(outcomes: readonly NodeOutcome[], style: Style): string {
  const reasons = skippedByReason(outcomes)
  if (reasons.length === 0) return ''
  return `${style('bold', 'Skipped')}\n${reasons.map(([reason, count]) => `  ${countOf(count, 'node')}: ${reason}`).join('\n')}`
}

/** How many nodes were skipped or cancelled, by what is said of them. */
export function skippedByReason(outcomes: readonly NodeOutcome[]): readonly (readonly [reason: string, count: number])[] {
  const reasons = new Map<string, number>()
  for (const one of outcomes) {
    if (one.status !== 'skipped' && one.status !== 'cancelled') continue
    const reason = one.reason ?? one.status
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  }
  return [...reasons]
}

function stored(outcomes: readonly NodeOutcome[]): string {
  const tables = outcomes.filter((one) => one.storedIn !== undefined)
  return tables.length === 0 ? '' : `Failing rows are kept in\n${tables.map((one) => `  ${one.storedIn}`).join('\n')}`
}

/** By `export --plan`: what it would do is told by itself. */
function isPlanned({ notes }: NodeOutcome): boolean {
  return notes?.some((note) => note === 'planned' || note.endsWith(' planned')) ?? false
}

function exportsWritten(outcomes: readonly NodeOutcome[], style: Style): string {
  const written = outcomes.filter(
    (one) => nodeKindOf(one.node) === 'export' && one.status === 'success' && one.where !== undefined && !isPlanned(one),
  )
  if (written.length === 0) return ''
  const lines = written.map((one) => {
    const notes = one.notes && one.notes.length > 0 ? ` (${one.notes.join(', ')})` : ''
    const link = one.link === undefined ? '' : `\n    ${style('dim', one.link)}`
    return `  ${one.where}: ${countOf(one.rows ?? 0, 'row')}${notes}${link}`
  })
  return `${style('bold', 'Exports')}\n${lines.join('\n')}`
}

function nextSteps({ start, outcomes, end, style, advice }: Summary): string {
  const command = (name: string, ...args: readonly string[]): string =>
    ['sqlflow', name, ...args.map(shellWord), ...(advice.targetFlag === undefined ? [] : [advice.targetFlag])].join(' ')
  const models = outcomes.filter((one) => nodeKindOf(one.node) === 'model' && one.status === 'success')
  const built = advice.modelToShow(new Set(models.map(({ node }) => node)))
  const failed = outcomes.find((one) => one.status === 'fail' || one.status === 'error')
  const lines: (readonly [string, string])[] = []
  if (end.status === 'failed' && failed) {
    lines.push([command('build', ...advice.selectorsToMend(failed.node)), 'once it is mended: it, and what was skipped below'])
  } else if (built) {
    lines.push(
      [command('show', nodeNameOf(built)), 'its rows'],
      [command('graph', `+${termFor(nodeNameOf(built))}`), 'what it is made from'],
    )
  }
  lines.push([`target/${start.target}/`, 'compiled SQL, run_results.json, manifest.json'])
  return `${style('bold', 'Next')}\n${alignPairs(lines, style)}`
}

function alignPairs(pairs: readonly (readonly [string, string])[], style: Style): string {
  const widest = Math.max(...pairs.map(([left]) => left.length))
  return pairs.map(([left, right]) => `  ${left.padEnd(widest)}  ${style('dim', right)}`).join('\n')
}
