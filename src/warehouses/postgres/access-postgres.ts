/** The way to a Postgres server. */
import type { Target } from '../../core/project.ts'
import { explainConnectionError } from './connection-errors.ts'
import { connectionSettings } from './connection-settings.ts'
import { createAccess, type ServerAccess } from './server-access.ts'

export function accessPostgres(target: Target, applicationName: string): ServerAccess {
  return createAccess({ target, settings: connectionSettings(target, applicationName), explain: explainConnectionError })
}
