/** What to tell a user whom AWS gave nothing: what happened and what to do next, without a credential. */
import { SqlflowError } from '../../core/errors.ts'
import type { IamOptions } from '../../core/project.ts'
import { shellWord } from '../../core/shell-word.ts'
import { policyStatement, type AwsAction } from './iam-policy.ts'

export interface AwsPlace {
  readonly iam: IamOptions
  readonly target: string
  readonly database: string
  readonly timeout: number
}

/** `error` is what AWS's client threw. */
export function explainAwsError(error: unknown, action: AwsAction, place: AwsPlace): SqlflowError {
  const { name, message, code } = read(error)
  const { iam, target, timeout } = place
  if (message.startsWith('Region is missing')) {
    return failed(
      'aws-region',
      `\`iam\` of target \`${target}\` names no region, and neither does the environment.`,
      'Write `region:` under `iam`, such as us-east-1.',
    )
  }
  if (/^(?:AccessDenied|UnauthorizedOperation|NotAuthorized)/.test(name)) return accessDenied(message, action, place)
  if (/^(?:ClusterNotFound|ResourceNotFound)/.test(name)) return notFound(place)
  if (/\bSSO session|aws sso login/i.test(message)) return sessionExpired(place)
  if (/Credentials(Provider)?Error/.test(name) || /Could not load credentials/i.test(message))
    return place.iam.profile === undefined ? noCredentials(place) : noProfile(place.iam.profile, place)
  if (/^(?:ExpiredToken|RequestExpired)/.test(name)) {
    return failed(
      'aws-credentials',
      `The credentials for AWS that target \`${target}\` uses have expired.`,
      `Get new ones: ${renewal(iam)}, or whatever set AWS_SESSION_TOKEN.`,
    )
  }
  if (/^(?:InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature)/.test(name)) {
    return failed(
      'aws-credentials',
      `AWS does not know the credentials that target \`${target}\` uses.`,
      'Check them: `aws sts get-caller-identity` asks who they are. A clock that is wrong spoils them too.',
    )
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return failed(
      'aws-unreachable',
      `AWS cannot be reached for target \`${target}\`: its host for ${iam.region ?? 'the region'} is unknown.`,
      'Check `region` of `iam`, and the network.',
    )
  }
  if (name === 'TimeoutError' || ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) {
    return failed(
      'aws-unreachable',
      `AWS did not answer for target \`${target}\` within ${timeout / 1000} s.`,
      'Check the network. From a VPC without a way to the internet, Redshift needs an interface endpoint (VPC endpoint) for its API.',
    )
  }
  return failed(
    'aws-refused',
    `AWS gave nothing for ${subjectOf(iam)} of target \`${target}\`: ${name}: ${message.replace(/\.$/, '')}.`,
    'Check `iam` of the target.',
  )
}

function failed(code: string, message: string, hint: string): SqlflowError {
  return new SqlflowError(code, message, { hint })
}

function read(error: unknown): { readonly name: string; readonly message: string; readonly code: string } {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: '' }
  return { name: error.name, message: error.message, code: 'code' in error ? String(error.code) : '' }
}

function subjectOf(iam: IamOptions): string {
  return 'cluster' in iam ? `the cluster \`${iam.cluster}\`` : `the workgroup \`${iam.workgroup}\``
}

function renewal({ profile }: IamOptions): string {
  return `aws sso login${profile === undefined ? '' : ` --profile ${shellWord(profile)}`}`
}

function sessionExpired({ iam, target }: AwsPlace): SqlflowError {
  return failed(
    'aws-credentials',
    `The session of AWS SSO that target \`${target}\` uses has expired, or was never begun.`,
    `Log in: ${renewal(iam)}`,
  )
}

function noProfile(profile: string, { target }: AwsPlace): SqlflowError {
  return failed(
    'aws-credentials',
    `The profile \`${profile}\` of AWS that target \`${target}\` uses is in no file of this machine, or gives no credentials.`,
    '`aws configure list-profiles` lists those that there are; `aws configure sso` makes one.',
  )
}

function noCredentials({ target }: AwsPlace): SqlflowError {
  return failed(
    'aws-credentials',
    `No credentials for AWS were found, which \`iam\` of target \`${target}\` needs.`,
    'Log in (`aws sso login`, and `profile:` under `iam`), set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where AWS gives a role (a machine of EC2, OpenID Connect of GitHub).',
  )
}

/** The account is the one that AWS's own message names. */
function accessDenied(message: string, action: AwsAction, { iam, target, database }: AwsPlace): SqlflowError {
  const [, service, account] = /arn:aws[\w-]*:(iam|sts)::(\d+):/.exec(message) ?? []
  const who =
    service === undefined ? 'The IAM identity' : `The IAM identity ${/arn:aws[\w-]*:(?:iam|sts)::[^\s]+/.exec(message)?.[0] ?? ''}`
  const statement = policyStatement(action, { iam, database, account: account ?? '*', region: iam.region ?? '*' })
  return failed(
    'aws-access-denied',
    `${who} may not ask for ${action === 'login' ? 'a login to' : 'the address of'} ${subjectOf(iam)} of target \`${target}\`.`,
    `Its policy needs the statement ${JSON.stringify(statement)}${action === 'endpoint' ? '. Or write `host` and `port` in the target: then it is not asked for.' : ''}`,
  )
}

function notFound({ iam, target }: AwsPlace): SqlflowError {
  const list = 'cluster' in iam ? 'aws redshift describe-clusters' : 'aws redshift-serverless list-workgroups'
  const region = iam.region
  return failed(
    'aws-not-found',
    `There is no ${'cluster' in iam ? 'cluster' : 'workgroup'} \`${'cluster' in iam ? iam.cluster : iam.workgroup}\` in ${region ?? 'the region of the environment'}, which \`iam\` of target \`${target}\` names.`,
    `Check its name, \`region\` and the account: ${list}${region === undefined ? '' : ` --region ${shellWord(region)}`} lists those that there are.`,
  )
}
