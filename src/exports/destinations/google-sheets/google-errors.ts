/**
 * Failures of Google as a person can mend them: what happened, to whose account, and what to click next. No message holds a row, a token or a
 * key, and no error has the client's own as its cause, which holds all three.
 */
import { GoogleError, type CallOutcome } from './google-api.ts'
import type { CallKind } from './call-budget.ts'
import type { Fault } from './google-fault.ts'
import { sheetsScope } from './google-tokens.ts'
import { redactMessage } from './redact-message.ts'

/** What is known of the call that failed. */
export interface CallFacts {
  readonly kind: CallKind
  /** Whom spreadsheets are shared with. */
  readonly account: string
  /** Where people open spreadsheets. */
  readonly documents: string
  readonly spreadsheet: {
    readonly id: string
    readonly title?: string | undefined
    /** The account has read it before, so that it may at least be viewed. */
    readonly wasRead: boolean
  }
  /** What was sent, to keep it out of what is told. */
  readonly body?: string | Uint8Array | undefined
}

interface Explanation {
  readonly code: string
  readonly message: string
  readonly hint: string
}

export function explainFault(fault: Fault, facts: CallFacts, outcome: CallOutcome): GoogleError {
  const { code, message, hint } = fault.stage === 'token' ? explainToken(fault, facts.account) : explainCall(fault, facts)
  const doubt = outcome === 'unknown' ? ' Whether the change was made is not known.' : ''
  return new GoogleError(code, `${message}${doubt}`, { hint, status: fault.status, outcome, exitCode: 1 })
}

const settled: ReadonlySet<number> = new Set([400, 401, 403, 404, 413, 429])

function explainCall(fault: Fault, facts: CallFacts): Explanation {
  if (fault.status === undefined) return explainNoAnswer(fault)
  if (!settled.has(fault.status)) return explainServer(fault)
  if (isQuota(fault)) return explainQuota(facts)
  switch (fault.status) {
    case 401:
      return explainUnauthenticated(facts)
    case 403:
      return explainForbidden(fault, facts)
    case 404:
      return explainMissing(facts)
    default:
      return explainBadRequest(fault, facts)
  }
}

/** Also where Drive says it: 403 with a reason. */
export function isQuota({ status, reason }: Fault): boolean {
  return status === 429 || (status === 403 && /^(?:RATE_LIMIT_EXCEEDED|rateLimitExceeded|userRateLimitExceeded)$/.test(reason ?? ''))
}

function nameOf({ spreadsheet }: CallFacts): string {
  return `"${spreadsheet.title ?? spreadsheet.id}"`
}

function explainForbidden(fault: Fault, facts: CallFacts): Explanation {
  const { account, kind, spreadsheet } = facts
  if (fault.reason === 'SERVICE_DISABLED') return explainApiOff(fault)
  if (fault.reason === 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' || /insufficient authentication scopes/i.test(fault.said))
    return explainScope(account)
  if (/storageQuotaExceeded/i.test(fault.reason ?? '') || /storage quota/i.test(fault.said)) {
    const hint = `Create the spreadsheet yourself, and share it with ${account} as Editor; or let it be made in a Shared drive.`
    return { code: 'google-drive-full', message: 'Service accounts cannot own files, and this would be one.', hint }
  }
  if (kind === 'write' && spreadsheet.wasRead) {
    const hint = `Open it, press Share, and change ${account} from Viewer to Editor; then run again.`
    return { code: 'google-view-only', message: `${account} may view the spreadsheet ${nameOf(facts)}, and not edit it.`, hint }
  }
  const hint = `Open ${urlOf(facts)}, press Share, add ${account} as Editor, and run again.`
  return { code: 'google-not-shared', message: `Google refused ${account} access to the spreadsheet ${nameOf(facts)}.`, hint }
}

function urlOf({ documents, spreadsheet }: CallFacts): string {
  return new URL(`spreadsheets/d/${spreadsheet.id}`, documents).href
}

function explainApiOff({ said, activationUrl }: Fault): Explanation {
  const project = /project (\S+)/.exec(said)?.[1]
  const url = activationUrl ?? 'https://console.cloud.google.com/apis/library/sheets.googleapis.com'
  return {
    code: 'google-api-off',
    message: `The Google Sheets API is off in ${project === undefined ? 'the project of the account' : `project ${project}`}.`,
    hint: `Turn it on at ${url}, wait 2 to 3 minutes, and run again.`,
  }
}

function explainScope(account: string): Explanation {
  const scopes = `https://www.googleapis.com/auth/cloud-platform,${sheetsScope}`
  return {
    code: 'google-scope',
    message: `The login of ${account} lacks the permission to edit spreadsheets.`,
    hint: `Log in by \`sqlflow auth google\`, or by \`gcloud auth application-default login --scopes=${scopes}\`.`,
  }
}

function explainMissing(facts: CallFacts): Explanation {
  const { account, spreadsheet } = facts
  return {
    code: 'google-no-spreadsheet',
    message: `There is no spreadsheet ${spreadsheet.id} that ${account} may know of.`,
    hint: `Check the URL. If it is right, open it, press Share, and add ${account} as Editor.`,
  }
}

function explainUnauthenticated({ account }: CallFacts): Explanation {
  return {
    code: 'google-token-refused',
    message: `Google does not accept the token of ${account}, not even a new one.`,
    hint: 'Run `sqlflow auth google --status` to see which account it is; log in again, or make a new key.',
  }
}

function explainQuota({ account }: CallFacts): Explanation {
  return {
    code: 'google-quota',
    message: `Google allows no more calls for ${account} at the moment: 60 reads and 60 writes a minute are shared by all that runs as this account.`,
    hint: 'Run again in a few minutes, let exports run at different times, or give some of them another account.',
  }
}

type BadRequest = (found: RegExpExecArray, facts: CallFacts, said: string) => Explanation

/** Google's texts for refusals that a person can mend. What they capture is sqlflow's or the spreadsheet's, and no cell. */
const badRequests: readonly (readonly [RegExp, BadRequest])[] = [
  [
    /protected cell or object|protected range/i,
    (_found, facts) => ({
      code: 'google-protected',
      message: `Cells of ${nameOf(facts)} that would be written are protected.`,
      hint: `Open the menu Data, Protect sheets and ranges, and add ${facts.account} to those who may edit.`,
    }),
  ],
  [
    /operation is not supported for this document/i,
    (_found, facts) => ({
      code: 'google-not-a-sheet',
      message: `${nameOf(facts)} is an Excel file in Google Drive, and no Google spreadsheet.`,
      hint: 'Open it, choose File, Save as Google Sheets, and use the new URL.',
    }),
  ],
  [
    /Unable to parse range: ?(.{0,200})/i,
    (found, facts) => ({
      code: 'google-no-tab',
      message: `${nameOf(facts)} has no tab for the range ${found[1]!.trim()}.`,
      hint: 'The tab was renamed or deleted: name it as it is called, or by its gid, which never changes.',
    }),
  ],
  [
    /limit of (\d+) cells/i,
    (found, facts) => ({
      code: 'google-too-many-cells',
      message: `${nameOf(facts)} would have more than ${Number(found[1]).toLocaleString('en-US')} cells, the most that Google allows; empty cells of every tab count.`,
      hint: 'Delete tabs, or empty rows and columns at their ends; or export to a spreadsheet of its own.',
    }),
  ],
  [
    /more than the maximum of (\d+) characters/i,
    (found, facts) => ({
      code: 'google-cell-too-long',
      message: `A cell for ${nameOf(facts)} has more than ${Number(found[1]).toLocaleString('en-US')} characters, the most that Google allows.`,
      hint: 'Set `long_text: truncate` for the column, or leave it out.',
    }),
  ],
  [
    /payload size exceeds/i,
    () => ({
      code: 'google-too-large',
      message: 'A request was larger than Google takes.',
      hint: 'This should not happen: please report it, with the number of rows and columns of the export.',
    }),
  ],
  [/Invalid JWT|invalid_grant/i, (_found, facts) => explainUnauthenticated(facts)],
]

function explainBadRequest(fault: Fault, facts: CallFacts): Explanation {
  for (const [pattern, explain] of badRequests) {
    const found = pattern.exec(fault.said)
    if (found) return explain(found, facts, fault.said)
  }
  const said = redactMessage(fault.said, facts.body)
  return {
    code: 'google-refused',
    message: `Google refused a request about ${nameOf(facts)} (${fault.kind ?? `HTTP ${fault.status}`})${said === '' ? '.' : `: ${said}`}`,
    hint: 'Nothing of this request was applied. If the spreadsheet was changed meanwhile, run again; otherwise please report it.',
  }
}

function explainServer({ status }: Fault): Explanation {
  return {
    code: 'google-unavailable',
    message: `Google Sheets failed with HTTP ${status}, and went on failing.`,
    hint: 'It is Google’s fault, and passes: run again later. https://www.google.com/appsstatus tells of outages.',
  }
}

/** Of a TLS connection that something between here and Google opens. */
const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/

export function isCertificate({ network }: Fault): boolean {
  return certificate.test(network ?? '')
}

/** The request never left: certainly not applied. */
export function wasNeverSent(fault: Fault): boolean {
  return /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/.test(fault.network ?? '') || isCertificate(fault)
}

function explainNoAnswer(fault: Fault): Explanation {
  if (isCertificate(fault)) {
    return {
      code: 'google-unreachable',
      message: `The connection to Google is not trusted (${fault.network}).`,
      hint: 'A proxy of your network probably opens it: set NODE_EXTRA_CA_CERTS to the file of its certificate.',
    }
  }
  if (wasNeverSent(fault)) {
    return {
      code: 'google-unreachable',
      message: `Google cannot be reached (${fault.network}).`,
      hint: 'Check the network of this machine; behind a proxy, set HTTPS_PROXY.',
    }
  }
  return {
    code: 'google-unavailable',
    message: fault.timedOut ? 'Google Sheets did not answer in time.' : `The connection to Google Sheets broke (${fault.network}).`,
    hint: 'It passes: run again later. https://www.google.com/appsstatus tells of outages.',
  }
}

const logInAgain = 'Log in again by `sqlflow auth google`, or by gcloud where the login is gcloud’s.'

function explainToken(fault: Fault, account: string): Explanation {
  if (fault.status === undefined) return explainNoAnswer(fault)
  if (fault.status >= 500)
    return { ...explainServer(fault), message: `Google’s login service failed with HTTP ${fault.status}, and went on failing.` }
  const refused = (message: string, hint: string): Explanation => ({ code: 'google-token-refused', message, hint })
  const { kind = '', said } = fault
  if (/Invalid JWT Signature|Invalid signature/i.test(said)) {
    return refused(`The key of ${account} was deleted or replaced.`, 'Make a new key, and set it in the place of the old one.')
  }
  if (/account not found/i.test(said)) {
    return refused(
      `The service account ${account} does not exist (any more).`,
      'Make another, or correct its name; share the spreadsheets with it.',
    )
  }
  if (/short-lived token|reasonable timeframe|iat|\bexp\b/i.test(said) && kind === 'invalid_grant') return explainClock(fault)
  if (kind === 'unauthorized_client' || kind === 'access_denied') {
    const hint = `A Workspace admin must allow the client id of the service account for ${sheetsScope}: Admin console, Security, API controls, Domain-wide delegation.`
    return refused(`${account} cannot be acted for: the service account is not allowed to.`, hint)
  }
  if (kind === 'invalid_client') return refused('Google does not know the OAuth client of the login, or its secret is another.', logInAgain)
  if (kind === 'invalid_grant') return refused(`The login of ${account} has expired or was withdrawn.`, logInAgain)
  if (fault.reason === 'SERVICE_DISABLED') {
    const url = fault.activationUrl ?? 'https://console.cloud.google.com/apis/library/iamcredentials.googleapis.com'
    return {
      code: 'google-api-off',
      message: 'The API that acts as another account is off.',
      hint: `Turn it on at ${url}, wait 2 to 3 minutes, and run again.`,
    }
  }
  if (fault.status === 403 || fault.status === 404) {
    const hint =
      'Grant it roles/iam.serviceAccountTokenCreator on that account; for federation roles/iam.workloadIdentityUser. `sqlflow auth google --setup` prints the commands.'
    return refused(`The credentials may not act as ${account}.`, hint)
  }
  const words = redactMessage(said, undefined)
  return refused(
    `Google gave no token for ${account} (${kind === '' ? `HTTP ${fault.status}` : redactMessage(kind, undefined)})${words === '' ? '.' : `: ${words}`}`,
    'docs/google-accounts.md goes through each kind of account.',
  )
}

function explainClock({ clockOff }: Fault): Explanation {
  const off = clockOff === undefined ? '' : ` by ${Math.round(Math.abs(clockOff) / 1000)} s`
  return {
    code: 'google-clock',
    message: `The clock of this computer is off${off}, so Google accepts no key.`,
    hint: 'Set the clock, best by a time server.',
  }
}
