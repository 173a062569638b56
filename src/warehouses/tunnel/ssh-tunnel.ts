/**
 * The way through an ssh server: one connection to it for all connections of a warehouse, opened by the first that needs it, and again after it was lost.
 * Nothing is sent before the server has shown a key that is known. `~/.ssh/config` is not read.
 */
import { readFile } from 'node:fs/promises'
import type { Client, ClientChannel, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2'
import type { SqlflowError } from '../../core/errors.ts'
import type { TunnelOptions } from '../../core/project.ts'
import { isKey } from '../../project/tunnel-settings.ts'
import { loadOptional } from '../load-optional.ts'
import { judgeHostKey, knownKeys } from './check-host-key.ts'
import type { KnownKey } from './known-hosts.ts'
import { explainChannelError, explainLoginError, keyMissing, keyUnreadable } from './tunnel-errors.ts'

export interface SshTunnelOptions {
  readonly tunnel: TunnelOptions
  /** Of the target, for messages. */
  readonly target: string
  /** Milliseconds; 0 waits without end. */
  readonly timeout: number
}

export class SshTunnel implements AsyncDisposable {
  readonly options: SshTunnelOptions
  #client: Promise<Client> | undefined

  constructor(options: SshTunnelOptions) {
    this.options = options
  }

  /** Throws SqlflowError. */
  async open(): Promise<void> {
    await this.#connect()
  }

  /** Bytes to and from a port as the ssh server reaches it. Throws SqlflowError. */
  async channel(host: string, port: number): Promise<ClientChannel> {
    const client = await this.#connect()
    return await new Promise((resolve, reject) => {
      client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error) reject(explainChannelError(error, this.options, { host, port }))
        else resolve(channel)
      })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    client?.end()
  }

  /** One attempt for all who ask at once. */
  #connect(): Promise<Client> {
    const forget = (): void => {
      if (this.#client === opening) this.#client = undefined
    }
    if (this.#client !== undefined) return this.#client
    const opening = connectTo(this.options, forget)
    this.#client = opening
    opening.catch(forget)
    return opening
  }
}

/** `onClose`: the connection is gone, whether it was there or not. */
async function connectTo(options: SshTunnelOptions, onClose: () => void): Promise<Client> {
  const { tunnel, timeout } = options
  const { default: ssh2 } = await loadOptional('ssh2', '`tunnel`', () => import('ssh2'))
  const known = knownKeys(tunnel)
  const login = await loginOf(options)
  const client = new ssh2.Client()
  let refused: SqlflowError | undefined
  return await new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(refused ?? explainLoginError(error, options))
    client.on('error', fail) // after the first of them, the connection's own loss is told by its channels
    client.once('ready', () => resolve(client))
    client.once('close', () => {
      onClose()
      fail(new Error('The ssh server closed the connection'))
    })
    const config: ConnectConfig = {
      host: tunnel.host,
      port: tunnel.port,
      username: tunnel.user,
      ...login,
      readyTimeout: timeout,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 3,
      algorithms: { serverHostKey: preferred(known) },
      hostVerifier: (key: Buffer) => {
        refused = judgeHostKey(tunnel, known, key)
        return refused === undefined
      },
    }
    try {
      client.connect(config).setNoDelay(true) // or each round trip takes 40 ms more
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

/** The server shows one of its keys: let it be one of those that are known. */
function preferred(known: readonly KnownKey[]): ServerHostKeyAlgorithm[] {
  const types = new Set(known.map(({ type }) => type))
  const isKnown = ([type]: (typeof algorithms)[number]): boolean => types.has(type)
  return [...algorithms.filter(isKnown), ...algorithms.filter((one) => !isKnown(one))].flatMap(([, names]) => names)
}

/** By the type of the key, the best first. */
const algorithms: readonly (readonly [type: string, names: readonly ServerHostKeyAlgorithm[]])[] = [
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
]

async function loginOf(options: SshTunnelOptions): Promise<Pick<ConnectConfig, 'privateKey' | 'passphrase' | 'agent'>> {
  const { key, passphrase, agent } = options.tunnel
  if (key !== undefined) return { privateKey: await readKey(key, options), ...(passphrase !== undefined && { passphrase }) }
  if (agent === undefined || agent === '') throw keyMissing(options)
  return { agent }
}

async function readKey(key: string, options: SshTunnelOptions): Promise<string> {
  if (isKey(key)) return key
  try {
    return await readFile(key, 'utf8')
  } catch (error) {
    throw keyUnreadable(key, error, options)
  }
}
