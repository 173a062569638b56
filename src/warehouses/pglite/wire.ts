/**
 * The little of Postgres's protocol that the tunnel has to see: where messages end, and what kind they are. A message is one byte of type, four
 * bytes of length (itself included), and the body.
 */

export const frontend = { copyDone: 0x63, copyFail: 0x66, terminate: 0x58 } as const
export const backend = { copyInResponse: 0x47, errorResponse: 0x45, readyForQuery: 0x5a } as const

const headerLength = 5

/** Cuts a stream of bytes from the client into whole messages; the start-up packet, which has no type, is not among them. */
export class FrontendMessages {
  #pending: Uint8Array = new Uint8Array(0)

  /** The whole messages so far, and the types among them. */
  take(bytes: Uint8Array): { readonly whole: Uint8Array; readonly types: ReadonlySet<number> } {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    const types = new Set<number>()
    let end = 0
    for (let length = messageLength(this.#pending, end); end + length <= this.#pending.length; length = messageLength(this.#pending, end)) {
      types.add(this.#pending[end] ?? 0)
      end += length
    }
    const whole = this.#pending.subarray(0, end)
    this.#pending = this.#pending.subarray(end)
    return { whole, types }
  }
}

/** Infinity while the header is not there. */
function messageLength(bytes: Uint8Array, at: number): number {
  if (bytes.length - at < headerLength) return Infinity
  return 1 + readLength(bytes, at + 1)
}

function readLength(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
}

/** Reports the type of each message in a stream of bytes from the server. */
export class BackendMessages {
  readonly #header = new Uint8Array(headerLength)
  #headerFilled = 0
  #bodyLeft = 0
  readonly #onMessage: (type: number) => void

  constructor(onMessage: (type: number) => void) {
    this.#onMessage = onMessage
  }

  see(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#bodyLeft > 0) {
        const skipped = Math.min(this.#bodyLeft, bytes.length - at)
        this.#bodyLeft -= skipped
        at += skipped
      } else {
        this.#header[this.#headerFilled++] = bytes[at++] ?? 0
        if (this.#headerFilled === headerLength) this.#begin()
      }
    }
  }

  #begin(): void {
    this.#headerFilled = 0
    this.#bodyLeft = readLength(this.#header, 1) - (headerLength - 1)
    this.#onMessage(this.#header[0] ?? 0)
  }
}

/** Answers a start-up packet as a server without a password does. */
export function startupAnswer(parameters: Readonly<Record<string, string>>): Uint8Array {
  return Buffer.concat([
    message('R', int32(0)),
    ...Object.entries(parameters).map(([name, value]) => message('S', text(name), text(value))),
    message('K', int32(0), int32(0)),
    message('Z', Buffer.from('I')),
  ])
}

function message(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function text(value: string): Uint8Array {
  return Buffer.from(`${value}\0`)
}
