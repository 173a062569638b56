/**
 * The embedded Postgres as a warehouse: PGlite in a worker thread, behind the same driver as a server. One session at a time; the directory is
 * locked from here until the warehouse is closed.
 */
import type { Target } from '../../core/project.ts'
import { SqlflowError } from '../../core/errors.ts'
import type { OpenOptions } from '../open-warehouse.ts'
import { textTypes } from '../pg/text-types.ts'
import { postgresCatalog } from '../postgres/postgres-catalog.ts'
import { setUpSession } from '../postgres/session-setup.ts'
import type { Warehouse } from '../warehouse.ts'
import { endPostgresSession } from '../postgres/end-session.ts'
import { lockDirectory } from './directory-lock.ts'
import { PgliteTunnel } from './tunnel.ts'

const forever = 2 ** 31 - 1

export async function openPglite(
  target: Target,
  { applicationName, onRetry, onWait, lockTimeout, signal }: OpenOptions,
): Promise<Warehouse> {
  const directory = target.connection.path
  if (directory === undefined) throw new SqlflowError('warehouse-path', `Target \`${target.name}\` has no \`path\` for its data.`)
  const lock = await lockDirectory({ directory, timeout: lockTimeout ?? 0, onWait: onWait ?? (() => undefined), signal })
  const tunnels = openTunnels(directory)
  const { PgWarehouse } = await import('../pg/pg-warehouse.ts')
  return new PgWarehouse({
    type: 'pglite',
    client: 'pg',
    capabilities: { maxSessions: 1, locks: 'none', indexes: true, copy: true },
    catalog: postgresCatalog,
    endOther: endPostgresSession,
    connection: () =>
      Promise.resolve({
        host: 'embedded',
        user: 'postgres',
        database: 'postgres',
        password: '',
        ssl: false,
        types: textTypes,
        stream: tunnels.next,
      }),
    idleTimeout: forever,
    closeTimeout: forever, // everything is flushed to disk
    label: (version) => `pglite${version === undefined ? '' : ` (postgres ${version})`} in ${directory}`,
    prepare: async (client) => {
      await client.query(`set application_name = '${applicationName.replaceAll("'", "''")}'`)
      await setUpSession(client, target)
    },
    explain: (error) => explainOpenError(error, directory),
    cancel: tunnels.stop,
    onRetry: onRetry ?? (() => undefined),
    close: async () => {
      await tunnels.stop()
      lock[Symbol.dispose]()
    },
  })
}

interface Tunnels {
  /** The one that is opening, or a new one. */
  readonly next: () => PgliteTunnel
  /** Stops PGlite at once if it runs, as a kill would. */
  readonly stop: () => Promise<void>
}

/** The first begins at once: it needs longer than everything that happens until the driver asks for it. */
function openTunnels(directory: string): Tunnels {
  let opening: PgliteTunnel | undefined = new PgliteTunnel(directory)
  let current = opening
  opening.on('error', () => undefined) // the driver hears of it as soon as it listens
  return {
    next: () => {
      current = opening ?? new PgliteTunnel(directory)
      opening = undefined
      return current
    },
    stop: async () => {
      current.destroy()
      await current.exited
    },
  }
}

function explainOpenError(error: unknown, directory: string): SqlflowError {
  if (error instanceof SqlflowError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new SqlflowError(
    'warehouse-unreadable',
    `The embedded database in ${directory} cannot be opened: ${message.replace(/\.$/, '')}.`,
    {
      hint: 'Its tables are made from your project: remove that folder (or run `sqlflow clean --database`) and build again.',
    },
  )
}
