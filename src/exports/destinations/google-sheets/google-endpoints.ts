/** Where Google's services are: under one address where `SQLFLOW_SHEETS_ENDPOINT` names it. */
import { SqlflowError } from '../../../core/errors.ts'

export interface GoogleEndpoints {
  /** With a slash at the end, as the client of the API takes it. */
  readonly sheets: string
  readonly iamCredentials: string
  readonly authorize: string
  readonly token: string
  readonly revoke: string
  /** Where people open spreadsheets. */
  readonly documents: string
}

/** Throws SqlflowError `bad-google-endpoint` for an address that tokens may not go to. */
export function googleEndpoints(endpoint: string | undefined): GoogleEndpoints {
  if (endpoint === undefined || endpoint === '') {
    return {
      sheets: 'https://sheets.googleapis.com/',
      iamCredentials: 'https://iamcredentials.googleapis.com/',
      authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
      token: 'https://oauth2.googleapis.com/token',
      revoke: 'https://oauth2.googleapis.com/revoke',
      documents: 'https://docs.google.com/',
    }
  }
  const root = readEndpoint(endpoint)
  return {
    sheets: root,
    iamCredentials: root,
    authorize: new URL('o/oauth2/auth', root).href,
    token: new URL('token', root).href,
    revoke: new URL('revoke', root).href,
    documents: root,
  }
}

function readEndpoint(endpoint: string): string {
  if (!URL.canParse(endpoint)) throw badEndpoint('is no URL')
  const url = new URL(endpoint)
  if (!isSafe(url)) throw badEndpoint('must begin with https:// outside this machine')
  return new URL('/', url).href
}

/** What stays on this machine goes through no proxy. */
export function clientDefaults(): { readonly noProxy: string[] } {
  return { noProxy: ['localhost', '127.0.0.1', '[::1]'] }
}

/** Tokens travel encrypted, or stay on this machine. */
export function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function badEndpoint(what: string): SqlflowError {
  const hint = 'For example: http://127.0.0.1:8085'
  return new SqlflowError('bad-google-endpoint', `\`SQLFLOW_SHEETS_ENDPOINT\` ${what}.`, { hint })
}

/** Whose a token is, asked where tokens come from. */
export function tokenInfoUrl(tokenUri: string): string {
  return new URL('/tokeninfo', tokenUri).href
}
