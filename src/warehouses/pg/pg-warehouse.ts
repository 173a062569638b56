/**
 * A warehouse reached by the `pg` driver: a pool of connections, each set up once, handed out as sessions. The first connection is opened at
 * once, in the background, so that it is ready when the first statement is.
 */
import type { Client } from 'pg'
import type { SqlflowError } from '../../core/errors.ts'
import type { Capabilities, Session, Warehouse, WarehouseType } from '../warehouse.ts'
import { createPgPool, type PgPool, type PgPoolOptions, type PooledClient } from './pg-pool.ts'
import { PgSession, type PgSessionOptions } from './pg-session.ts'
import { retryConnecting } from './retry-connecting.ts'

export interface PgWarehouseOptions {
  readonly type: WarehouseType
  readonly client: PgPoolOptions['client']
  readonly capabilities: Capabilities
  readonly catalog: PgSessionOptions['catalog']
  /** How rows are streamed; by a portal when absent. */
  readonly openStream?: PgSessionOptions['openStream']
  readonly endOther: PgSessionOptions['endOther']
  readonly connection: PgPoolOptions['connection']
  /** Milliseconds, as PgPoolOptions has them. */
  readonly idleTimeout: number
  readonly closeTimeout: number
  /** Sets up each new connection. */
  readonly prepare: (client: Client) => Promise<void>
  /** `postgres on localhost:5432/field`, given the server's version once it is known. */
  readonly label: (version: string | undefined) => string
  readonly cancel: (client: PooledClient, processId: number) => Promise<void>
  /** What to tell the user when a connection cannot be opened. */
  readonly explain: (error: unknown) => SqlflowError
  /** Refuses a connection on which the promises of a session do not hold. */
  readonly check?: (client: Client, processId: number) => Promise<void>
  /** Called with each failure that is worth another try. */
  readonly onRetry: (reason: string, attempt: number) => void
  /** After the last connection is closed. */
  readonly close?: () => Promise<void>
}

export class PgWarehouse implements Warehouse {
  readonly type: WarehouseType
  readonly capabilities: Capabilities
  readonly #options: PgWarehouseOptions
  readonly #pool: PgPool
  readonly #processIds = new WeakMap<Client, number>()
  #first: Promise<Session> | undefined
  #version: string | undefined

  constructor(options: PgWarehouseOptions) {
    this.#options = options
    this.type = options.type
    this.capabilities = options.capabilities
    this.#pool = createPgPool({
      client: options.client,
      connection: options.connection,
      max: options.capabilities.maxSessions,
      idleTimeout: options.idleTimeout,
      closeTimeout: options.closeTimeout,
      prepare: (client) => this.#prepare(client),
    })
    this.#first = this.#open()
    this.#first.catch(() => undefined) // thrown by the first acquire
  }

  get label(): string {
    return this.#options.label(this.#version)
  }

  acquire(): Promise<Session> {
    const first = this.#first
    this.#first = undefined
    return first ?? this.#open()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const unused = await this.#first?.catch(() => undefined)
    await unused?.[Symbol.asyncDispose]()
    await this.#pool[Symbol.asyncDispose]()
    await this.#options.close?.()
  }

  async #open(): Promise<Session> {
    const { explain, onRetry, cancel, catalog, endOther, openStream } = this.#options
    const client = await retryConnecting(() => this.#pool.acquire(), { explain, onRetry, known: () => this.#version !== undefined })
    return new PgSession({
      client,
      processId: this.#processIds.get(client) ?? 0,
      label: this.label,
      catalog,
      endOther,
      cancel,
      copy: this.capabilities.copy,
      openStream,
      release: (used) => this.#pool.release(used),
    })
  }

  async #prepare(client: Client): Promise<void> {
    const { prepare, check } = this.#options
    await prepare(client)
    const { rows } = await client.query<string[]>({
      text: `select pg_backend_pid(), current_setting('server_version')`,
      rowMode: 'array',
    })
    const [processId, version] = rows[0] ?? []
    this.#processIds.set(client, Number(processId))
    this.#version ??= version?.split(' ')[0]
    await check?.(client, Number(processId))
  }
}
