/** For a command that reads sources without running nodes: they are there and may be read, and missing ones are stood in for by their samples, tabs of Google Sheets loaded. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { NodeId } from '../core/node.ts'
import type { Warehouse } from '../warehouses/warehouse.ts'
import { checkSources, type CheckSourcesOptions } from './check-sources.ts'
import { createQueue } from './create-queue.ts'
import type { Emitter } from './emitter.ts'
import { lockInvocation } from './invocation-lock.ts'
import { loadSamples, type SampleContext } from './load-samples.ts'
import { loadSheets, type FindGoogle } from './load-sheets.ts'
import type { Retry } from './retry-transient.ts'
import { prepareSchemas } from './prepare-schemas.ts'
import { chooseSheetReading } from './sheet-reading.ts'

export interface PrepareReadingOptions extends Omit<CheckSourcesOptions, 'columns' | 'emitter' | 'sheets'> {
  readonly findGoogle: FindGoogle
  readonly root: string
  /** Told to those who wait: `show`. */
  readonly command: string
  readonly runId: string
  readonly warehouse: Warehouse
  readonly emitter: Emitter
  readonly signal: AbortSignal
  readonly now: () => Date
}

/** Columns are not compared: looking at a relation is how one finds out what they are. Throws as `checkSources`, `loadSamples` and `loadSheets` do. */
export async function prepareReading(options: PrepareReadingOptions): Promise<void> {
  const { emitter } = options
  const onRetry = (retry: Retry): void => emitter.emit({ type: 'retrying', ...retry })
  const google = await chooseSheetReading(options, options.sources, false)
  const { samples, sheets } = await checkSources({ ...options, columns: 'ignored', sheets: google.reading })
  if (samples.length + sheets.length === 0) return
  const schemas = [...new Set([...samples, ...sheets].map(({ relation }) => relation.schema))].sort()
  const onWait = (reason: string, node: NodeId): void => emitter.emit({ type: 'waiting', node, reason })
  const onDeadRun = (diagnostic: Diagnostic): void => emitter.emit({ type: 'warning', diagnostic })
  await using lock = await lockInvocation({ ...options, wait: true, onWait, onDeadRun })
  const { catalog } = await prepareSchemas({ ...options, schemas, onRetry, onDeadRun })
  const context: SampleContext = {
    ...options,
    catalog,
    adopted: new Map(),
    droppable: [],
    dropped: new Set(),
    fullRefresh: false,
    lockRelation: lock.lockRelation,
    leftBehind: [],
    pending: new Set(),
    publishQueue: createQueue(),
  }
  await loadSamples(context, samples)
  await loadSheets(context, sheets, google.open)
}
