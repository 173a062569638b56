/** The routes by which programs and people become accounts. */
import { notFound } from '../model/google-error.ts'
import type { World } from '../world/world.ts'
import { readForm, type ApiReply, type ApiRequest } from './exchange.ts'
import { grantForJwt, jwtBearer, tokenError } from './token-endpoint.ts'

export function isTokenPath(path: string): boolean {
  return path === '/token' || path === '/oauth2/v4/token'
}

export function grantToken(world: World, request: ApiRequest): ApiReply {
  if (request.method !== 'POST') throw notFound()
  const grant = readForm(request).get('grant_type')
  switch (grant ?? '') {
    case jwtBearer:
      return grantForJwt(world, request)
    default:
      throw tokenError(400, 'unsupported_grant_type', `Invalid grant_type: ${grant ?? ''}`)
  }
}
