/** What to tell a user whose tunnel cannot be opened: what happened and what to do next, without a credential. */
import { SqlflowError } from '../../core/errors.ts'
import type { SshTunnelOptions } from './ssh-tunnel.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** `ana@bastion.example.org:22`. */
export function placeOfTunnel({ tunnel: { user, host, port } }: Pick<SshTunnelOptions, 'tunnel'>): string {
  return `${user}@${host}:${port}`
}

const failed = (message: string, hint: string): SqlflowError => new SqlflowError('tunnel-failed', message, { hint })

export function keyMissing({ target, tunnel }: SshTunnelOptions): SqlflowError {
  return new SqlflowError('tunnel-login-refused', `The tunnel of target \`${target}\` has no key to log in to ${tunnel.host} with.`, {
    hint: 'Start an agent and add your key (SSH_AUTH_SOCK says where it is; `ssh-add -l` lists its keys), or name a file: `tunnel: { url: ..., key: ~/.ssh/id_ed25519 }`.',
  })
}

export function keyUnreadable(file: string, cause: unknown, { target }: SshTunnelOptions): SqlflowError {
  return new SqlflowError('tunnel-login-refused', `The key of the tunnel of target \`${target}\`, ${file}, cannot be read.`, {
    hint: 'Check `key` of `tunnel`, and that you may read the file.',
    cause,
  })
}

/** Of the connection to the ssh server. */
export function explainLoginError(error: Error, options: SshTunnelOptions): SqlflowError {
  if (error instanceof SqlflowError) return error
  const { target, tunnel, timeout } = options
  const place = placeOfTunnel(options)
  const code = 'code' in error ? String(error.code) : ''
  const level = 'level' in error ? String(error.level) : ''
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failed(
        `The host \`${tunnel.host}\` of the tunnel of target \`${target}\` is unknown.`,
        'Check `tunnel` in sqlflow.yml. A name of ~/.ssh/config is none here: write the host itself.',
      )
    case 'ECONNREFUSED':
      return failed(
        `Nothing answers on ${tunnel.host}:${tunnel.port}, the tunnel of target \`${target}\`.`,
        'Is the ssh server running, and is this its port?',
      )
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return silent(options)
    default:
  }
  if (level === 'client-timeout' || /timed out/i.test(error.message)) return silent({ target, tunnel, timeout })
  if (level === 'client-authentication') return loginRefused(options)
  if (level === 'agent' || /agent/i.test(error.message)) {
    return new SqlflowError('tunnel-login-refused', `The agent of ssh, ${tunnel.agent ?? ''}, gives no key for ${place}.`, {
      hint: 'Is it running? `ssh-add -l` lists its keys, `ssh-add` adds one.',
    })
  }
  if (/passphrase|Encrypted|integrity check failed|decrypt/i.test(error.message)) return keyLocked(options)
  if (/privateKey|private key|key format/i.test(error.message)) {
    return new SqlflowError('tunnel-login-refused', `The key of the tunnel of target \`${target}\` is none that can be read.`, {
      hint: 'It has to be a private key of OpenSSH or PEM, such as `ssh-keygen -t ed25519` makes.',
    })
  }
  return failed(
    `The tunnel of target \`${target}\` through ${place} cannot be opened: ${error.message}.`,
    'Check `tunnel` in sqlflow.yml; `ssh -v` with the same user and host tells more.',
  )
}

function silent({ target, tunnel, timeout }: SshTunnelOptions): SqlflowError {
  return failed(
    `${tunnel.host}:${tunnel.port}, the tunnel of target \`${target}\`, did not answer within ${timeout / 1000} s.`,
    'Check the network: its security group or firewall has to let this machine in.',
  )
}

function loginRefused(options: SshTunnelOptions): SqlflowError {
  const { tunnel } = options
  const keys = tunnel.key === undefined ? 'the keys of the agent' : 'the key'
  return new SqlflowError(
    'tunnel-login-refused',
    `The ssh server ${tunnel.host}:${tunnel.port} refused ${keys} of user \`${tunnel.user}\`.`,
    {
      hint: 'Its `~/.ssh/authorized_keys` of that user has to hold the public key; `ssh-add -l` lists those of the agent.',
    },
  )
}

function keyLocked({ target }: SshTunnelOptions): SqlflowError {
  return new SqlflowError(
    'tunnel-login-refused',
    `The key of the tunnel of target \`${target}\` is locked by a passphrase, which is missing or wrong.`,
    {
      hint: 'Write it as `tunnel: { url: ..., key: ..., passphrase: ${NAME} }`, with NAME a secret of `env:`; or add the key to the agent.',
    },
  )
}

/** Of a channel from the ssh server to the warehouse. */
export function explainChannelError(error: Error, options: SshTunnelOptions, { host, port }: Address): SqlflowError {
  const reason = 'reason' in error ? error.reason : undefined
  const place = placeOfTunnel(options)
  if (reason === 1) {
    return failed(
      `The ssh server of ${place} does not forward to ${host}:${port}.`,
      'Its sshd_config has to allow it: `AllowTcpForwarding yes`, and `PermitOpen` where that is set.',
    )
  }
  if (reason === 2) {
    return new SqlflowError(
      'warehouse-unreachable',
      `${host}:${port}, the address of target \`${options.target}\`, does not answer the ssh server of ${place}.`,
      {
        hint: 'Is the host spelled as the ssh server knows it, and does its security group or firewall let that server in?',
      },
    )
  }
  return failed(
    `The tunnel through ${place} opens no way to ${host}:${port}: ${error.message}.`,
    'Run the command again; `ssh -v` with the same user and host tells more.',
  )
}
