/** A Redshift cluster or workgroup as a warehouse: the protocol is Postgres's, the catalog and the settings of a session are its own. */
import { Client } from 'pg'
import type { Target } from '../../core/project.ts'
import type { OpenOptions } from '../open-warehouse.ts'
import { PgWarehouse } from '../pg/pg-warehouse.ts'
import { connectionPlace, explainConnectionError } from '../postgres/connection-errors.ts'
import { connectionSettings } from '../postgres/connection-settings.ts'
import { setUpSession } from '../postgres/session-setup.ts'
import type { Warehouse } from '../warehouse.ts'
import { openCursorStream } from './cursor-stream.ts'
import { endRedshiftSession } from './end-session.ts'
import { redshiftCatalog } from './redshift-catalog.ts'

/** Beside one session a thread: one that holds the run's locks, and one that looks or cancels. */
const sessionsBesideThreads = 2

export async function openRedshift(target: Target, { applicationName, onRetry }: OpenOptions): Promise<Warehouse> {
  const settings = connectionSettings(target, applicationName)
  const place = connectionPlace(target.name, settings, new Client(settings))
  return new PgWarehouse({
    type: 'redshift',
    client: 'redshift',
    capabilities: { maxSessions: target.threads + sessionsBesideThreads, locks: 'table', indexes: false, copy: false },
    catalog: redshiftCatalog,
    endOther: endRedshiftSession,
    openStream: openCursorStream,
    connection: settings,
    idleTimeout: 30_000,
    closeTimeout: 5_000,
    label: () => `redshift on ${place.host}:${place.port}/${place.database}`,
    prepare: (client) => setUpSession(client, target),
    explain: (error) => explainConnectionError(error, place),
    cancel: (_client, processId) => endSession(settings, processId),
    onRetry: onRetry ?? (() => undefined),
  })
}

/** Over a connection of its own: the pool may have none free. Redshift ends a session with what it runs. */
async function endSession(settings: ConstructorParameters<typeof Client>[0], processId: number): Promise<void> {
  const client = new Client(settings)
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('select pg_terminate_backend($1)', [processId])
  } finally {
    await client.end()
  }
}
