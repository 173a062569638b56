/**
 * A target's connection as the driver takes it: from a URL, from parts, or from both (parts win). What is absent falls back to the driver's
 * own `PGHOST`, `PGUSER` and so on. TLS verifies the server's certificate wherever it is on.
 */
import type { ConnectionSettings } from '../pg/pg-pool.ts'
import { SqlflowError } from '../../core/errors.ts'
import type { ConnectionOptions, Target } from '../../core/project.ts'
import { textTypes } from '../pg/text-types.ts'

const defaultConnectTimeout = 10_000

/** What a kind of warehouse has where a target says nothing. */
export interface ConnectionDefaults {
  readonly port?: number
  readonly ssl?: boolean
  /** Of a URL, beside Postgres's own. */
  readonly protocol?: string
}

/** Throws SqlflowError `warehouse-url` without quoting the URL, which may hold a password. */
export function connectionSettings(target: Target, applicationName: string, defaults: ConnectionDefaults = {}): ConnectionSettings {
  const { connection } = target
  const fromUrl = connection.url === undefined ? {} : readUrl(connection.url, target.name, defaults)
  const parts = {
    host: connection.host ?? fromUrl.host,
    port: connection.port ?? fromUrl.port ?? defaults.port,
    database: connection.database ?? fromUrl.database,
    user: connection.user ?? fromUrl.user,
    password: connection.password ?? fromUrl.password,
    ssl: tls(connection.ssl ?? fromUrl.ssl ?? defaults.ssl),
  }
  return {
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)),
    application_name: applicationName,
    connectionTimeoutMillis: connection.connectTimeout ?? defaultConnectTimeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    types: textTypes,
  }
}

type UrlParts = Pick<ConnectionOptions, 'host' | 'port' | 'database' | 'user' | 'password' | 'ssl'>

function readUrl(text: string, targetName: string, { protocol = 'postgres', port = 5432 }: ConnectionDefaults): UrlParts {
  const url = URL.parse(text)
  if (url === null || ![`${protocol}:`, 'postgres:', 'postgresql:'].includes(url.protocol)) {
    const kind = protocol === 'redshift' ? 'Redshift' : 'Postgres'
    throw new SqlflowError('warehouse-url', `The \`url\` of target \`${targetName}\` is not a ${kind} URL.`, {
      hint: `Write ${protocol}://user:password@host:${port}/database. Characters such as @, /, # and % in a password are percent-encoded: %40, %2F, %23, %25.`,
    })
  }
  const query = url.searchParams
  const ssl = readSslMode(query.get('sslmode'), targetName)
  return {
    ...present('host', query.get('host') ?? decode(url.hostname).replace(/^\[(.*)\]$/, '$1')),
    ...present('database', decode(url.pathname.slice(1))),
    ...present('user', decode(url.username)),
    ...present('password', decode(url.password)),
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(ssl !== undefined && { ssl }),
  }
}

function present<K extends string>(key: K, value: string): { readonly [key in K]?: string } {
  return value === '' ? {} : ({ [key]: value } as { readonly [key in K]: string })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** libpq's modes. Those that ask for encryption verify here, except for `no-verify`. */
function readSslMode(mode: string | null, targetName: string): ConnectionOptions['ssl'] {
  switch (mode) {
    case null:
      return undefined
    case 'disable':
    case 'allow':
    case 'prefer':
      return false
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return true
    case 'no-verify':
      return { rejectUnauthorized: false }
    default:
      throw new SqlflowError('warehouse-url', `The \`url\` of target \`${targetName}\` has an unknown sslmode, \`${mode}\`.`, {
        hint: 'It is one of disable, require, verify-full and no-verify.',
      })
  }
}

function tls(ssl: ConnectionOptions['ssl']): ConnectionSettings['ssl'] {
  if (ssl === undefined || ssl === false) return false
  if (ssl === true) return { rejectUnauthorized: true }
  return { rejectUnauthorized: ssl.rejectUnauthorized, ...(ssl.ca !== undefined && { ca: ssl.ca }) }
}
