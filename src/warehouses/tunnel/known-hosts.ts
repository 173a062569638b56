/**
 * known_hosts as OpenSSH keeps it: which keys are known of a host, in the format of sshd(8), hashed names too. A line by `@cert-authority` is about
 * certificates, which are not taken here. Pure.
 */
import { createHash, createHmac } from 'node:crypto'

export interface KnownKey {
  /** `ssh-ed25519`. */
  readonly type: string
  readonly key: Buffer
  readonly revoked: boolean
  /** From 1. */
  readonly line: number
}

/** Keys of the host, in the order of the file. */
export function keysOfHost(text: string, host: string, port: number): readonly KnownKey[] {
  const name = nameOfHost(host, port)
  return text.split(/\r?\n/).flatMap((line, index) => {
    const fields = line.trim().split(/\s+/)
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined
    const [names, type, key] = fields
    if (names === undefined || type === undefined || key === undefined || names.startsWith('#') || marker === '@cert-authority') return []
    if (!isNamed(names, name)) return []
    return [{ type, key: Buffer.from(key, 'base64'), revoked: marker === '@revoked', line: index + 1 }]
  })
}

/** As the file has it: the port stands there where it is not 22. */
export function nameOfHost(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`
}

function isNamed(names: string, host: string): boolean {
  if (names.startsWith('|')) return isHashOf(names, host)
  const patterns = names.toLowerCase().split(',')
  const matches = (pattern: string): boolean => wildcard(pattern).test(host)
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))) return false
  return patterns.some((pattern) => matches(pattern))
}

/** `|1|salt|hash`: HMAC-SHA1 of the name. */
function isHashOf(names: string, host: string): boolean {
  const [, version, salt, hash] = names.split('|')
  if (version !== '1' || salt === undefined || hash === undefined) return false
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(host).digest('base64') === hash
}

function wildcard(pattern: string): RegExp {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`)
}

/** The type that a key in wire format says of itself. */
export function typeOfKey(key: Buffer): string {
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0))
}

/** As `ssh-keygen -l` shows it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replaceAll('=', '')}`
}
