/**
 * What the main thread and the worker of PGlite say to each other, and the numbers they share. Bytes are in order both ways; neither side ever
 * holds more than a few megabytes of the other's.
 */
import type { MessagePort } from 'node:worker_threads'

/** Bytes of the client's protocol; `close` flushes everything to disk and ends the worker. */
export type ToWorker = Uint8Array | 'close'

export type FromWorker =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  /** One message of the main thread was taken, so it may send the next. */
  | { readonly type: 'taken' }
  | { readonly type: 'failed'; readonly message: string }

export interface WorkerInput {
  readonly directory: string
  readonly port: MessagePort
  readonly shared: Int32Array<SharedArrayBuffer>
}

/** Index of the bytes that the worker has sent and the main thread has not read yet. */
export const unreadBytes = 0
/** Index of the count of messages that the main thread has sent. */
export const sentMessages = 1

/** The worker stands still while more than this is unread. */
export const unreadLimit = 4 * 1024 * 1024

export function createShared(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))
}
