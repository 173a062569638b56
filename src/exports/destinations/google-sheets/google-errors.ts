/**
 * Failures of Google as a person can mend them: what happened, to whose account, and what to click next. No message holds a row, a token or a
 * key, and no error has the client's own as its cause, which holds all three.
 */
import { GoogleError, type CallOutcome } from './google-api.ts'
import type { CallKind } from './call-budget.ts'
import type { Fault } from './google-fault.ts'
import { sheetsScope } from './google-tokens.ts'
import { redactMessage } from './redact-message.ts'
import { explainNoAnswer, explainServer, isQuota, type Explanation } from './service-errors.ts'
import { explainToken, type SigningAccount } from './token-errors.ts'

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
  /** The key of the account, where it has one. */
  readonly signer?: SigningAccount | undefined
  /** What was sent, to keep it out of what is told. */
  readonly body?: string | Uint8Array | undefined
}

export function explainFault(fault: Fault, facts: CallFacts, outcome: CallOutcome): GoogleError {
  const { code, message, hint } = fault.stage === 'token' ? explainToken(fault, facts.account, facts.signer) : explainCall(fault, facts)
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
    return { code: 'google-drive-full', message: 'Service accounts cannot own files.', hint }
  }
  if (kind === 'write' && spreadsheet.wasRead) {
    const hint = `Open it, press Share, change Viewer to Editor beside ${account}, and run again.`
    return { code: 'google-view-only', message: `${account} has view-only access to ${nameOf(facts)}.`, hint }
  }
  const hint = `Open ${urlOf(facts)}, press Share, add ${account} as Editor, and run again.`
  return { code: 'google-not-shared', message: `Google refused access to ${nameOf(facts)}.`, hint }
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
    hint: `Turn it on: ${url}; wait 2 to 3 minutes, and run again.`,
  }
}

function explainScope(account: string): Explanation {
  const scopes = `https://www.googleapis.com/auth/cloud-platform,${sheetsScope}`
  return {
    code: 'google-scope',
    message: 'Your Google login lacks the spreadsheets permission.',
    hint: `It is the login of ${account}. Log in by \`sqlflow auth google\`, or by \`gcloud auth application-default login --scopes=${scopes}\`.`,
  }
}

function explainMissing(facts: CallFacts): Explanation {
  const { account, spreadsheet } = facts
  return {
    code: 'google-no-spreadsheet',
    message: `No spreadsheet ${spreadsheet.id}.`,
    hint: `Check the URL; if it is right, open it, press Share, and add ${account} as Editor.`,
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
      message: `This is an Excel file, and no Google spreadsheet: ${nameOf(facts)}.`,
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
