/** AWS about a cluster of its own. */
import { SqlflowError } from '../../core/errors.ts'
import type { ClusterIam } from '../../core/project.ts'
import { shellWord } from '../../core/shell-word.ts'
import { loadOptional } from '../load-optional.ts'
import { clientSettings, loginDuration, toLogin, type AwsApi, type AwsApiOptions, type Endpoint } from './aws-api.ts'

export async function openClusterApi(options: AwsApiOptions<ClusterIam>): Promise<AwsApi> {
  const { cluster, user, databaseGroups } = options.iam
  const aws = await loadOptional('@aws-sdk/client-redshift', '`iam` with `cluster`', () => import('@aws-sdk/client-redshift'))
  const client = new aws.RedshiftClient(clientSettings(options))
  return {
    endpoint: async () => {
      const { Clusters } = await client.send(new aws.DescribeClustersCommand({ ClusterIdentifier: cluster }))
      const [found] = Clusters ?? []
      return readEndpoint(options, found?.ClusterStatus, found?.Endpoint)
    },
    login: async (database) => {
      const asked = { ClusterIdentifier: cluster, DbName: database, DurationSeconds: loginDuration }
      if (user === undefined) {
        const given = await client.send(new aws.GetClusterCredentialsWithIAMCommand(asked))
        return toLogin(given.DbUser, given.DbPassword, given.Expiration)
      }
      const groups = databaseGroups === undefined ? {} : { DbGroups: [...databaseGroups] }
      const given = await client.send(new aws.GetClusterCredentialsCommand({ ...asked, DbUser: user, AutoCreate: false, ...groups }))
      return toLogin(given.DbUser, given.DbPassword, given.Expiration)
    },
  }
}

function readEndpoint(
  { iam: { cluster, region, profile }, target }: AwsApiOptions<ClusterIam>,
  status: string | undefined,
  endpoint: { readonly Address?: string | undefined; readonly Port?: number | undefined } | undefined,
): Endpoint {
  if (status === 'paused' || status === 'pausing') {
    const options = [region && ` --region ${shellWord(region)}`, profile && ` --profile ${shellWord(profile)}`].filter(Boolean).join('')
    throw new SqlflowError('warehouse-paused', `The cluster \`${cluster}\` of target \`${target}\` is paused.`, {
      hint: `Resume it, which takes some minutes: aws redshift resume-cluster --cluster-identifier ${shellWord(cluster)}${options}`,
    })
  }
  if (endpoint?.Address === undefined) {
    throw new SqlflowError(
      'warehouse-unreachable',
      `The cluster \`${cluster}\` of target \`${target}\` has no address yet: it is ${status ?? 'not there'}.`,
      {
        hint: 'Try again when AWS says that it is available.',
      },
    )
  }
  return { host: endpoint.Address, port: endpoint.Port ?? 5439 }
}
