/** A Postgres server as a warehouse. */
import { Client } from 'pg'
import type { ConnectionSettings } from '../pg/pg-pool.ts'
import type { Target } from '../../core/project.ts'
import type { OpenOptions } from '../open-warehouse.ts'
import { PgWarehouse } from '../pg/pg-warehouse.ts'
import type { Warehouse } from '../warehouse.ts'
import { endPostgresSession } from './end-session.ts'
import { connectionPlace, explainConnectionError } from './connection-errors.ts'
import { connectionSettings } from './connection-settings.ts'
import { postgresCatalog } from './postgres-catalog.ts'
import { refuseTransactionPooling } from './refuse-transaction-pooling.ts'
import { connectionCheck, setUpSession } from './session-setup.ts'

/** Beside one session a thread: one that holds the run's lock, and one that looks or cancels. */
const sessionsBesideThreads = 2

export async function openPostgres(target: Target, { applicationName, onRetry }: OpenOptions): Promise<Warehouse> {
  const settings = connectionSettings(target, applicationName)
  const place = connectionPlace(target.name, settings, new Client(settings))
  return new PgWarehouse({
    type: 'postgres',
    client: 'pg',
    capabilities: { maxSessions: target.threads + sessionsBesideThreads, locks: 'advisory', indexes: true, copy: true },
    catalog: postgresCatalog,
    endOther: endPostgresSession,
    connection: settings,
    idleTimeout: 30_000,
    closeTimeout: 5_000,
    label: (version) => `postgres${version === undefined ? '' : ` ${version}`} on ${place.host}:${place.port}/${place.database}`,
    prepare: async (client) => {
      await client.query(connectionCheck).catch(() => undefined)
      await setUpSession(client, target)
    },
    check: async (client, processId) => {
      if (announcedProcessId(client) !== processId) await refuseTransactionPooling(client, settings)
    },
    explain: (error) => explainConnectionError(error, place),
    cancel: (_client, processId) => cancelBackend(settings, processId),
    onRetry: onRetry ?? (() => undefined),
  })
}

function announcedProcessId(client: Client): number | undefined {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : undefined
}

/** Over a connection of its own: the pool may have none free. */
async function cancelBackend(settings: ConnectionSettings, processId: number): Promise<void> {
  const client = new Client(settings)
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('select pg_cancel_backend($1)', [processId])
  } finally {
    await client.end()
  }
}
