/** `iam:` of a target: whose temporary credentials are asked of AWS. Nothing of it is a secret. */
import type { IamOptions } from '../core/project.ts'
import { compact, listOf } from './compact.ts'
import type { IamConfig } from './schemas/project.ts'

/** Of a cluster, where both are named or neither: the mistake is reported by whoever checks the keys. */
export function resolveIam(config: IamConfig | undefined): IamOptions | undefined {
  if (config === undefined) return undefined
  const { cluster, workgroup, region, profile, user } = config
  if (cluster === undefined && workgroup !== undefined) return compact<IamOptions>({ workgroup, region, profile })
  const databaseGroups = config.database_groups === undefined ? undefined : listOf(config.database_groups)
  return compact<IamOptions>({ cluster: cluster ?? '', region, profile, user, databaseGroups })
}
