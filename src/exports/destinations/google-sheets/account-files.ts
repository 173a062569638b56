/** Where logins to Google are kept on this machine: sqlflow's own, and that of gcloud. */
import { join } from 'node:path'

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's folder. */
  readonly home: string
}

/** The login that `sqlflow auth google` keeps. */
export function loginFile(machine: Machine): string {
  return join(configFolder(machine), 'sqlflow', 'google-login.json')
}

/** What `gcloud auth application-default login` keeps. */
export function gcloudFile(machine: Machine): string {
  const chosen = machine.env['CLOUDSDK_CONFIG']
  const folder = chosen ? chosen : join(gcloudParent(machine), 'gcloud')
  return join(folder, 'application_default_credentials.json')
}

function configFolder(machine: Machine): string {
  const chosen = machine.env['XDG_CONFIG_HOME']
  return chosen ? chosen : gcloudParent(machine)
}

function gcloudParent({ env, home }: Machine): string {
  const roaming = env['APPDATA']
  return process.platform === 'win32' && roaming ? roaming : join(home, '.config')
}
