/** Who calls: the account behind a token, and what its scopes let it do. */
import { GoogleError, permissionDenied } from '../model/google-error.ts'
import type { AccessToken, World } from '../world/world.ts'
import type { ApiRequest } from './exchange.ts'

export const scopes = {
  spreadsheets: 'https://www.googleapis.com/auth/spreadsheets',
  spreadsheetsReadonly: 'https://www.googleapis.com/auth/spreadsheets.readonly',
  drive: 'https://www.googleapis.com/auth/drive',
  driveReadonly: 'https://www.googleapis.com/auth/drive.readonly',
  driveFile: 'https://www.googleapis.com/auth/drive.file',
  driveMetadata: 'https://www.googleapis.com/auth/drive.metadata',
  driveMetadataReadonly: 'https://www.googleapis.com/auth/drive.metadata.readonly',
  cloudPlatform: 'https://www.googleapis.com/auth/cloud-platform',
} as const

/** Throws 401 for a token that is not known or expired, 403 for none. */
export function findCaller(world: World, { headers, query }: ApiRequest): AccessToken {
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? query.get('access_token')
  if (given === null || given === undefined) {
    throw permissionDenied(
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    )
  }
  const token = world.tokens.get(given)
  if (!token || token.expires <= world.now()) throw unauthenticated()
  return token
}

export function unauthenticated(): GoogleError {
  return new GoogleError(
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    {
      code: 401,
      status: 'UNAUTHENTICATED',
      headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
    },
  )
}

export interface ApiName {
  /** As it is turned on and off: `sheets.googleapis.com`. */
  readonly service: string
  readonly title: string
  /** As Google's logs name it: `google.apps.sheets.v4.SpreadsheetsService.GetSpreadsheet`. */
  readonly method: string
}

export function requireScope(token: AccessToken, allowed: readonly string[], { service, method }: ApiName): void {
  if (token.scopes.some((scope) => allowed.includes(scope))) return
  throw new GoogleError('Request had insufficient authentication scopes.', {
    code: 403,
    status: 'PERMISSION_DENIED',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
        domain: 'googleapis.com',
        metadata: { method, service },
      },
    ],
    headers: {
      'www-authenticate': `Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="${allowed.join(' ')}"`,
    },
  })
}

export function requireEnabled(world: World, project: string, { service, title }: ApiName): void {
  if (!world.disabledApis.has(service)) return
  const activationUrl = `https://console.developers.google.com/apis/api/${service}/overview?project=${project}`
  throw permissionDenied(
    `${title} has not been used in project ${project} before or it is disabled. Enable it by visiting ${activationUrl} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'SERVICE_DISABLED',
        domain: 'googleapis.com',
        metadata: { activationUrl, consumer: `projects/${project}`, containerInfo: project, service, serviceTitle: title },
      },
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [{ description: 'Google developers console API activation', url: activationUrl }],
      },
    ],
  )
}
