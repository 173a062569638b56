/**
 * A real ssh server for tests: it logs in those whose key it knows, and forwards to any port. Its host keys are made for it.
 *
 *     await using bastion = await startSshServer()
 *     tunnel: { url: bastion.url, key: bastion.keyFile, known_hosts: bastion.knownHosts }
 */
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import ssh2, { type Connection, type ParsedKey } from 'ssh2'
import { createTemporaryFolder } from '../databases.ts'

export interface SshServer extends AsyncDisposable {
  readonly port: number
  /** `ssh://ana@127.0.0.1:PORT`. */
  readonly url: string
  /** A folder of its own, with the files of the person who logs in. */
  readonly folder: string
  /** The private key that it lets in. */
  readonly keyFile: string
  readonly key: string
  /** A file that knows its keys, under a plain name. */
  readonly knownHosts: string
  /** `[127.0.0.1]:PORT`. */
  readonly name: string
  /** The line of known_hosts of a host key, under the name given. */
  readonly line: (type: HostKeyType, name?: string) => string
  /** Ports that were forwarded to, in order. */
  readonly forwarded: readonly number[]
  /** Connections that logged in. */
  readonly logins: () => number
  /** Breaks every connection off, as a network does. */
  readonly drop: () => void
}

export type HostKeyType = 'ed25519' | 'ecdsa'

export interface SshServerOptions {
  /** Forwards nowhere. */
  readonly refusesForwarding?: boolean
  /** Forwards to where nobody answers. */
  readonly findsNobody?: boolean
}

const user = 'ana'

/** A name of this machine that its network alone knows. */
export const innerHost = 'warehouse.example.org'

export async function startSshServer({ refusesForwarding = false, findsNobody = false }: SshServerOptions = {}): Promise<SshServer> {
  const folder = await createTemporaryFolder()
  const hostKeys = { ed25519: makeKey('ed25519'), ecdsa: makeKey('ecdsa') }
  const mine = makeKey('ed25519')
  const forwarded: number[] = []
  const connections = new Set<Connection>()
  let logins = 0
  const server = new ssh2.Server({ hostKeys: [hostKeys.ecdsa.private, hostKeys.ed25519.private] }, (connection) => {
    connections.add(connection)
    if ('setNoDelay' in connection && typeof connection.setNoDelay === 'function') connection.setNoDelay(true) // as sshd
    connection.on('error', () => undefined)
    connection.on('close', () => connections.delete(connection))
    connection.on('authentication', (asked) => {
      const isKnown = asked.method === 'publickey' && asked.username === user && isSame(parse(mine.private), asked.key.data)
      if (!isKnown) return asked.reject(['publickey'])
      if (asked.signature !== undefined) {
        const isSigned: unknown = parse(mine.private).verify(asked.blob ?? Buffer.alloc(0), asked.signature, asked.hashAlgo)
        if (isSigned !== true) return asked.reject() // or an Error
      }
      asked.accept()
    })
    connection.on('ready', () => logins++)
    if (refusesForwarding) return
    connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
      forwarded.push(destPort)
      if (findsNobody) return
      const socket = connect(destPort, destIP === innerHost ? '127.0.0.1' : destIP)
      socket.once('error', () => reject())
      socket.once('connect', () => {
        const channel = accept()
        socket.removeAllListeners('error').on('error', () => channel.destroy())
        channel.on('error', () => socket.destroy())
        channel.on('close', () => socket.destroy())
        socket.on('close', () => channel.end())
        channel.pipe(socket).pipe(channel)
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const name = `[127.0.0.1]:${port}`
  const line = (type: HostKeyType, as = name): string => `${as} ${hostKeys[type].public}\n`
  const files = { key: path.join(folder.path, 'id_ed25519'), knownHosts: path.join(folder.path, 'known_hosts') }
  await writeFile(files.key, mine.private, { mode: 0o600 })
  await writeFile(files.knownHosts, `# those that are known\n${line('ed25519')}`)
  return {
    port,
    url: `ssh://${user}@127.0.0.1:${port}`,
    folder: folder.path,
    keyFile: files.key,
    key: mine.private,
    knownHosts: files.knownHosts,
    name,
    line,
    forwarded,
    logins: () => logins,
    drop: () => {
      for (const connection of connections) connection.end()
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const connection of connections) connection.end()
      await closed
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** As `HashKnownHosts yes` writes a name. */
export function hashName(name: string): string {
  const salt = randomBytes(20)
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

export function makeKey(type: HostKeyType, passphrase?: string): { readonly private: string; readonly public: string } {
  const locked = passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 16 }
  return makeKeyPair(type, { bits: 256, ...locked })
}

/** Its types know of no options in common. */
const makeKeyPair: (
  type: HostKeyType,
  options: { readonly bits: number; readonly passphrase?: string; readonly cipher?: string; readonly rounds?: number },
) => ReturnType<typeof ssh2.utils.generateKeyPairSync> = ssh2.utils.generateKeyPairSync

function parse(key: string): ParsedKey {
  const parsed = ssh2.utils.parseKey(key)
  if (parsed instanceof Error) throw parsed
  return Array.isArray(parsed) ? parsed[0]! : parsed
}

function isSame(known: ParsedKey, shown: Buffer): boolean {
  return known.getPublicSSH().equals(shown)
}

/** An agent of ssh that holds one key; its socket is in the folder given. */
export async function startSshAgent(folder: string, key: string): Promise<AsyncDisposable & { readonly socket: string }> {
  const held = parse(key)
  const socket = path.join(folder, 'agent.sock')
  const server = createServer((client) => {
    const protocol = new ssh2.AgentProtocol(false)
    protocol.on('identities', (request) => protocol.getIdentitiesReply(request, [held]))
    protocol.on('sign', (request, _key, data) => protocol.signReply(request, held.sign(data)))
    client.on('error', () => undefined)
    client.pipe(protocol).pipe(client)
  })
  server.listen(socket)
  await once(server, 'listening')
  return {
    socket,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

/** A port of this machine on which nothing listens. */
export async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
