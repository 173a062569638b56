/** A Postgres server as a warehouse. */
import type { Client } from 'pg'
import type { Target } from '../../core/project.ts'
import type { OpenOptions } from '../open-warehouse.ts'
import { PgWarehouse } from '../pg/pg-warehouse.ts'
import type { Warehouse } from '../warehouse.ts'
import { accessPostgres } from './access-postgres.ts'
import { endPostgresSession } from './end-session.ts'
import { postgresCatalog } from './postgres-catalog.ts'
import { describePlace } from './server-access.ts'
import { refuseTransactionPooling } from './refuse-transaction-pooling.ts'
import { connectionCheck, setUpSession } from './session-setup.ts'

/** Beside one session a thread: one that holds the run's lock, and one that looks or cancels. */
const sessionsBesideThreads = 2

export async function openPostgres(target: Target, { applicationName, onRetry }: OpenOptions): Promise<Warehouse> {
  const access = accessPostgres(target, applicationName)
  return new PgWarehouse({
    type: 'postgres',
    client: 'pg',
    capabilities: { maxSessions: target.threads + sessionsBesideThreads, locks: 'advisory', indexes: true, copy: true },
    catalog: postgresCatalog,
    endOther: endPostgresSession,
    connection: access.settings,
    idleTimeout: 30_000,
    closeTimeout: 5_000,
    label: (version) => `postgres${version === undefined ? '' : ` ${version}`} on ${describePlace(access.place())}`,
    prepare: async (client) => {
      await client.query(connectionCheck).catch(() => undefined)
      await setUpSession(client, target)
    },
    check: async (client, processId) => {
      if (announcedProcessId(client) !== processId) await refuseTransactionPooling(client, await access.settings())
    },
    explain: access.explain,
    cancel: (_client, processId) => access.send('select pg_cancel_backend($1)', [processId]),
    onRetry: onRetry ?? (() => undefined),
    close: async () => await access[Symbol.asyncDispose](),
  })
}

function announcedProcessId(client: Client): number | undefined {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : undefined
}
