/** A Redshift cluster or workgroup as a warehouse: the protocol is Postgres's, the catalog and the settings of a session are its own. */
import type { Target } from '../../core/project.ts'
import type { OpenOptions } from '../open-warehouse.ts'
import { PgWarehouse } from '../pg/pg-warehouse.ts'
import { describePlace } from '../postgres/server-access.ts'
import type { Warehouse } from '../warehouse.ts'
import { accessRedshift } from './access-redshift.ts'
import { openCursorStream } from './cursor-stream.ts'
import { endRedshiftSession } from './end-session.ts'
import { redshiftCatalog } from './redshift-catalog.ts'
import { setUpRedshiftSession } from './session-setup.ts'

/** Beside one session a thread: one that holds the run's locks, and one that looks or cancels. */
const sessionsBesideThreads = 2

export async function openRedshift(target: Target, { applicationName, onRetry }: OpenOptions): Promise<Warehouse> {
  const access = accessRedshift(target, applicationName)
  return new PgWarehouse({
    type: 'redshift',
    client: 'redshift',
    capabilities: { maxSessions: target.threads + sessionsBesideThreads, locks: 'table', indexes: false, copy: false },
    catalog: redshiftCatalog,
    endOther: endRedshiftSession,
    openStream: openCursorStream,
    connection: access.settings,
    idleTimeout: 30_000,
    closeTimeout: 5_000,
    label: () => `redshift on ${describePlace(access.place())}`,
    prepare: (client) => setUpRedshiftSession(client, target),
    explain: access.explain,
    // Redshift ends a session with what it runs.
    cancel: (_client, processId) => access.send('select pg_terminate_backend($1)', [processId]),
    onRetry: onRetry ?? (() => undefined),
    close: async () => await access[Symbol.asyncDispose](),
  })
}
