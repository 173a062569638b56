/**
 * A session over one connection of the `pg` driver. One statement at a time; all values are text, as the server sent them. After any error
 * the session is either usable again or `broken`.
 */
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TLSSocket } from 'node:tls'
import { Connection, type QueryArrayResult, type Submittable } from 'pg'
import type { CatalogReader } from '../catalog-reader.ts'
import type { OtherSession, QueryResult, RowStream, Session, StatementResult } from '../warehouse.ts'
import { toFields } from './field-types.ts'
import type { PooledClient } from './pg-pool.ts'
import { openRowStream, type OpenRowStream } from './row-stream.ts'
import { toStatementFailure } from './statement-errors.ts'

/** How the warehouse ends another session, asked on one. */
export type EndOther = (session: Pick<Session, 'run' | 'processId'>, other: OtherSession) => ReturnType<Session['endOther']>

export interface PgSessionOptions {
  readonly client: PooledClient
  readonly processId: number
  /** Names the warehouse for people, in errors. */
  readonly label: string
  /** How the warehouse is asked about its catalog. */
  readonly catalog: (session: Pick<Session, 'run' | 'query'>) => CatalogReader
  readonly endOther: EndOther
  /** Ends what the connection is running. */
  readonly cancel: (client: PooledClient, processId: number) => Promise<void>
  /** COPY from and to the client. */
  readonly copy: boolean
  /** How rows are streamed; by a portal when absent. */
  readonly openStream?: OpenRowStream | undefined
  /** Gives the connection back. */
  readonly release: (client: PooledClient) => Promise<void>
}

export class PgSession implements Session {
  broken = false
  readonly processId: number
  readonly catalog: CatalogReader
  readonly #options: PgSessionOptions
  readonly #client: PooledClient
  #running = 0
  #cancelling = false
  #disposed = false

  constructor(options: PgSessionOptions) {
    this.#options = options
    this.#client = options.client
    this.processId = options.processId
    this.catalog = options.catalog(this)
  }

  get tls(): string | undefined {
    const connection: unknown = 'connection' in this.#client ? this.#client.connection : undefined
    const stream = connection instanceof Connection ? connection.stream : undefined
    return stream instanceof TLSSocket ? (stream.getProtocol() ?? undefined) : undefined
  }

  run(sql: string): Promise<readonly StatementResult[]> {
    return this.#during(sql, async () => {
      const result: QueryArrayResult | QueryArrayResult[] = await this.#client.query({ text: sql, rowMode: 'array' })
      return (Array.isArray(result) ? result : [result]).map(toStatementResult)
    })
  }

  query(sql: string, values: readonly unknown[] = []): Promise<QueryResult> {
    return this.#during(sql, async () => {
      const result = await this.#client.query<string[]>({ text: sql, values: [...values], rowMode: 'array' })
      return toStatementResult(result)
    })
  }

  async stream(sql: string, options: { readonly batchSize?: number } = {}): Promise<RowStream> {
    const { openStream = openRowStream } = this.#options
    return openStream({
      client: this.#client,
      sql,
      batchSize: options.batchSize ?? 1000,
      during: (step) => this.#during(sql, step),
    })
  }

  async copyFrom(sql: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    this.#mustCopy()
    const { from } = await import('pg-copy-streams')
    const source = watchSource(bytes)
    const copied = await this.#during(sql, async () => {
      const copy = this.#submit(from(sql))
      const closed = once(copy, 'close').catch(() => {}) // its errors are the pipeline's
      try {
        await pipeline(Readable.from(source.bytes, { objectMode: false }), copy)
      } catch (error) {
        await closed // the server has answered to the end of the rows
        if (source.failure === undefined) throw error
      }
      return copy.rowCount
    })
    if (source.failure !== undefined) throw source.failure.error
    return copied
  }

  async *copyTo(sql: string): AsyncIterable<Uint8Array> {
    this.#mustCopy()
    const { to } = await import('pg-copy-streams')
    const copy = this.#submit(to(sql))
    this.#running++
    let finished = false
    try {
      for await (const chunk of copy.iterator({ destroyOnReturn: false })) yield chunk
      finished = true
    } catch (error) {
      finished = true
      throw this.#failed(error, sql)
    } finally {
      if (!finished) await this.#abandon(copy, sql)
      this.#running--
    }
  }

  async cancel(): Promise<void> {
    if (this.#running === 0) return
    this.#cancelling = true
    await this.#options.cancel(this.#client, this.processId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    if (!this.broken && this.#client.getTransactionStatus() !== 'I') await this.#rollBack()
    if (this.broken) await this.#discard()
    await this.#options.release(this.#client)
  }

  /** Who copies looks at `capabilities` first. */
  #mustCopy(): void {
    if (!this.#options.copy)
      throw new Error(`There is no COPY from or to the client on ${this.#options.label}: rows are inserted, and streamed.`)
  }

  endOther(other: OtherSession): ReturnType<Session['endOther']> {
    return this.#options.endOther(this, other)
  }

  #submit<T extends Submittable>(query: T): T {
    return this.#client.query(query)
  }

  async #during<T>(sql: string, step: () => Promise<T>): Promise<T> {
    this.#running++
    this.#cancelling = false
    try {
      return await step()
    } catch (error) {
      throw this.#failed(error, sql)
    } finally {
      this.#running--
    }
  }

  #failed(thrown: unknown, sql: string): Error {
    if (thrown instanceof TypeError || thrown instanceof RangeError) return thrown // a bug, not the world's failure
    const cancelling = this.#cancelling
    this.#cancelling = false
    const { error, fatal } = toStatementFailure(thrown, { sql, label: this.#options.label, cancelling })
    if (fatal) this.broken = true
    return error
  }

  /** Ends a COPY that nobody reads to its end, so that the connection can be used again. */
  async #abandon(copy: Readable, sql: string): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      copy.once('close', resolve)
      copy.once('error', (error) => {
        this.#failed(error, sql)
        resolve()
      })
    })
    copy.resume()
    await this.#options.cancel(this.#client, this.processId)
    await ended
  }

  async #rollBack(): Promise<void> {
    try {
      await this.#client.query('rollback')
    } catch {
      this.broken = true
    }
  }

  async #discard(): Promise<void> {
    this.#client.__knex__disposed ??= 'broken'
    await this.#client.end()
  }
}

interface WatchedSource {
  readonly bytes: AsyncIterable<Uint8Array>
  /** What the source itself threw. */
  readonly failure: { readonly error: unknown } | undefined
}

/** Tells an error of the source from one of the server, which the stream throws into the source to end it. */
function watchSource(source: AsyncIterable<Uint8Array>): WatchedSource {
  let failure: WatchedSource['failure']
  async function* watched(): AsyncIterable<Uint8Array> {
    const iterator = source[Symbol.asyncIterator]()
    try {
      for (let next = await pull(iterator); next.done !== true; next = await pull(iterator)) yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  async function pull(iterator: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
    try {
      return await iterator.next()
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  return {
    bytes: watched(),
    get failure() {
      return failure
    },
  }
}

function toStatementResult(result: QueryArrayResult): StatementResult {
  return { command: result.command, rowCount: result.rowCount, fields: toFields(result.fields), rows: result.rows }
}
