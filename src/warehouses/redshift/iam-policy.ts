/**
 * The least that an IAM identity has to be allowed, as a statement to paste into its policy. Pure.
 * https://docs.aws.amazon.com/redshift/latest/mgmt/generating-iam-credentials-role-permissions.html
 */
import type { IamOptions } from '../../core/project.ts'

/** What is asked of AWS: where the warehouse is, or a login. */
export type AwsAction = 'endpoint' | 'login'

export interface PolicyOptions {
  readonly iam: IamOptions
  readonly database: string
  /** `*` where it is not known. */
  readonly account: string
  readonly region: string
}

export interface PolicyStatement {
  readonly Effect: 'Allow'
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
}

export function policyStatement(action: AwsAction, { iam, database, account, region }: PolicyOptions): PolicyStatement {
  const arn = (service: string, resource: string): string => `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`
  const allow = (Action: PolicyStatement['Action'], Resource: PolicyStatement['Resource']): PolicyStatement => ({
    Effect: 'Allow',
    Action,
    Resource,
  })
  if ('workgroup' in iam) {
    return allow(
      action === 'endpoint' ? 'redshift-serverless:GetWorkgroup' : 'redshift-serverless:GetCredentials',
      arn('redshift-serverless', 'workgroup/*'),
    )
  }
  const { cluster, user, databaseGroups = [] } = iam
  if (action === 'endpoint') return allow('redshift:DescribeClusters', arn('redshift', `cluster:${cluster}`))
  const name = arn('redshift', `dbname:${cluster}/${database}`)
  if (user === undefined) return allow('redshift:GetClusterCredentialsWithIAM', name)
  const login = [name, arn('redshift', `dbuser:${cluster}/${user}`)]
  if (databaseGroups.length === 0) return allow('redshift:GetClusterCredentials', login)
  const groups = databaseGroups.map((group) => arn('redshift', `dbgroup:${cluster}/${group}`))
  return allow(['redshift:GetClusterCredentials', 'redshift:JoinGroup'], [...login, ...groups])
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}
