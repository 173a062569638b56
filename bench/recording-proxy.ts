/** A proxy in front of a Postgres that keeps the statements which pass, so that psql can be given the same ones, and how long each took. Without TLS. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface RecordingProxy extends AsyncDisposable {
  readonly url: string
  /** Simple queries, each as it was sent: one string, often of many statements. */
  readonly queries: readonly string[]
  /** Milliseconds from each of them to the end of its answer. */
  readonly times: readonly number[]
}

export async function recordStatements(url: string): Promise<RecordingProxy> {
  const queries: string[] = []
  const times: number[] = []
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let asked: { readonly index: number; readonly at: number } | undefined
    const read = messageReader((text) => {
      asked = { index: queries.push(text) - 1, at: performance.now() }
    })
    client.on('data', read)
    upstream.on('data', () => {
      if (asked) times[asked.index] = performance.now() - asked.at // the last piece of the answer says it
    })
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const own = (server.address() as AddressInfo).port
  return {
    url: Object.assign(new URL(url), { port: String(own) }).href,
    queries,
    times,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Messages of the frontend: the first has no type; then a letter, a length, and what it says. */
function messageReader(onQuery: (text: string) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let started = false
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const head = started ? 1 : 0
      if (rest.length < head + 4) return
      const end = head + rest.readUInt32BE(head)
      if (rest.length < end) return
      if (started && rest[0] === 'Q'.charCodeAt(0)) onQuery(rest.toString('utf8', 5, end - 1))
      started ||= rest.readUInt32BE(4) !== sslRequest
      rest = rest.subarray(end)
    }
  }
}

const sslRequest = 80877103
