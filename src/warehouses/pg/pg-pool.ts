/**
 * A pool of connections by knex's `pg` client. knex opens, counts, checks and closes them; sessions speak to the driver's client itself,
 * since knex has no streams, no COPY and no many statements in one round trip.
 */
import { callbackify } from 'node:util'
import knex, { type Knex } from 'knex'
import type { Client } from 'pg'
import type { textTypes } from './text-types.ts'

/** knex discards a connection that carries this mark instead of handing it out again. */
export type PooledClient = Client & { __knex__disposed?: unknown }

/** What the driver connects with; holds secrets. */
export type ConnectionSettings = Omit<Knex.PgConnectionConfig, 'types' | 'password'> & {
  readonly types: typeof textTypes
  /** Asked for each connection where it changes, while the server waits. */
  readonly password?: string | (() => Promise<string>)
}

export interface PgPool extends AsyncDisposable {
  /** Waits for a free connection. */
  acquire(): Promise<PooledClient>
  release(client: PooledClient): Promise<void>
}

export interface PgPoolOptions {
  /** knex's name of the dialect. */
  readonly client: 'pg' | 'redshift'
  /** Taken once; asked ahead of every connection, so that what it waits for is there. */
  readonly connection: () => Promise<ConnectionSettings>
  readonly max: number
  /** Runs once on each new connection. */
  readonly prepare: (client: Client) => Promise<void>
  /** Milliseconds after which an unused connection is closed. */
  readonly idleTimeout: number
  /** Milliseconds that closing a connection may take. */
  readonly closeTimeout: number
}

interface KnexClient {
  acquireConnection(): Promise<PooledClient>
  releaseConnection(client: PooledClient): Promise<void>
}

const silent = (): void => undefined
const forever = 2 ** 31 - 1

export function createPgPool(options: PgPoolOptions): PgPool {
  async function prepareOrEnd(client: Client): Promise<void> {
    try {
      await options.prepare(client)
    } catch (error) {
      await client.end()
      throw error
    }
  }
  let isKnown = false
  const database = knex({
    client: options.client,
    version: '14', // or knex asks for it on the first connection
    connection: async () => {
      const settings = await options.connection()
      isKnown = true
      return settings
    },
    acquireConnectionTimeout: forever,
    log: { warn: silent, error: silent, deprecate: silent, debug: silent },
    pool: {
      min: 0,
      max: options.max,
      idleTimeoutMillis: options.idleTimeout,
      destroyTimeoutMillis: options.closeTimeout,
      createTimeoutMillis: forever, // the driver has its own, and says why
      afterCreate: callbackify(prepareOrEnd),
    },
  })
  const client: KnexClient = database.client
  return {
    acquire: async () => {
      if (isKnown) await options.connection().catch(silent) // thrown where a connection has to be opened
      return await client.acquireConnection()
    },
    release: (connection) => client.releaseConnection(connection),
    [Symbol.asyncDispose]: () => database.destroy(),
  }
}
