/** Google's own client for one account, with its tokens: what every call goes through. Imported only by what calls Google. */
import type { OAuth2Client } from 'google-auth-library'
import { budgetOf } from './call-budget.ts'
import { callGoogle, type CallContext } from './call-google.ts'
import { systemClock, type Clock } from './clock.ts'
import type { GoogleAccount } from './find-account.ts'
import { clientDefaults, googleEndpoints, type GoogleEndpoints } from './google-endpoints.ts'
import type { GoogleCredentials } from './google-credentials.ts'
import type { SigningAccount } from './token-errors.ts'
import { tokenSource, type TokenSource } from './google-tokens.ts'

export interface GoogleClientOptions {
  /** `SQLFLOW_SHEETS_ENDPOINT`: where Google's services are, instead of Google's own addresses. */
  readonly endpoint?: string | undefined
  readonly signal: AbortSignal
  /** A call waits for its turn: why, as half a sentence. */
  readonly onWait: (reason: string) => void
  /** A call is tried again: why, and which attempt it is. */
  readonly onRetry: (reason: string, attempt: number) => void
  readonly clock?: Clock
}

export interface GoogleClient {
  readonly client: OAuth2Client
  readonly context: CallContext
  readonly endpoints: GoogleEndpoints
}

/** Throws SqlflowError for an account or an endpoint that cannot be used, GoogleError where whose account it is has to be asked and cannot. */
export async function openGoogleClient(account: GoogleAccount, options: GoogleClientOptions): Promise<GoogleClient> {
  const endpoints = googleEndpoints(options.endpoint)
  const library = await import('google-auth-library')
  const quotaProject = account.credentials.type === 'authorized_user' ? account.credentials.quotaProject : undefined
  const client = new library.OAuth2Client({
    useAuthRequestParameters: false,
    transporterOptions: clientDefaults(),
    ...(quotaProject !== undefined && { quotaProjectId: quotaProject }),
  })
  const tokens = tokenSource(account, { library, transporter: client.transporter, endpoints })
  const { clock = systemClock, signal, onWait, onRetry } = options
  client.refreshHandler = sharing(tokens.fetch)
  const shared = {
    clock,
    signal,
    onWait,
    onRetry,
    prepareToken: () => client.getAccessToken(),
    forgetToken: () => client.setCredentials({}),
    reached: { yes: false },
    documents: endpoints.documents,
    signer: signerOf(account.credentials),
  }
  const contextOf = (name: string): CallContext => ({ ...shared, account: name, budget: budgetOf(`${name} ${endpoints.sheets}`, clock) })
  const send = (): Promise<string> => tokens.findEmail(async () => (await client.getAccessToken()).token ?? '')
  const email = await callGoogle(contextOf(account.from), { kind: 'token', meaning: 'repeatable', facts: aboutNoSpreadsheet, send })
  return { client, context: contextOf(email), endpoints }
}

function signerOf(credentials: GoogleCredentials): SigningAccount | undefined {
  return credentials.type === 'service_account' ? credentials : undefined
}

/** Of a question to the login service. */
export const aboutNoSpreadsheet = { spreadsheet: { id: '', wasRead: false } }

interface ClientToken {
  readonly access_token: string
  readonly expiry_date: number
}

/** Calls that need a token at one moment wait for one. */
function sharing(fetch: TokenSource['fetch']): () => Promise<ClientToken> {
  let asked: Promise<ClientToken> | undefined
  const ask = async (): Promise<ClientToken> => {
    const { value, expires } = await fetch()
    return { access_token: value, expiry_date: expires }
  }
  return () => (asked ??= ask().finally(() => (asked = undefined)))
}
