/** The registry of warehouses: to add one, write its file and one line here. Each is loaded when a target asks for it. */
import type { Target } from '../core/project.ts'
import type { Warehouse, WarehouseType } from './warehouse.ts'

export interface OpenOptions {
  /** How the sessions present themselves in the server: `sqlflow <run id>`. */
  readonly applicationName: string
  /** A connection failed and is tried again. */
  readonly onRetry?: (reason: string, attempt: number) => void
  /** Something is waited for: another process that holds an embedded warehouse. */
  readonly onWait?: (reason: string) => void
  /** Milliseconds to wait for another process that holds an embedded warehouse; 0, the default, refuses at once. */
  readonly lockTimeout?: number
  /** Ends that wait. */
  readonly signal?: AbortSignal
}

export type OpenWarehouse = (target: Target, options: OpenOptions) => Promise<Warehouse>

const openers: Readonly<Record<WarehouseType, () => Promise<OpenWarehouse>>> = {
  pglite: async () => (await import('./pglite/open-pglite.ts')).openPglite,
  postgres: async () => (await import('./postgres/open-postgres.ts')).openPostgres,
  redshift: async () => (await import('./redshift/open-redshift.ts')).openRedshift,
}

/**
 * Opens the target's warehouse and begins to connect; returns before it is connected, and the first `acquire` throws what went wrong.
 * Throws SqlflowError (exit 2) for a configuration that cannot be connected with, or `warehouse-locked`.
 */
export async function openWarehouse(target: Target, options: OpenOptions): Promise<Warehouse> {
  const open = await openers[target.type]()
  return await open(target, options)
}
