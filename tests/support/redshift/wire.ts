/** Messages of the Postgres protocol, cut from a stream and put together. https://www.postgresql.org/docs/current/protocol-message-formats.html */

export interface Message {
  readonly type: string
  readonly body: Buffer
}

/** Cuts a stream into whole messages. The first message of a client has no type. */
export class MessageCutter {
  #pending: Buffer = Buffer.alloc(0)
  #untyped: boolean

  constructor({ startsUntyped }: { readonly startsUntyped: boolean }) {
    this.#untyped = startsUntyped
  }

  *take(bytes: Buffer): Generator<Message> {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    for (;;) {
      const head = this.#untyped ? 0 : 1
      if (this.#pending.length < head + 4) return
      const end = head + this.#pending.readUInt32BE(head)
      if (this.#pending.length < end) return
      const message = { type: this.#pending.toString('latin1', 0, head), body: this.#pending.subarray(head + 4, end) }
      this.#pending = this.#pending.subarray(end)
      yield message
    }
  }

  /** The next message has no type either: an answer to SSLRequest came before it. */
  expectTyped(): void {
    this.#untyped = false
  }
}

export function encode({ type, body }: Message): Buffer {
  const head = Buffer.alloc(type.length + 4)
  head.write(type, 'latin1')
  head.writeUInt32BE(body.length + 4, type.length)
  return Buffer.concat([head, body])
}

export function message(type: string, ...parts: readonly (string | Buffer)[]): Message {
  return { type, body: Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part))) }
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** The text up to a zero byte, and where it goes on. */
export function readText(body: Buffer, from: number): { readonly text: string; readonly next: number } {
  const end = body.indexOf(0, from)
  return { text: body.toString('utf8', from, end), next: end + 1 }
}

/** The fields of an ErrorResponse or NoticeResponse, by their letters. */
export function readFields(body: Buffer): Map<string, string> {
  const fields = new Map<string, string>()
  for (let at = 0; at < body.length && body[at] !== 0;) {
    const { text, next } = readText(body, at + 1)
    fields.set(String.fromCodePoint(body[at]!), text)
    at = next
  }
  return fields
}

export function writeFields(type: 'E' | 'N', fields: ReadonlyMap<string, string>): Message {
  return message(type, ...[...fields].flatMap(([letter, text]) => [Buffer.from(letter), text]), Buffer.from([0]))
}

/** The values of a DataRow, as text. */
export function readRow(body: Buffer): readonly (string | undefined)[] {
  const values: (string | undefined)[] = []
  let at = 2
  for (let left = body.readInt16BE(0); left > 0; left--) {
    const length = body.readInt32BE(at)
    at += 4
    values.push(length === -1 ? undefined : body.toString('utf8', at, at + length))
    at += Math.max(length, 0)
  }
  return values
}
