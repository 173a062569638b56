/** Secrets of sqlflow itself, in variables of the environment that no project declares: masked like those that one does. */
import type { Environment } from '../project/environment.ts'
import { secretsOfGoogle } from '../project/google-settings.ts'

export function ownSecrets(env: Environment): readonly string[] {
  const webhook = env['SQLFLOW_FAILURE_WEBHOOK'] ?? ''
  return [
    ...(webhook === '' ? [] : [webhook, ...pathOf(webhook)]),
    ...secretsOfGoogle({ credentials: env['SQLFLOW_GOOGLE_CREDENTIALS'] ?? '' }),
  ]
}

/** What makes the address of a webhook a secret stands behind its host. */
function pathOf(address: string): readonly string[] {
  const url = URL.parse(address)
  const path = url === null ? '' : url.pathname + url.search
  return path.length > 1 ? [path] : []
}
