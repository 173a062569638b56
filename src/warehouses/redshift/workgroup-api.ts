/** AWS about a workgroup of Redshift Serverless. */
import { SqlflowError } from '../../core/errors.ts'
import type { WorkgroupIam } from '../../core/project.ts'
import { loadOptional } from '../load-optional.ts'
import { clientSettings, loginDuration, toLogin, type AwsApi, type AwsApiOptions } from './aws-api.ts'

export async function openWorkgroupApi(options: AwsApiOptions<WorkgroupIam>): Promise<AwsApi> {
  const { workgroup: workgroupName } = options.iam
  const aws = await loadOptional(
    '@aws-sdk/client-redshift-serverless',
    '`iam` with `workgroup`',
    () => import('@aws-sdk/client-redshift-serverless'),
  )
  const client = new aws.RedshiftServerlessClient(clientSettings(options))
  return {
    endpoint: async () => {
      const { workgroup } = await client.send(new aws.GetWorkgroupCommand({ workgroupName }))
      const { address, port } = workgroup?.endpoint ?? {}
      if (address !== undefined) return { host: address, port: port ?? 5439 }
      const state = (workgroup?.status ?? 'not there').toLowerCase()
      throw new SqlflowError(
        'warehouse-unreachable',
        `The workgroup \`${workgroupName}\` of target \`${options.target}\` has no address yet: it is ${state}.`,
        {
          hint: 'Try again when AWS says that it is available.',
        },
      )
    },
    login: async (dbName) => {
      const given = await client.send(new aws.GetCredentialsCommand({ workgroupName, dbName, durationSeconds: loginDuration }))
      return toLogin(given.dbUser, given.dbPassword, given.expiration)
    },
  }
}
