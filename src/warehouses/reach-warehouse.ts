/** The way to a warehouse on a server, step by step, before anybody logs in. */
import type { Target } from '../core/project.ts'
import type { ServerAccess } from './postgres/server-access.ts'
import { reachServer, type Attempt } from './postgres/reach-server.ts'
import type { WarehouseType } from './warehouse.ts'

type OpenAccess = (target: Target, applicationName: string) => ServerAccess

const openers: Readonly<Record<Exclude<WarehouseType, 'pglite'>, () => Promise<OpenAccess>>> = {
  postgres: async () => (await import('./postgres/access-postgres.ts')).accessPostgres,
  redshift: async () => (await import('./redshift/access-redshift.ts')).accessRedshift,
}

/** What fails throws SqlflowError, as opening the warehouse would. An embedded warehouse has no way to go. */
export async function reachWarehouse(target: Target, attempt: Attempt): Promise<void> {
  if (target.type === 'pglite') return
  const open = await openers[target.type]()
  await using access = open(target, '')
  await reachServer(access, attempt)
}
