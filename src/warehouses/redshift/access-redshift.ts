/** The way to a Redshift: its port, TLS wherever nobody turned it off, and a login that the target gives or AWS does. */
import type { Target } from '../../core/project.ts'
import { connectionSettings } from '../postgres/connection-settings.ts'
import { createAccess, type ServerAccess } from '../postgres/server-access.ts'
import { createIamAccess } from './iam-access.ts'
import { explainRedshiftError } from './redshift-errors.ts'

export function accessRedshift(target: Target, applicationName: string): ServerAccess {
  const settings = connectionSettings(target, applicationName, { port: 5439, ssl: true, protocol: 'redshift' })
  const { iam } = target.connection
  const { host, database = '', connectionTimeoutMillis: timeout = 0 } = settings
  return createAccess({
    target,
    settings,
    explain: explainRedshiftError,
    ...(iam && createIamAccess({ iam, target: target.name, host, database, timeout })),
  })
}
