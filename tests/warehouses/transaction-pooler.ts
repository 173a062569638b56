/**
 * A pooler in transaction mode, small: it greets each client itself and lends its one session of the server for one transaction at a time, as
 * PgBouncer does.
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { BackendMessages, startupAnswer } from '../../src/warehouses/pglite/wire.ts'

export interface TransactionPooler extends AsyncDisposable {
  readonly port: number
}

/** In front of a server that takes the password of its URL as it is. */
export async function startTransactionPooler({ url }: { readonly url: URL }): Promise<TransactionPooler> {
  const session = connect(Number(url.port), url.hostname)
  await once(session, 'connect')
  session.write(startupPacket({ user: url.username, database: url.pathname.slice(1) }))
  session.write(passwordMessage(url.password))
  let borrower: Socket | undefined
  const waiting: { readonly client: Socket; readonly bytes: Buffer }[] = []
  let greeted: (() => void) | undefined
  const ready = new Promise<void>((resolve) => (greeted = resolve))

  const lend = (): void => {
    const next = waiting.shift()
    borrower = next?.client
    if (next !== undefined) session.write(next.bytes)
  }
  const messages = new BackendMessages((type) => {
    if (type === 'Z'.charCodeAt(0)) idle = true
  })
  let idle = false
  session.on('data', (bytes) => {
    idle = false
    messages.see(bytes)
    if (greeted === undefined) borrower?.write(bytes)
    if (!idle) return
    greeted?.()
    greeted = undefined
    if (bytes.at(-1) === 'I'.charCodeAt(0)) lend()
  })
  await ready

  const listener = createServer((client) => {
    client.on('error', () => undefined)
    client.once('data', () => {
      client.write(startupAnswer({ server_version: '18' }))
      client.on('data', (bytes) => {
        if (bytes[0] === 'X'.charCodeAt(0)) return client.destroy()
        if (borrower === client) return session.write(bytes)
        waiting.push({ client, bytes })
        if (borrower === undefined) lend()
        return undefined
      })
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      session.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}

function startupPacket(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(body.length + 8, 0)
  head.writeInt32BE(3 << 16, 4)
  return Buffer.concat([head, body])
}

function passwordMessage(password: string): Buffer {
  const head = Buffer.from('p\0\0\0\0')
  head.writeInt32BE(password.length + 5, 1)
  return Buffer.concat([head, Buffer.from(`${password}\0`)])
}
