/** The account of a project, ready to call Google Sheets: found and loaded only where a command needs it. */
import type { Project } from '../core/project.ts'
import type { FindGoogle } from '../runner/load-sheets.ts'
import type { CliIo } from './io.ts'

export function googleFinder(io: Pick<CliIo, 'env'>, project: Pick<Project, 'root' | 'google' | 'target'>): FindGoogle {
  return async () => {
    const { accountOfProject } = await import('../exports/destinations/google-sheets/account-of-project.ts')
    const account = accountOfProject(project, io.env)
    if (!account) return undefined
    const { openGoogleApi } = await import('../exports/destinations/google-sheets/open-google-api.ts')
    return (options) => openGoogleApi(account, { ...options, endpoint: io.env['SQLFLOW_SHEETS_ENDPOINT'] })
  }
}
