/** What Google says of an account: whom it is, and what a token of it may do. */
import { callGoogle } from './call-google.ts'
import type { GoogleAccount } from './find-account.ts'
import { aboutNoSpreadsheet, openGoogleClient, type GoogleClientOptions } from './google-client.ts'
import { tokenInfoUrl } from './google-endpoints.ts'
import { sheetsScope } from './google-tokens.ts'

export interface InspectedAccount {
  /** Whom spreadsheets are shared with. */
  readonly email: string
  readonly scopes: readonly string[]
  readonly mayEditSpreadsheets: boolean
}

/** Throws what any call with the account would throw. */
export async function inspectAccount(account: GoogleAccount, options: GoogleClientOptions): Promise<InspectedAccount> {
  const { client, context, endpoints } = await openGoogleClient(account, options)
  const tokenUri = 'tokenUri' in account.credentials ? account.credentials.tokenUri : undefined
  const send = async (): Promise<{ readonly scope?: string } | undefined> => {
    const { token } = await client.getAccessToken()
    const { data } = await client.transporter.request<{ readonly scope?: string } | string>({
      url: tokenInfoUrl(tokenUri ?? endpoints.token),
      method: 'POST',
      data: new URLSearchParams({ access_token: token ?? '' }),
      responseType: 'json',
      retry: false,
      timeout: 60_000,
    })
    return typeof data === 'object' ? data : undefined
  }
  const { scope = '' } = await callGoogle(context, { kind: 'token', meaning: 'repeatable', facts: aboutNoSpreadsheet, send })
  const scopes = scope.split(' ').filter((one) => one !== '')
  return { email: context.account, scopes, mayEditSpreadsheets: scopes.some((one) => editing.has(one)) }
}

const editing: ReadonlySet<string> = new Set([sheetsScope, 'https://www.googleapis.com/auth/drive'])
