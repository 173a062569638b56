/**
 * `tunnel:` of a target: the ssh server that leads to the warehouse, and where its keys are. `~/.ssh/config` is not read: what a run does is written
 * in the project.
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TunnelOptions } from '../core/project.ts'
import { compact } from './compact.ts'
import type { TunnelConfig } from './schemas/project.ts'

interface Surroundings {
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Takes what is wrong, which never holds a value. */
  readonly report: (what: string) => void
}

export function resolveTunnel(config: TunnelConfig | undefined, { root, environment, report }: Surroundings): TunnelOptions | undefined {
  if (config === undefined) return undefined
  const {
    url: text,
    key,
    passphrase,
    known_hosts: knownHosts = '~/.ssh/known_hosts',
  } = typeof config === 'string' ? { url: config } : config
  const url = URL.parse(text)
  if (url?.protocol !== 'ssh:' || url.hostname === '' || url.username === '') {
    report('must be one such as `ssh://user@bastion.example.org:22`')
    return undefined
  }
  if (url.password !== '') report('holds a password; the ssh server is logged in to by a key')
  if (passphrase !== undefined && key === undefined) report('has a `passphrase` without the `key` that it unlocks')
  const home = environment['HOME'] ?? homedir()
  const place = (path: string): string => (path.startsWith('~/') ? join(home, path.slice(2)) : resolve(root, path))
  return compact<TunnelOptions>({
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 22),
    user: decodeURIComponent(url.username),
    key: key === undefined || isKey(key) ? key : place(key),
    passphrase,
    knownHosts: place(knownHosts),
    agent: environment['SSH_AUTH_SOCK'],
  })
}

/** The text of a key, where its file could stand. */
export function isKey(text: string): boolean {
  return text.includes('-----BEGIN')
}

/** What must be masked. */
export function secretsOfTunnel(tunnel: TunnelOptions | undefined): readonly string[] {
  const { key, passphrase } = tunnel ?? {}
  return [...(key !== undefined && isKey(key) ? [key] : []), ...(passphrase === undefined ? [] : [passphrase])]
}
