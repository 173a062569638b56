/**
 * The way to a server: what the driver connects with, through a tunnel where the target has one, and what to say when that fails. What has to be asked
 * first (of AWS) is asked ahead of each connection, and kept while it is good.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { Client } from 'pg'
import type { SqlflowError } from '../../core/errors.ts'
import type { Target } from '../../core/project.ts'
import type { ConnectionSettings } from '../pg/pg-pool.ts'
import { ForwardedStream } from '../tunnel/forwarded-stream.ts'
import { SshTunnel } from '../tunnel/ssh-tunnel.ts'
import { placeOfTunnel } from '../tunnel/tunnel-errors.ts'
import { connectionPlace, type ConnectionPlace } from './connection-errors.ts'

export interface ServerAccess extends AsyncDisposable {
  /** What each connection is opened with. Throws SqlflowError. */
  readonly settings: () => Promise<ConnectionSettings>
  /** As far as it is known. */
  readonly place: () => ConnectionPlace
  /** Asks for what is not known of it. Throws SqlflowError. */
  readonly locate: () => Promise<void>
  readonly explain: (error: unknown) => SqlflowError
  readonly tunnel: SshTunnel | undefined
  /** Opens a way to the port, and leaves it. Throws what the driver would. */
  readonly knock: () => Promise<void>
  /** Sends a statement by a connection of its own: a pool may have none free. */
  readonly send: (sql: string, values: readonly unknown[]) => Promise<void>
  /** What is asked of AWS before anybody can connect. */
  readonly stages: readonly AccessStage[]
}

export interface AccessStage {
  readonly stage: 'cluster' | 'iam'
  readonly work: () => Promise<string>
}

export interface AccessOptions {
  readonly target: Target
  readonly settings: ConnectionSettings
  readonly explain: (error: unknown, place: ConnectionPlace) => SqlflowError
  /** What the target leaves to be asked. */
  readonly ask?: () => Promise<Partial<ConnectionSettings>>
  readonly stages?: readonly AccessStage[]
}

export function createAccess({ target, settings, explain, ask, stages = [] }: AccessOptions): ServerAccess {
  const tunnel = openTunnel(target, settings)
  const placeOf = (known: ConnectionSettings): ConnectionPlace => ({
    ...connectionPlace(target.name, known, new Client(known)),
    ...(tunnel && { tunnel: placeOfTunnel(tunnel.options) }),
  })
  let place = placeOf(settings)
  const locate = async (): Promise<ConnectionSettings> => {
    const asked = { ...settings, ...(await ask?.()) }
    place = placeOf(asked)
    return asked
  }
  const complete = async (): Promise<ConnectionSettings> => {
    const located = await locate()
    await tunnel?.open() // the time that it takes is not the server's
    return { ...located, ...(tunnel && { stream: () => new ForwardedStream(tunnel) }) }
  }
  return {
    settings: complete,
    place: () => place,
    locate: async () => void (await locate()),
    explain: (error) => explain(error, place),
    tunnel,
    stages,
    knock: async () => {
      const { host, port, timeout } = place
      if (tunnel) (await within(timeout, tunnel.channel(host, port))).destroy()
      else await knockDirectly(host, port, timeout)
    },
    send: async (sql, values) => {
      const client = new Client(await complete())
      client.on('error', () => undefined)
      await client.connect()
      try {
        await client.query(sql, [...values])
      } finally {
        await client.end()
      }
    },
    [Symbol.asyncDispose]: async () => {
      await tunnel?.[Symbol.asyncDispose]()
    },
  }
}

function openTunnel(target: Target, { connectionTimeoutMillis = 0 }: ConnectionSettings): SshTunnel | undefined {
  const { tunnel } = target.connection
  return tunnel && new SshTunnel({ tunnel, target: target.name, timeout: connectionTimeoutMillis })
}

/** An ssh server waits for minutes where nobody answers it. */
async function within<T>(timeout: number, work: Promise<T>): Promise<T> {
  if (timeout === 0) return await work
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('timeout')), timeout)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function knockDirectly(host: string, port: number, timeout: number): Promise<void> {
  const socket = connect({ host, port, ...(timeout > 0 && { signal: AbortSignal.timeout(timeout) }) })
  try {
    await once(socket, 'connect')
  } catch (error) {
    throw error instanceof Error && error.name === 'AbortError' ? new Error('timeout', { cause: error }) : error
  } finally {
    socket.destroy()
  }
}

/** `127.0.0.1:5432/field`, for people. */
export function describePlace({ host, port, database, tunnel }: ConnectionPlace): string {
  return `${host}:${port}/${database}${tunnel === undefined ? '' : ` through ${tunnel}`}`
}
