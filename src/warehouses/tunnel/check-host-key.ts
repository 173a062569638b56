/** Whether an ssh server is the one that is known: without that, whoever answers in its place would be trusted. */
import { readFileSync } from 'node:fs'
import { SqlflowError } from '../../core/errors.ts'
import type { TunnelOptions } from '../../core/project.ts'
import { shellWord } from '../../core/shell-word.ts'
import { fingerprintOf, keysOfHost, nameOfHost, typeOfKey, type KnownKey } from './known-hosts.ts'

/** None without the file. */
export function knownKeys({ knownHosts, host, port }: TunnelOptions): readonly KnownKey[] {
  return keysOfHost(readIfThere(knownHosts), host, port)
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new SqlflowError('tunnel-known-hosts', `The file of known hosts, ${file}, cannot be read.`, {
      hint: 'Check that you may read it, or name another: `tunnel: { url: ..., known_hosts: ... }`.',
      cause: error,
    })
  }
}

/** Undefined where the key is known. */
export function judgeHostKey(tunnel: TunnelOptions, known: readonly KnownKey[], key: Buffer): SqlflowError | undefined {
  const { host, port, knownHosts } = tunnel
  const same = known.filter((one) => one.key.equals(key))
  const shown = `${typeOfKey(key)} ${fingerprintOf(key)}`
  if (same.some((one) => one.revoked)) {
    return new SqlflowError('tunnel-host-key', `The ssh server ${host}:${port} has a key that ${knownHosts} revokes: ${shown}.`, {
      hint: 'Do not connect. Ask whoever runs the server.',
    })
  }
  if (same.length > 0) return undefined
  const others = known.filter((one) => !one.revoked)
  return others.length === 0 ? unknownHost(tunnel, shown) : changedKey(tunnel, shown, others)
}

function unknownHost({ host, port, knownHosts }: TunnelOptions, shown: string): SqlflowError {
  const options = port === 22 ? '' : `-p ${port} `
  return new SqlflowError(
    'tunnel-unknown-host',
    `The ssh server ${host}:${port} is unknown: ${knownHosts} has no key of it. Its key is ${shown}.`,
    {
      hint: `Compare that with what whoever runs the server says, then add it: ssh-keyscan ${options}${shellWord(host)} >> ${shellWord(knownHosts)}`,
    },
  )
}

function changedKey({ host, port, knownHosts }: TunnelOptions, shown: string, known: readonly KnownKey[]): SqlflowError {
  const lines = known.map(({ line, key, type }) => `line ${line} (${type} ${fingerprintOf(key)})`).join(', ')
  return new SqlflowError(
    'tunnel-host-key',
    `The ssh server ${host}:${port} has another key than the one that is known: ${shown}, and ${knownHosts} has ${lines}.`,
    {
      hint: `Somebody may stand in between. If whoever runs the server says that it has a new key: ssh-keygen -R ${shellWord(nameOfHost(host, port))} -f ${shellWord(knownHosts)}, and add the new one.`,
    },
  )
}
