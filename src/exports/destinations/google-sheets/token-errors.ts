/** Why Google gives an account no token, as a person can mend it. */
import type { Fault } from './google-fault.ts'
import { sheetsScope } from './google-tokens.ts'
import { redactMessage } from './redact-message.ts'
import { explainNoAnswer, explainServer, type Explanation } from './service-errors.ts'

/** Of a key that tokens are asked for with; none of it is secret. */
export interface SigningAccount {
  readonly email: string
  readonly keyId: string | undefined
  readonly clientId: string | undefined
}

const logInAgain = 'Log in again by `sqlflow auth google`, or by gcloud where the login is gcloud’s.'

function refused(message: string, hint: string): Explanation {
  return { code: 'google-token-refused', message, hint }
}

export function explainToken(fault: Fault, account: string, signer: SigningAccount | undefined): Explanation {
  if (fault.status === undefined) return explainNoAnswer(fault)
  if (fault.status >= 500) {
    return { ...explainServer(fault), message: `Google’s login service failed with HTTP ${fault.status}, and went on failing.` }
  }
  if (fault.reason === 'SERVICE_DISABLED') return explainApiOff(fault)
  const { kind, status } = fault
  if (kind === 'invalid_grant') return explainGrant(fault, account, signer)
  if (kind === 'unauthorized_client') return explainUnauthorized(fault, account, signer)
  if (kind === 'invalid_client') return refused('Google does not know the OAuth client of the login, or its secret is another.', logInAgain)
  return status === 403 || status === 404 ? explainRole(account) : explainOther(fault, account)
}

function explainGrant(fault: Fault, account: string, signer: SigningAccount | undefined): Explanation {
  const { said } = fault
  const email = signer?.email ?? account
  if (/Invalid JWT Signature/i.test(said)) {
    const key = signer?.keyId === undefined ? 'The key' : `Key ${signer.keyId}`
    return refused(`${key} of ${email} was deleted or replaced.`, 'Make a new key, and set it in the place of the old one.')
  }
  if (/account not found/i.test(said)) {
    return refused(`Service account ${email} no longer exists.`, 'Make another, or correct its name; then share the spreadsheets with it.')
  }
  if (/Invalid email or User ID/i.test(said)) {
    return refused(
      `Google knows nobody called ${account}.`,
      'Correct `google.subject` of sqlflow.yml: the address of a person of your Workspace.',
    )
  }
  if (/short-lived token|reasonable timeframe/i.test(said)) return explainClock(fault)
  return refused(`The login of ${account} has expired or was withdrawn.`, logInAgain)
}

function explainClock({ clockOff }: Fault): Explanation {
  const off = clockOff === undefined ? '' : ` by ${Math.round(Math.abs(clockOff) / 1000)} s`
  const message = `This computer's clock is off${off}, so Google accepts no key.`
  return { code: 'google-clock', message, hint: 'Set the clock, best by a time server.' }
}

function explainUnauthorized({ said }: Fault, account: string, signer: SigningAccount | undefined): Explanation {
  if (/attribute condition/i.test(said)) {
    const hint = '`sqlflow auth google --setup` looks what it trusts, and prints the command that mends it.'
    return refused('The provider of the federation does not trust this repository.', hint)
  }
  const client = signer?.clientId ?? 'of the service account'
  const hint =
    'In the Admin console: Security, API controls, Domain-wide delegation. Or leave `google.subject` out, and share the spreadsheets.'
  return refused(`A Workspace admin must allow client ${client} for the scope ${sheetsScope} to act as ${account}.`, hint)
}

function explainApiOff({ activationUrl }: Fault): Explanation {
  const url = activationUrl ?? 'https://console.cloud.google.com/apis/library/iamcredentials.googleapis.com'
  const message = 'The IAM Service Account Credentials API, which acts as another account, is off.'
  return { code: 'google-api-off', message, hint: `Turn it on: ${url}; wait 2 to 3 minutes, and run again.` }
}

function explainRole(account: string): Explanation {
  const roles = 'roles/iam.serviceAccountTokenCreator on that account; federation needs roles/iam.workloadIdentityUser'
  return refused(`The credentials may not act as ${account}.`, `Grant them ${roles}. \`sqlflow auth google --setup\` prints the command.`)
}

function explainOther({ kind, status, said }: Fault, account: string): Explanation {
  const why = kind === undefined ? `HTTP ${status}` : redactMessage(kind, undefined)
  const words = redactMessage(said, undefined)
  const message = `Google gave no token for ${account} (${why})${words === '' ? '.' : `: ${words}`}`
  return refused(message, 'docs/google-accounts.md goes through each kind of account.')
}
