/** What the `pg` driver takes for a socket: the settings of a real one mean nothing here. */
import { Duplex } from 'node:stream'

export abstract class DriverStream extends Duplex {
  constructor() {
    super({ emitClose: true })
  }

  /** Emits `connect` once bytes can be written. */
  abstract connect(port: number, host: string): this

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}
