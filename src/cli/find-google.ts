/** The account of a project, ready to call Google Sheets: found and loaded only where a command needs it. */
import { createMask } from '../core/mask.ts'
import type { Project } from '../core/project.ts'
import type { GoogleAccount } from '../exports/destinations/google-sheets/find-account.ts'
import { readEnvFile } from '../project/environment.ts'
import type { FindGoogle } from '../runner/load-sheets.ts'
import type { CliIo } from './io.ts'

export function googleFinder(io: CliIo, project: GoogleProject): FindGoogle {
  return async () => {
    const account = await findAccount(io, project)
    if (!account) return undefined
    const { openGoogleApi } = await import('../exports/destinations/google-sheets/open-google-api.ts')
    return (options) => openGoogleApi(account, { ...options, endpoint: sheetsEndpoint(io, project) })
  }
}

type GoogleProject = Pick<Project, 'root' | 'google' | 'target'>

/** Its secrets are masked from here on. */
export async function findAccount(io: CliIo, project: GoogleProject): Promise<GoogleAccount | undefined> {
  const { accountOfProject } = await import('../exports/destinations/google-sheets/account-of-project.ts')
  const account = accountOfProject(project, io.env)
  if (!account) return undefined
  const { secretsOfAccount } = await import('../exports/destinations/google-sheets/find-account.ts')
  const [others, own] = [io.mask, createMask(secretsOfAccount(account))]
  io.mask = (text) => own(others(text))
  return account
}

/** `SQLFLOW_SHEETS_ENDPOINT`, of the environment or `.env`: undefined for Google itself. */
export function sheetsEndpoint({ env }: Pick<CliIo, 'env'>, { root }: Pick<Project, 'root'>): string | undefined {
  return { ...readEnvFile(root), ...env }['SQLFLOW_SHEETS_ENDPOINT']
}
