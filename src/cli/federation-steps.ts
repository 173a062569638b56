/**
 * Workload identity federation for GitHub Actions, as steps: each a command for gcloud that makes a thing, and one that looks whether it is there.
 * GitHub signs who a workflow is, Google trusts that for one repository, and no key is kept anywhere.
 */
import { shellWord } from '../core/shell-word.ts'

export interface FederationPlace {
  readonly projectId: string
  readonly projectNumber: string
  /** `owner/name`. */
  readonly repository: string
  readonly pool: string
  /** Name of the service account, without its domain. */
  readonly serviceAccount: string
}

export interface FederationStep {
  readonly name: string
  /** Arguments of gcloud that look. */
  readonly check: readonly string[]
  /** Whether what the check printed shows that it is there. */
  readonly isDone: (printed: string) => boolean
  /** Arguments of gcloud that make it. */
  readonly command: readonly string[]
  /** Those that mend what is there and is otherwise. */
  readonly repair?: readonly string[]
}

export interface FederationPlan {
  readonly steps: readonly FederationStep[]
  /** For `workload_identity_provider` of google-github-actions/auth. */
  readonly workloadIdentityProvider: string
  /** Whom spreadsheets are shared with. */
  readonly serviceAccount: string
}

export function planFederation(place: FederationPlace): FederationPlan {
  const { projectId, projectNumber, repository, pool } = place
  const email = `${place.serviceAccount}@${projectId}.iam.gserviceaccount.com`
  const poolName = `projects/${projectNumber}/locations/global/workloadIdentityPools/${pool}`
  const provider = providerOf(repository)
  return {
    steps: [
      enableApis(projectId),
      makeAccount(place, email),
      makePool(place),
      makeProvider(place, provider),
      letActAs(place, email, poolName),
    ],
    workloadIdentityProvider: `${poolName}/providers/${provider}`,
    serviceAccount: email,
  }
}

/** Letters, digits and hyphens, 4 to 32 of them. */
function providerOf(repository: string): string {
  const plain = repository
    .split('/')[1]!
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return `repo-${plain}`.slice(0, 32).replace(/-+$/, '')
}

function words(text: string): readonly string[] {
  return text.split(' ')
}

const apis = ['sheets.googleapis.com', 'iamcredentials.googleapis.com', 'sts.googleapis.com', 'iam.googleapis.com']

function enableApis(project: string): FederationStep {
  return {
    name: `The APIs are on: ${apis.join(', ')}`,
    check: [...words('services list --enabled'), `--project=${project}`, '--format=value(config.name)'],
    isDone: (printed) => apis.every((api) => printed.includes(api)),
    command: [...words('services enable'), ...apis, `--project=${project}`],
  }
}

function makeAccount({ projectId, serviceAccount }: FederationPlace, email: string): FederationStep {
  return {
    name: `The service account ${email} exists`,
    check: [...words('iam service-accounts describe'), email, `--project=${projectId}`, '--format=value(email)'],
    isDone: (printed) => printed.trim() === email,
    command: [...words('iam service-accounts create'), serviceAccount, `--project=${projectId}`, '--display-name=Exports of sqlflow'],
  }
}

function makePool({ projectId, pool }: FederationPlace): FederationStep {
  const at = [`--project=${projectId}`, '--location=global']
  return {
    name: `The pool ${pool} exists`,
    check: [...words('iam workload-identity-pools describe'), pool, ...at, '--format=value(state)'],
    isDone: (printed) => printed.trim() === 'ACTIVE',
    command: [...words('iam workload-identity-pools create'), pool, ...at, '--display-name=GitHub Actions'],
    repair: [...words('iam workload-identity-pools undelete'), pool, ...at],
  }
}

const issuer = 'https://token.actions.githubusercontent.com'

/** Without the condition, every repository on GitHub could ask. */
function makeProvider({ projectId, pool, repository }: FederationPlace, provider: string): FederationStep {
  const condition = `assertion.repository == '${repository}'`
  const at = [`--project=${projectId}`, '--location=global', `--workload-identity-pool=${pool}`]
  const trust = [
    `--issuer-uri=${issuer}`,
    '--attribute-mapping=google.subject=assertion.sub,attribute.repository=assertion.repository',
    `--attribute-condition=${condition}`,
  ]
  return {
    name: `The provider ${provider} trusts GitHub for ${repository} alone`,
    check: [...words('iam workload-identity-pools providers describe'), provider, ...at, '--format=json'],
    isDone: (printed) => {
      const found = parseObject(printed)
      const oidc = found['oidc']
      const isIssuer = typeof oidc === 'object' && oidc !== null && 'issuerUri' in oidc && oidc.issuerUri === issuer
      return isIssuer && found['attributeCondition'] === condition && found['state'] === 'ACTIVE'
    },
    command: [...words('iam workload-identity-pools providers create-oidc'), provider, ...at, ...trust],
    repair: [...words('iam workload-identity-pools providers update-oidc'), provider, ...at, ...trust],
  }
}

function letActAs({ projectId, repository }: FederationPlace, email: string, poolName: string): FederationStep {
  const member = `principalSet://iam.googleapis.com/${poolName}/attribute.repository/${repository}`
  const role = 'roles/iam.workloadIdentityUser'
  return {
    name: `Workflows of ${repository} may act as the service account`,
    check: [...words('iam service-accounts get-iam-policy'), email, `--project=${projectId}`, '--format=json'],
    isDone: (printed) => {
      const { bindings } = parseObject(printed)
      return (
        Array.isArray(bindings) && bindings.some((one) => one?.role === role && Array.isArray(one.members) && one.members.includes(member))
      )
    },
    command: [
      ...words('iam service-accounts add-iam-policy-binding'),
      email,
      `--project=${projectId}`,
      `--role=${role}`,
      `--member=${member}`,
    ],
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}

/** As a shell takes it. */
export function gcloudLine(args: readonly string[]): string {
  return ['gcloud', ...args].map(shellWord).join(' ')
}
