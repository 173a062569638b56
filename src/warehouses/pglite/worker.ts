/**
 * The thread in which PGlite runs: a server's end of a byte tunnel. While a COPY FROM STDIN runs, Postgres asks for bytes from within the call
 * that runs it, so this thread stands still until the main thread sends them.
 */
import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import { sentMessages, unreadBytes, unreadLimit, type FromWorker, type ToWorker, type WorkerInput } from './channel.ts'
import { openDataDirectory } from './data-directory.ts'
import { growingMessage } from './growing-message.ts'
import { vacuumGrown } from './vacuum-grown.ts'
import { backend, BackendMessages, FrontendMessages, frontend, startupAnswer } from './wire.ts'

const { directory, port, shared }: WorkerInput = workerData

const chunkSize = 64 * 1024
const messages = new FrontendMessages()
let chunk = new Uint8Array(chunkSize)
let filled = 0
let started = false
/** Postgres reads the rows of a COPY. */
let copying = false

const output = new BackendMessages((type) => {
  if (type === backend.copyInResponse) copying = true
  if (type === backend.errorResponse) copying = false
})

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}

/** Sends what Postgres wrote, and waits while the main thread has too much of it. */
function flush(): void {
  if (filled === 0) return
  Atomics.add(shared, unreadBytes, filled)
  const bytes = takeFilled()
  post({ type: 'bytes', bytes }, [bytes.buffer])
  for (let unread = Atomics.load(shared, unreadBytes); unread > unreadLimit; unread = Atomics.load(shared, unreadBytes)) {
    Atomics.wait(shared, unreadBytes, unread)
  }
}

/** The chunk itself when it is full; a small answer does not cost a new chunk. */
function takeFilled(): Uint8Array<ArrayBuffer> {
  const full = filled === chunkSize
  const bytes = full ? chunk : chunk.slice(0, filled)
  if (full) chunk = new Uint8Array(chunkSize)
  filled = 0
  return bytes
}

function send(bytes: Uint8Array): void {
  output.see(bytes)
  for (let at = 0; at < bytes.length;) {
    const part = bytes.subarray(at, at + chunkSize - filled)
    chunk.set(part, filled)
    filled += part.length
    at += part.length
    if (filled === chunkSize) flush()
  }
}

/** Stands still until the main thread has sent something. */
function takeNow(): ToWorker {
  for (;;) {
    const seen = Atomics.load(shared, sentMessages)
    const received: { message: ToWorker } | undefined = receiveMessageOnPort(port)
    if (received !== undefined) return received.message
    Atomics.wait(shared, sentMessages, seen)
  }
}

/** The next bytes of a COPY, or nothing when it is over. */
function takeCopyBytes(): Uint8Array | undefined {
  flush()
  while (copying) {
    const bytes = takeNow()
    if (bytes === 'close') return undefined
    post({ type: 'taken' })
    const { whole, types } = messages.take(bytes)
    if (types.has(frontend.copyDone) || types.has(frontend.copyFail)) copying = false
    if (whole.length > 0) return whole
  }
  return undefined
}

async function execute(bytes: Uint8Array): Promise<void> {
  if (!started) return greet()
  const { whole, types } = messages.take(bytes)
  if (whole.length === 0 || types.has(frontend.terminate)) return
  await database.execProtocolRawStream(growingMessage(whole, takeCopyBytes), { syncToFs: false, onRawData: send })
  flush()
}

/** The first bytes are the start-up packet, which PGlite is past already. */
function greet(): void {
  started = true
  send(
    startupAnswer({
      server_version: '18',
      server_encoding: 'UTF8',
      client_encoding: 'UTF8',
      DateStyle: 'ISO, MDY',
      integer_datetimes: 'on',
    }),
  )
  flush()
}

async function close(): Promise<void> {
  await vacuumGrown(database, 2000)
  await database.close()
  port.close()
}

/** Messages are handled one after another: a call of PGlite must have ended before the next begins. */
let last: Promise<void> = Promise.resolve()

function handle(message: ToWorker): void {
  last = last.then(() => {
    if (message === 'close') return close()
    post({ type: 'taken' })
    return execute(message)
  })
  last.catch((error: unknown) => post({ type: 'failed', message: error instanceof Error ? error.message : String(error) }))
}

function failToOpen(error: unknown): never {
  post({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  port.close()
  throw error
}

const database = await openDataDirectory(directory).catch(failToOpen)
port.on('message', handle)
