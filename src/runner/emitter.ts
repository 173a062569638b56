/** Numbers and dates the events of a run and hands them to whoever listens. */
import { eventVersion, type RunEvent, type TestSample } from '../core/event.ts'
import type { NodeId } from '../core/node.ts'
import type { TabPlanReport } from '../exports/sheet-report.ts'

type Distribute<E> = E extends unknown ? Omit<E, 'v' | 'seq' | 'at' | 'run'> : never
export type EventBody = Distribute<RunEvent>

export interface Reporter {
  readonly onEvent: (event: RunEvent) => void
  /** Failing rows of a test, masked: shown or dropped, never kept. */
  readonly onSample?: (test: NodeId, sample: TestSample) => void
  /** What an export would do to a tab, with a few rows, masked: shown or dropped, never kept. */
  readonly onPlan?: (export_: NodeId, plan: TabPlanReport) => void
  /** Called once, after the last event; may write files. */
  readonly end?: () => void | Promise<void>
  /** Called instead of `end` where the run could not go on: puts away what it shows. */
  readonly abandon?: () => void
}

export interface Emitter {
  readonly emit: (body: EventBody) => void
  readonly sample: (test: NodeId, sample: TestSample) => void
  readonly plan: (export_: NodeId, plan: TabPlanReport) => void
}

export function createEmitter(run: string, now: () => Date, reporters: readonly Reporter[]): Emitter {
  let seq = 0
  return {
    emit: (body) => {
      const event: RunEvent = { v: eventVersion, seq: ++seq, at: now().toISOString(), run, ...body }
      for (const reporter of reporters) reporter.onEvent(event)
    },
    sample: (test, sample) => {
      for (const reporter of reporters) reporter.onSample?.(test, sample)
    },
    plan: (export_, plan) => {
      for (const reporter of reporters) reporter.onPlan?.(export_, plan)
    },
  }
}
