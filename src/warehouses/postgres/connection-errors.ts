/** What to tell a user whose Postgres cannot be connected with: what happened and what to do next, without a credential. */
import type { Client } from 'pg'
import type { ConnectionSettings } from '../pg/pg-pool.ts'
import { SqlflowError } from '../../core/errors.ts'

export interface ConnectionPlace {
  readonly target: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly timeout: number
  /** Never shown; replaced wherever a message of the driver holds it. Of a login that AWS gives, nothing is known here. */
  readonly password: string | undefined
  readonly asksPassword: boolean
  /** `ana@bastion:22`, where the server is reached through it. */
  readonly tunnel?: string
}

export function connectionPlace(
  target: string,
  settings: ConnectionSettings,
  driver: Pick<Client, 'host' | 'port' | 'user' | 'database' | 'password'>,
): ConnectionPlace {
  return {
    target,
    host: driver.host,
    port: driver.port,
    database: driver.database ?? driver.user ?? '',
    user: driver.user ?? '',
    timeout: settings.connectionTimeoutMillis ?? 0,
    password: typeof driver.password === 'string' ? driver.password : undefined,
    asksPassword: typeof driver.password === 'function',
  }
}

/** The error's code, message and hint. */
type Explanation = readonly [code: string, message: string, hint: string]

export function explainConnectionError(error: unknown, place: ConnectionPlace): SqlflowError {
  if (error instanceof SqlflowError) return error
  const message = error instanceof Error ? error.message : String(error)
  const state = error instanceof Error && 'code' in error ? String(error.code) : ''
  const [code, text, hint] = explainState(state, place) ?? explainMessage(message, place) ?? unknownFailure(message, place)
  return new SqlflowError(code, text, { hint })
}

function explainState(state: string, place: ConnectionPlace): Explanation | undefined {
  const { target, host, port, database, user } = place
  switch (state) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [
        'warehouse-unreachable',
        `The host \`${host}\` of target \`${target}\` is unknown.`,
        'Check its spelling in sqlflow.yml and the network (a VPN?).',
      ]
    case 'ECONNREFUSED':
      return [
        'warehouse-unreachable',
        `Nothing answers on ${host}:${port}, the address of target \`${target}\`.`,
        'Is the server running, and is this its port?',
      ]
    case 'ENOENT':
      return [
        'warehouse-unreachable',
        `There is no socket of a Postgres server in ${host}, the address of target \`${target}\`.`,
        'Is the server running, and is this its folder?',
      ]
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [
        'warehouse-unreachable',
        `${host}:${port}, the address of target \`${target}\`, cannot be reached.`,
        'Check the network: a VPN, a firewall, a list of allowed addresses.',
      ]
    case '28P01':
      return place.password === undefined && !place.asksPassword ? passwordMissing(place) : passwordRefused(place)
    case '3D000':
      return [
        'warehouse-unknown-database',
        `There is no database \`${database}\` on ${host}:${port}.`,
        `Check \`database\` of target \`${target}\`, or create it: create database "${database}".`,
      ]
    case '42501':
      return [
        'warehouse-login-refused',
        `The user \`${user}\` may not connect to the database \`${database}\` on ${host}:${port}.`,
        `Its owner can allow it: grant connect on database "${database}" to "${user}".`,
      ]
    case '53300':
      return [
        'warehouse-too-many-connections',
        `The server on ${host}:${port} has no connection free.`,
        'Lower `threads` (or --threads), or end sessions that are idle.',
      ]
    case '57P03':
      return ['warehouse-unreachable', `The server on ${host}:${port} is starting or stopping.`, 'Try again in a moment.']
    default:
      return state in certificateErrors ? certificateFailure(certificateErrors[state] ?? '', place) : undefined
  }
}

function passwordMissing({ target, host, port, user }: ConnectionPlace): Explanation {
  return [
    'warehouse-login-refused',
    `The server on ${host}:${port} asks for a password of user \`${user}\`, and target \`${target}\` gives none.`,
    'Write it as `password: ${NAME}` and set NAME in the environment or in .env.',
  ]
}

function passwordRefused({ target, host, port, user }: ConnectionPlace): Explanation {
  return [
    'warehouse-login-refused',
    `The server on ${host}:${port} refused the password of user \`${user}\`.`,
    `Check the user and the password of target \`${target}\`.`,
  ]
}

const certificateErrors: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'it is signed by an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it is signed by an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'it is signed by an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'it is signed by an authority that this machine does not know',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another host name',
}

function certificateFailure(why: string, { target, host, port }: ConnectionPlace): Explanation {
  return [
    'warehouse-tls',
    `The certificate of ${host}:${port} cannot be trusted: ${why}.`,
    `Give the authority's certificate as \`ssl: { ca: ... }\` of target \`${target}\`. \`ssl: { reject_unauthorized: false }\` turns the check off: then anyone on the way can read along.`,
  ]
}

function explainMessage(message: string, place: ConnectionPlace): Explanation | undefined {
  const { target, host, port, database, user, timeout } = place
  if (/timeout/i.test(message)) {
    return [
      'warehouse-unreachable',
      `${host}:${port}, the address of target \`${target}\`, did not answer within ${timeout / 1000} s.`,
      'Check the network: a VPN, a firewall, a list of allowed addresses.',
    ]
  }
  if (message === 'The server does not support SSL connections') {
    return [
      'warehouse-tls',
      `The server on ${host}:${port} does not speak TLS, which target \`${target}\` asks for.`,
      'Turn TLS on in the server, or write `ssl: false` on a network that you trust.',
    ]
  }
  if (/no encryption|SSL off/.test(message)) {
    return [
      'warehouse-tls',
      `The server on ${host}:${port} takes no connection of \`${user}\` to \`${database}\` without TLS.`,
      `Write \`ssl: true\` in target \`${target}\`.`,
    ]
  }
  if (/no pg_hba\.conf entry/.test(message)) {
    return [
      'warehouse-login-refused',
      `The server on ${host}:${port} does not let \`${user}\` connect to \`${database}\` from here.`,
      'Its pg_hba.conf (or its list of allowed addresses) has to name this user, database and address.',
    ]
  }
  if (message.includes('client password must be a string')) return passwordMissing(place)
  return undefined
}

function unknownFailure(message: string, { target, host, port, password }: ConnectionPlace): Explanation {
  return [
    'warehouse-unreachable',
    `Target \`${target}\` cannot be connected with on ${host}:${port}: ${redact(message, password)}.`,
    'Check its connection in sqlflow.yml.',
  ]
}

function redact(text: string, password: string | undefined): string {
  if (password === undefined || password === '') return text
  return text.replaceAll(password, '***').replaceAll(encodeURIComponent(password), '***')
}
