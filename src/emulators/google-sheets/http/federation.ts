/**
 * Workloads without a key: a token of elsewhere (here one that this emulator gives as GitHub does) is exchanged for one of Google, and that one for the token of a service
 * account that the workload may act as.
 */
import { randomUUID, sign, verify } from 'node:crypto'
import { z } from 'zod'
import { invalidArgument, permissionDenied } from '../model/google-error.ts'
import { readBody } from '../json/proto-json.ts'
import { newAccount, type Account, type KeyPair } from '../world/account.ts'
import { projectNumber, type World } from '../world/world.ts'
import { findCaller, requireScope, scopes } from './caller.ts'
import { readForm, readJson, type ApiReply, type ApiRequest } from './exchange.ts'
import { issueToken, parseJwt, text, tokenError, tokenSeconds } from './token-endpoint.ts'

export const poolAudience = `//iam.googleapis.com/projects/${projectNumber}/locations/global/workloadIdentityPools/github/providers/github`

/** What a job of GitHub Actions gets of GitHub. */
export function subjectToken({ privateKey }: KeyPair, subject: string, now: number): string {
  const seconds = Math.floor(now / 1000)
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    sub: subject,
    aud: `https:${poolAudience}`,
    iat: seconds,
    exp: seconds + 300,
  }
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'github' })}.${encode(claims)}`
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`
}

/** As a job asks GitHub for it; `subject` in the query says who asks. */
export function giveSubjectToken(world: World, { query }: ApiRequest): ApiReply {
  return { status: 200, body: { value: subjectToken(world.keys, query.get('subject') ?? '', world.now()) } }
}

export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange'

export function exchangeToken(world: World, request: ApiRequest): ApiReply {
  const form = readForm(request)
  if (form.get('grant_type') !== tokenExchange)
    throw tokenError(400, 'unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`)
  if (form.get('audience') !== poolAudience)
    throw tokenError(
      400,
      'invalid_target',
      'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.',
    )
  const { claims, signed, signature } = parseJwt(form.get('subject_token') ?? '')
  if (!verify('RSA-SHA256', Buffer.from(signed), world.keys.publicKey, signature))
    throw tokenError(400, 'invalid_grant', "Error connecting to the given credential's issuer.")
  if (Number(claims['exp']) <= world.now() / 1000) throw tokenError(400, 'invalid_grant', 'The given credential is expired.')
  if (claims['aud'] !== `https:${poolAudience}`)
    throw tokenError(400, 'invalid_grant', 'The audience in ID Token does not match the expected audience.')
  const principal = newAccount('federated', principalOf(text(claims['sub'])), projectNumber)
  const granted = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
  return {
    status: 200,
    body: {
      access_token: issueToken(world, principal, granted),
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: tokenSeconds - 1,
    },
  }
}

/** How Google names a workload when it is granted something. */
export function principalOf(subject: string): string {
  return `principal:${poolAudience.split('/providers/')[0]}/subject/${subject}`
}

const accountPath = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):(generateAccessToken|signJwt)$/

export function isCredentialsPath(path: string): boolean {
  return accountPath.test(path)
}

const generateBody = z.strictObject({
  scope: z.array(z.string()),
  lifetime: z.string().nullish(),
  delegates: z.array(z.string()).nullish(),
})
const signBody = z.strictObject({ payload: z.string(), delegates: z.array(z.string()).nullish() })

export function callCredentials(world: World, request: ApiRequest): ApiReply {
  const [, encoded = '', method = ''] = accountPath.exec(request.path) ?? []
  const account = mayActAs(world, request, decodeURIComponent(encoded), method)
  if (method === 'signJwt') return signForAccount(world, account, readBody(signBody, readJson(request)).payload)
  const { scope, lifetime } = readBody(generateBody, readJson(request))
  const seconds = /^\d+s$/.test(lifetime ?? '3600s') ? Number.parseInt(lifetime ?? '3600s', 10) : 0
  if (seconds < 1 || seconds > 3600) throw invalidArgument(`The access token lifetime cannot exceed 3600s.`)
  return {
    status: 200,
    body: { accessToken: issueToken(world, account, scope, seconds), expireTime: new Date(world.now() + seconds * 1000).toISOString() },
  }
}

/** Google tells those who may not act as an account nothing of whether it exists. */
function mayActAs(world: World, request: ApiRequest, email: string, method: string): Account {
  const token = findCaller(world, request)
  const api = {
    service: 'iamcredentials.googleapis.com',
    title: 'IAM Service Account Credentials API',
    method: `google.iam.credentials.v1.IAMCredentials.${method}`,
  }
  requireScope(token, [scopes.cloudPlatform, 'https://www.googleapis.com/auth/iam'], api)
  const account = world.accounts.get(email)
  if (account?.kind === 'service' && (account.impersonators.has(token.account.email) || account.email === token.account.email))
    return account
  const permission = method === 'signJwt' ? 'iam.serviceAccounts.signJwt' : 'iam.serviceAccounts.getAccessToken'
  throw permissionDenied(`Permission '${permission}' denied on resource (or it may not exist).`, [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'IAM_PERMISSION_DENIED',
      domain: 'iam.googleapis.com',
      metadata: { permission },
    },
  ])
}

/** With a key of Google's own, which is one of the account's. */
function signForAccount({ keys }: World, account: Account, payload: string): ApiReply {
  const keyId = `google-${randomUUID()}`
  account.keys.set(keyId, keys.publicKey)
  const encode = (value: string): string => Buffer.from(value).toString('base64url')
  const signed = `${encode(JSON.stringify({ alg: 'RS256', typ: 'JWT', kid: keyId }))}.${encode(payload)}`
  return {
    status: 200,
    body: { keyId, signedJwt: `${signed}.${sign('RSA-SHA256', Buffer.from(signed), keys.privateKey).toString('base64url')}` },
  }
}
