/**
 * A run as those hear of it who did not watch: one fold over its events, also of a run that an error kept from beginning. What is told outside
 * (the summary of a job, the line of a webhook) is made from it alone; it holds no row.
 */
import { DiagnosticsError, SqlflowError } from '../../core/errors.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import type { NodeOutcome, RunEvent } from '../../core/event.ts'
import { nodeKindOf, nodeNameOf, type NodeId } from '../../core/node.ts'
import type { Reporter } from '../../runner/emitter.ts'
import type { OpenedProject } from '../open-project.ts'
import { inFileOrder, placeLabel } from '../render-diagnostic.ts'
import { describeNode } from '../render-node-list.ts'

export type StoryStatus = 'success' | 'failed' | 'cancelled' | 'could not run'

export interface Told {
  readonly message: string
  /** `models/marts/turf.sql:11:6` */
  readonly place?: string
  readonly hint?: string
}

export interface RunStory {
  readonly command: string
  readonly status: StoryStatus
  readonly project?: string
  readonly target?: string
  readonly delivery?: string
  readonly ms?: number
  readonly outcomes: readonly NodeOutcome[]
  readonly warnings: readonly Told[]
  /** What kept the run from beginning, or ended it; empty where nothing did. */
  readonly stoppedBy: readonly Told[]
  /** Exports of a live target that did not reach their destinations. */
  readonly notDelivered: readonly NodeId[]
  /** What went wrong with a node that failed or warned. */
  readonly tell: (outcome: NodeOutcome) => Told
}

export interface StoryTeller {
  /** What listens to the run of these nodes. */
  readonly follow: (opened: OpenedProject, selected: ReadonlySet<NodeId>) => Reporter
  /** The run ended, or could not begin, by an error. */
  readonly stop: (error: unknown) => void
  readonly story: () => RunStory
}

export function createStoryTeller(command: string, signal: AbortSignal): StoryTeller {
  const events: RunEvent[] = []
  let followed: { readonly opened: OpenedProject; readonly exports: readonly NodeId[] } | undefined
  let stoppedBy: readonly Told[] | undefined
  return {
    follow: (opened, selected) => {
      followed = { opened, exports: [...selected].filter((id) => nodeKindOf(id) === 'export') }
      return { onEvent: (event) => void (isTold(event) && events.push(event)) }
    },
    stop: (error) => {
      stoppedBy = toldOf(error)
    },
    story: () => {
      const start = events.find((event) => event.type === 'run-started')
      const end = events.find((event) => event.type === 'run-finished')
      const outcomes = events.filter((event) => event.type === 'node-finished')
      const target = followed?.opened.project.target
      const delivered = new Set(outcomes.filter(({ status }) => status === 'success').map(({ node }) => node))
      return {
        command,
        status:
          stoppedBy === undefined && end ? end.status : signal.aborted ? 'cancelled' : outcomes.length > 0 ? 'failed' : 'could not run',
        ...(followed && { project: followed.opened.project.name, target: followed.opened.project.target.name }),
        ...(start && { delivery: start.delivery }),
        ...(end && { ms: end.ms }),
        outcomes,
        warnings: events.flatMap((event) =>
          event.type === 'warning' ? [toldDiagnostic(event.diagnostic, followed?.opened.readText)] : [],
        ),
        stoppedBy: stoppedBy ?? [],
        notDelivered: target?.exports === 'live' ? followed!.exports.filter((id) => !delivered.has(id)) : [],
        tell: (outcome) => toldOutcome(outcome, followed?.opened),
      }
    },
  }
}

function isTold({ type }: RunEvent): boolean {
  return type === 'run-started' || type === 'warning' || type === 'node-finished' || type === 'run-finished'
}

function toldOutcome({ node, status, failure, reason }: NodeOutcome, opened: OpenedProject | undefined): Told {
  const found = opened?.linked.graph.nodes.get(node)
  const place = failure?.place ? `${failure.place.file}:${failure.place.line}:${failure.place.column}` : found && describeNode(found).file
  return {
    message: failure?.message ?? reason ?? status,
    ...(place !== undefined && { place }),
    ...(failure?.hint !== undefined && { hint: failure.hint }),
  }
}

function toldOf(error: unknown): readonly Told[] {
  if (error instanceof DiagnosticsError) {
    const errors = error.diagnostics.filter(({ severity }) => severity === 'error')
    return inFileOrder(errors).map((one) => toldDiagnostic(one, error.readText))
  }
  if (error instanceof SqlflowError) return [{ message: error.message, ...(error.hint !== undefined && { hint: error.hint }) }]
  return [{ message: 'A bug in sqlflow ended it; the log of the run has more.' }]
}

function toldDiagnostic({ message, at, hint }: Diagnostic, readText: DiagnosticsError['readText'] | undefined): Told {
  return {
    message,
    ...(at && { place: readText ? placeLabel(at, readText) : at.file }),
    ...(hint !== undefined && { hint }),
  }
}

/** `model turf_list` */
export function nodeLabel(id: NodeId): string {
  return `${nodeKindOf(id)} ${nodeNameOf(id)}`
}

/** `sqlflow build of field on prod` */
export function runLabel({ command, project, target }: RunStory): string {
  return `sqlflow ${command}${project === undefined ? '' : ` of ${project}`}${target === undefined ? '' : ` on ${target}`}`
}
