/** For a command that reads sources without running nodes: they are there and may be read, and missing ones are stood in for by their samples. */
import type { NodeId } from '../core/node.ts'
import type { Warehouse } from '../warehouses/warehouse.ts'
import { checkSources, type CheckSourcesOptions } from './check-sources.ts'
import { createQueue } from './create-queue.ts'
import type { Emitter } from './emitter.ts'
import { lockInvocation } from './invocation-lock.ts'
import { loadSamples } from './load-samples.ts'
import type { Retry } from './retry-transient.ts'
import { prepareSchemas } from './prepare-schemas.ts'

export interface PrepareReadingOptions extends Omit<CheckSourcesOptions, 'columns' | 'emitter'> {
  readonly root: string
  /** Told to those who wait: `show`. */
  readonly command: string
  readonly runId: string
  readonly warehouse: Warehouse
  readonly emitter: Emitter
  readonly signal: AbortSignal
  readonly now: () => Date
}

/** Columns are not compared: looking at a relation is how one finds out what they are. Throws as `checkSources` and `loadSamples` do. */
export async function prepareReading(options: PrepareReadingOptions): Promise<void> {
  const { emitter } = options
  const onRetry = (retry: Retry): void => emitter.emit({ type: 'retrying', ...retry })
  const samples = await checkSources({ ...options, columns: 'ignored' })
  if (samples.length === 0) return
  const schemas = [...new Set(samples.map(({ relation }) => relation.schema))].sort()
  const onWait = (reason: string, node: NodeId): void => emitter.emit({ type: 'waiting', node, reason })
  await using lock = await lockInvocation({ ...options, wait: true, onWait })
  const { catalog } = await prepareSchemas({ ...options, schemas, onRetry })
  await loadSamples(
    {
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
    },
    samples,
  )
}
