/** A channel through a tunnel, as the `pg` driver takes it for a socket: it is opened when the driver connects, and TLS goes through it end to end. */
import { DriverStream } from '../pg/driver-stream.ts'
import type { ClientChannel } from 'ssh2'
import type { SshTunnel } from './ssh-tunnel.ts'

export class ForwardedStream extends DriverStream {
  readonly #tunnel: SshTunnel
  #channel: ClientChannel | undefined

  constructor(tunnel: SshTunnel) {
    super()
    this.#tunnel = tunnel
  }

  override connect(port: number, host: string): this {
    this.#tunnel.channel(host, port).then(
      (channel) => this.#use(channel),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    )
    return this
  }

  override _write(chunk: Uint8Array, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#channel === undefined) done(new Error('The channel is not open'))
    else this.#channel.write(chunk, encoding, done)
  }

  override _read(): void {
    this.#channel?.resume()
  }

  override _final(done: () => void): void {
    this.#channel?.end()
    done()
  }

  /** TLS that refuses a certificate closes what is below it first: the driver has to hear of the reason before the end. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#channel?.destroy()
    setImmediate(() => done(error))
  }

  /** Where the tunnel is lost, the channel is closed: the driver sees a connection that ended. */
  #use(channel: ClientChannel): void {
    if (this.destroyed) {
      channel.destroy()
      return
    }
    this.#channel = channel
    channel.on('data', (chunk: Uint8Array) => {
      if (!this.push(chunk)) channel.pause()
    })
    channel.once('end', () => this.push(null))
    channel.once('close', () => this.destroy())
    channel.on('error', (error: Error) => this.destroy(error))
    this.emit('connect')
  }
}
