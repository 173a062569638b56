/** The routes by which programs and people become accounts: those of accounts.google.com, oauth2, sts and iamcredentials, under one address. */
import { notFound } from '../model/google-error.ts'
import type { World } from '../world/world.ts'
import { readForm, type ApiReply, type ApiRequest } from './exchange.ts'
import { callCredentials, exchangeToken, giveSubjectToken, isCredentialsPath } from './federation.ts'
import { grantForJwt, jwtBearer, tokenError } from './token-endpoint.ts'
import { answerConsent, grantForCode, grantForRefresh, revokeToken, tellToken } from './user-login.ts'

type Handler = (world: World, request: ApiRequest) => ApiReply

const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['/token', grantToken],
  ['/oauth2/v4/token', grantToken],
  ['/tokeninfo', tellToken],
  ['/revoke', revokeToken],
  ['/o/oauth2/auth', answerConsent],
  ['/o/oauth2/v2/auth', answerConsent],
  ['/v1/token', exchangeToken],
  ['/oidc/token', giveSubjectToken],
])

/** Undefined: the path is for something else. */
export function findOauthRoute(path: string): Handler | undefined {
  return handlers.get(path) ?? (isCredentialsPath(path) ? callCredentials : undefined)
}

function grantToken(world: World, request: ApiRequest): ApiReply {
  if (request.method !== 'POST') throw notFound()
  const grant = readForm(request).get('grant_type') ?? ''
  switch (grant) {
    case jwtBearer:
      return grantForJwt(world, request)
    case 'authorization_code':
      return grantForCode(world, request)
    case 'refresh_token':
      return grantForRefresh(world, request)
    default:
      throw tokenError(400, 'unsupported_grant_type', `Invalid grant_type: ${grant}`)
  }
}
