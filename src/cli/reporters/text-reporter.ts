/**
 * A run as text. On a terminal the running nodes, counts and time stand live below the lines; elsewhere lines alone, which read the
 * same in a log. Progress goes to stderr, the summary to stdout. Passing tests of one relation share a line.
 */
import { countOf } from '../../core/count-of.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import type { ReadText } from '../../core/errors.ts'
import type { NodeOutcome, RunEvent, TestSample } from '../../core/event.ts'
import { nodeKindOf, nodeNameOf, type NodeId } from '../../core/node.ts'
import type { Reporter } from '../../runner/emitter.ts'
import type { CliIo } from '../io.ts'
import type { CommandStyle } from '../open-project.ts'
import { placeLabel } from '../render-diagnostic.ts'
import { renderExportPlan } from '../render-export-plan.ts'
import type { Style } from '../style.ts'
import { renderTextTable } from '../text-table.ts'
import { duration } from '../wording.ts'
import { createLiveArea, type LiveArea } from './live-area.ts'
import { renderFailure, renderNodeLine, renderSampleLine, renderSheetLine } from './node-line.ts'
import { createTally, type Advice } from './summary.ts'

export interface TextReporterOptions {
  readonly io: CliIo
  readonly style: CommandStyle
  readonly quiet: boolean
  readonly advice: Advice
  readonly readText: ReadText
}

export async function createTextReporter({ io, style, quiet, advice, readText }: TextReporterOptions): Promise<Reporter> {
  const tally = createTally(advice, quiet)
  const live = io.stderr.isTerminal && !quiet ? await createLiveArea(io) : undefined
  const print = (text: string): void => {
    if (live) live.print(text)
    else io.stderr.write(text)
  }
  let passed: NodeOutcome[] = []
  const plans: string[] = []
  const flushPassed = (): void => {
    const groups = quiet ? [] : Map.groupBy(passed, ({ where }) => where).values()
    for (const tests of groups) print(`${renderPassed(tests, style.err)}\n`)
    passed = []
  }
  const progress = createProgress(live)

  return {
    onEvent: (event) => {
      tally.add(event)
      progress(event)
      if (event.type === 'node-finished' && nodeKindOf(event.node) === 'test' && event.status === 'success') {
        passed.push(event)
        return
      }
      if (event.type !== 'node-started') flushPassed()
      const text = renderEvent(event, { style: style.err, quiet, isLive: live !== undefined, readText })
      if (text !== '') print(text)
    },
    onSample: (_test: NodeId, sample: TestSample) => {
      if (sample.rows.length > 0)
        print(`${renderTextTable({ columns: sample.columns, rows: sample.rows, indent: 4, head: (text) => style.err('dim', text) })}\n`)
    },
    onPlan: (id, plan) => {
      plans.push(renderExportPlan(id, plan, { style: style.out, columns: io.stdout.isTerminal ? io.stdout.columns : undefined }))
    },
    end: () => {
      flushPassed()
      live?.end()
      for (const plan of plans) io.stdout.write(`\n${plan}`)
      io.stdout.write(tally.render(style.out))
    },
    abandon: () => {
      flushPassed()
      live?.end()
    },
  }
}

function renderPassed(tests: readonly NodeOutcome[], style: CommandStyle['err']): string {
  const first = tests[0]!
  if (tests.length === 1) return renderNodeLine(first, style)
  const ms = Math.max(...tests.map((one) => one.ms))
  const name = first.where ?? 'tests'
  return `${style('green', '✓')} ${style('dim', 'tests  ')} ${name.padEnd(44)} ${style('dim', `${countOf(tests.length, 'test')} passed, ${duration(ms)}`)}`
}

interface EventPage {
  readonly style: Style
  readonly quiet: boolean
  /** The live area shows how far nodes are. */
  readonly isLive: boolean
  readonly readText: ReadText
}

function renderEvent(event: RunEvent, { style, quiet, isLive, readText }: EventPage): string {
  switch (event.type) {
    case 'run-started':
      return quiet
        ? ''
        : `${style('bold', `sqlflow ${event.version}`)} ${event.command} of ${event.project} on ${event.target}: ${countOf(event.nodes, 'node')}\n`
    case 'node-finished': {
      const bad = event.status === 'fail' || event.status === 'error' || event.status === 'warn'
      return quiet && !bad ? '' : `${renderNodeLine(event, style)}\n${renderFailure(event, style)}`
    }
    case 'refs-redirected':
      return quiet ? '' : `${style('cyan', 'reads')} of target ${event.target}: ${event.reads.map(({ relation }) => relation).join(', ')}\n`
    case 'waiting':
      return `${style('yellow', 'waiting')}: ${event.reason}\n`
    case 'retrying':
      return quiet
        ? ''
        : `${style('yellow', 'retrying')}${event.node ? ` ${nodeNameOf(event.node)}` : ''} (attempt ${event.attempt}): ${event.reason}\n`
    case 'warning':
      return renderWarning(event.diagnostic, readText, style)
    case 'progress':
      return quiet || isLive ? '' : `${style('dim', `… ${nodeNameOf(event.node)}: ${event.text}`)}\n`
    case 'sample-loaded':
      return quiet ? '' : renderSampleLine(event, style)
    case 'sheet-loaded':
      return quiet ? '' : renderSheetLine(event, style)
    case 'node-started':
    case 'export-planned':
    case 'run-finished':
      return ''
  }
}

function renderWarning({ at, message, hint }: Diagnostic, readText: ReadText, style: Style): string {
  if (at === undefined) return `${style('yellow', 'warning')}: ${message}\n`
  const told = hint === undefined ? '' : `  ${style('cyan', 'hint:')} ${hint}\n`
  return `${style('bold', placeLabel(at, readText))} ${style('yellow', 'warning')}: ${message}\n${told}`
}

/** Feeds the live area: which nodes run, how many are done. */
function createProgress(live: LiveArea | undefined): (event: RunEvent) => void {
  const running = new Map<NodeId, number>()
  const told = new Map<NodeId, string>()
  let total = 0
  let done = 0
  return (event) => {
    if (!live) return
    if (event.type === 'run-started') total = event.nodes
    else if (event.type === 'node-started') running.set(event.node, Date.parse(event.at))
    else if (event.type === 'progress') told.set(event.node, event.text)
    else if (event.type === 'node-finished') {
      running.delete(event.node)
      done++
    }
    live.show({ running, told, done, total })
  }
}
