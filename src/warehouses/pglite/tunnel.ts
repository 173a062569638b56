/**
 * The client's end of the byte tunnel to PGlite in its worker: what the `pg` driver takes for a socket. The worker lives as long as the tunnel:
 * `end` flushes the database to disk, `destroy` stops the worker at once, as a kill would.
 */
import { DriverStream } from '../pg/driver-stream.ts'
import { callbackify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { MessageChannel, Worker } from 'node:worker_threads'
import { createShared, sentMessages, unreadBytes, type FromWorker, type ToWorker, type WorkerInput } from './channel.ts'

/** Beside this file, in the language that it is in. */
const workerFile = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/**
 * For V8's optimizing compiler, Postgres's parser alone is 1.7 s of work and 600 MB, and it begins with that while the directory is opened. Baseline
 * code costs a long query up to half as much time again. Takes effect on what is compiled after.
 */
function compileOnce(): void {
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
}

export class PgliteTunnel extends DriverStream {
  readonly #shared = createShared()
  readonly #worker: Worker
  readonly #port
  readonly #exited: Promise<unknown>
  #taken: (() => void) | undefined
  readonly #received: Uint8Array[] = []
  #wanted = false

  /** Begins to open the directory, whose lock the caller holds. */
  constructor(directory: string) {
    super()
    compileOnce()
    const { port1, port2 } = new MessageChannel()
    const workerData: WorkerInput = { directory, port: port2, shared: this.#shared }
    this.#port = port1
    this.#worker = new Worker(workerFile, { workerData, transferList: [port2], execArgv: [] })
    this.#exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#worker.on('error', (error) => this.destroy(error))
    this.#worker.once('exit', () => this.destroy())
    this.#port.on('message', (message: FromWorker) => this.#receive(message))
  }

  /** Resolves when nothing of the worker runs. */
  get exited(): Promise<unknown> {
    return this.#exited
  }

  override connect(): this {
    process.nextTick(() => (this.errored ? this.emit('error', this.errored) : this.emit('connect')))
    return this
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#taken = done
    const own = Uint8Array.from(chunk)
    this.#send(own, [own.buffer])
  }

  override _writev(chunks: { chunk: Uint8Array }[], done: () => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'utf8', done)
  }

  override _read(): void {
    this.#wanted = true
    this.#deliver()
  }

  override _final(done: () => void): void {
    callbackify(() => this.#close())(() => done())
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    callbackify(() => this.#stop())(() => done(error))
  }

  async #close(): Promise<void> {
    this.#send('close')
    await this.#exited
  }

  async #stop(): Promise<void> {
    await this.#worker.terminate()
    this.#port.close()
  }

  #send(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer)
    Atomics.add(this.#shared, sentMessages, 1)
    Atomics.notify(this.#shared, sentMessages)
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'bytes':
        this.#received.push(message.bytes)
        return this.#deliver()
      case 'taken':
        return this.#taken?.()
      case 'failed':
        this.destroy(new Error(message.message))
        return
      default:
        message satisfies never
    }
  }

  #deliver(): void {
    while (this.#wanted) {
      const bytes = this.#received.shift()
      if (bytes === undefined) return
      Atomics.sub(this.#shared, unreadBytes, bytes.length)
      Atomics.notify(this.#shared, unreadBytes)
      this.#wanted = this.push(bytes)
    }
  }
}
