import { inspect } from 'node:util'
import { assert, asyncProperty, constantFrom, record, stringMatching } from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { GoogleError } from '../../../src/exports/destinations/google-sheets/google-api.ts'
import { redactMessage } from '../../../src/exports/destinations/google-sheets/redact-message.ts'
import {
  accountFrom,
  failure,
  keyJson,
  openApi,
  openGoogleServer,
  pem,
  virtualClock,
  type Answer,
  type GoogleServer,
  type Opened,
} from './google-server.ts'

const email = 'exports@field.iam.gserviceaccount.com'

async function opened(server: GoogleServer, more: object = {}): Promise<Opened> {
  return openApi(server, { account: accountFrom(keyJson(server.url, { client_email: email, ...more })) })
}

async function failureOf(work: Promise<unknown>): Promise<GoogleError> {
  try {
    await work
  } catch (error) {
    if (error instanceof GoogleError) return error
    throw error
  }
  throw new Error('it did not fail')
}

function tell({ code, message, hint }: GoogleError): string {
  return `${code}: ${message}\n  ${hint}`
}

const noPermission = failure(403, 'PERMISSION_DENIED', 'The caller does not have permission')
const apiOff = failure(
  403,
  'PERMISSION_DENIED',
  'Google Sheets API has not been used in project 1234 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=1234 then retry.',
  [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED', metadata: { service: 'sheets.googleapis.com' } }],
)
const noScope = failure(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.', [
  { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' },
])

/** A time that any clock may say. */
const noon = Date.UTC(2026, 10, 3, 12)

function bad(message: string, status = 'INVALID_ARGUMENT'): Answer {
  return failure(400, status, message)
}

describe('A refusal is told with what to click next', () => {
  it.each<readonly [string, Answer, string]>([
    [
      'not shared',
      noPermission,
      `google-not-shared: Google refused access to "s1".\n  Open https://docs.google.com/spreadsheets/d/s1, press Share, add ${email} as Editor, and run again.`,
    ],
    [
      'no such spreadsheet',
      failure(404, 'NOT_FOUND', 'Requested entity was not found.'),
      `google-no-spreadsheet: No spreadsheet s1.\n  Check the URL; if it is right, open it, press Share, and add ${email} as Editor.`,
    ],
    [
      'API off',
      apiOff,
      'google-api-off: The Google Sheets API is off in project 1234.\n  Turn it on: https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=1234; wait 2 to 3 minutes, and run again.',
    ],
    [
      'scope',
      noScope,
      `google-scope: Your Google login lacks the spreadsheets permission.\n  It is the login of ${email}. Log in by \`sqlflow auth google\`, or by \`gcloud auth application-default login --scopes=https://www.googleapis.com/auth/cloud-platform,https://www.googleapis.com/auth/spreadsheets\`.`,
    ],
    [
      'an Excel file',
      bad('This operation is not supported for this document', 'FAILED_PRECONDITION'),
      'google-not-a-sheet: This is an Excel file, and no Google spreadsheet: "s1".\n  Open it, choose File, Save as Google Sheets, and use the new URL.',
    ],
    [
      'a tab that is gone',
      bad("Unable to parse range: 'Sign ups'!A1:B2"),
      'google-no-tab: "s1" has no tab for the range \'Sign ups\'!A1:B2.\n  The tab was renamed or deleted: name it as it is called, or by its gid, which never changes.',
    ],
  ])('reading: %s', async (_name, answer, expected) => {
    await using server = await openGoogleServer()
    const { api } = await opened(server)
    server.answer(answer)
    const error = await failureOf(api.getSpreadsheet('s1'))
    expect(tell(error).replace(server.url, 'https://docs.google.com/')).toBe(expected)
    expect({ outcome: error.outcome, exitCode: error.exitCode, calls: server.calls.length }).toEqual({
      outcome: 'refused',
      exitCode: 1,
      calls: 1,
    })
  })

  it.each<readonly [string, Answer, string]>([
    [
      'view only',
      noPermission,
      `google-view-only: ${email} has view-only access to "Volunteers".\n  Open it, press Share, change Viewer to Editor beside ${email}, and run again.`,
    ],
    [
      'protected',
      bad(
        'Invalid requests[0].updateCells: You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.',
      ),
      `google-protected: Cells of "Volunteers" that would be written are protected.\n  Open the menu Data, Protect sheets and ranges, and add ${email} to those who may edit.`,
    ],
    [
      '10 million cells',
      bad(
        'Invalid requests[0].updateSheetProperties: This action would increase the number of cells in the workbook above the limit of 10000000 cells.',
      ),
      'google-too-many-cells: "Volunteers" would have more than 10,000,000 cells, the most that Google allows; empty cells of every tab count.\n  Delete tabs, or empty rows and columns at their ends; or export to a spreadsheet of its own.',
    ],
    [
      '50,000 characters',
      bad('Your input contains more than the maximum of 50000 characters in a single cell.'),
      'google-cell-too-long: A cell for "Volunteers" has more than 50,000 characters, the most that Google allows.\n  Set `long_text: truncate` for the column, or leave it out.',
    ],
    [
      'a full drive',
      {
        status: 403,
        json: {
          error: {
            code: 403,
            message: "The user's Drive storage quota has been exceeded.",
            errors: [{ domain: 'usageLimits', reason: 'storageQuotaExceeded' }],
          },
        },
      },
      `google-drive-full: Service accounts cannot own files.\n  Create the spreadsheet yourself, and share it with ${email} as Editor; or let it be made in a Shared drive.`,
    ],
    [
      'a request too large',
      bad('Request payload size exceeds the limit: 10485760 bytes.'),
      'google-too-large: A request was larger than Google takes.\n  This should not happen: please report it, with the number of rows and columns of the export.',
    ],
    [
      'anything else',
      bad('Invalid requests[0].deleteSheet: No sheet with id: 7'),
      'google-refused: Google refused a request about "Volunteers" (INVALID_ARGUMENT): Invalid requests[0].deleteSheet: No sheet with id: 7\n  Nothing of this request was applied. If the spreadsheet was changed meanwhile, run again; otherwise please report it.',
    ],
  ])('writing to what was read: %s', async (_name, answer, expected) => {
    await using server = await openGoogleServer()
    const { api } = await opened(server)
    await api.getSpreadsheet('s1')
    server.answer(answer)
    const error = await failureOf(api.batchUpdate('s1', [{}], 'once'))
    expect(tell(error)).toBe(expected)
    expect(error.outcome).toBe('refused')
  })

  it.each<readonly [string, Answer, string]>([
    [
      'a key that was replaced',
      { status: 400, json: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } },
      `google-token-refused: Key k1 of ${email} was deleted or replaced.\n  Make a new key, and set it in the place of the old one.`,
    ],
    [
      'an account that is gone',
      { status: 400, json: { error: 'invalid_grant', error_description: 'Invalid grant: account not found' } },
      `google-token-refused: Service account ${email} no longer exists.\n  Make another, or correct its name; then share the spreadsheets with it.`,
    ],
    [
      'a clock that is off',
      {
        status: 400,
        json: {
          error: 'invalid_grant',
          error_description:
            'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
        },
        headers: { date: new Date(noon - 7_200_000).toUTCString() },
      },
      "google-clock: This computer's clock is off by 7200 s, so Google accepts no key.\n  Set the clock, best by a time server.",
    ],
    [
      'delegation that is not allowed',
      {
        status: 401,
        json: {
          error: 'unauthorized_client',
          error_description:
            'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
        },
      },
      `google-token-refused: A Workspace admin must allow client 1047 for the scope https://www.googleapis.com/auth/spreadsheets to act as ${email}.\n  In the Admin console: Security, API controls, Domain-wide delegation. Or leave \`google.subject\` out, and share the spreadsheets.`,
    ],
    [
      'a repository that is not trusted',
      {
        status: 400,
        json: { error: 'unauthorized_client', error_description: 'The given credential is rejected by the attribute condition.' },
      },
      'google-token-refused: The provider of the federation does not trust this repository.\n  `sqlflow auth google --setup` looks what it trusts, and prints the command that mends it.',
    ],
    [
      'an account that may not be acted as',
      failure(403, 'PERMISSION_DENIED', "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."),
      `google-token-refused: The credentials may not act as ${email}.\n  Grant them roles/iam.serviceAccountTokenCreator on that account; federation needs roles/iam.workloadIdentityUser. \`sqlflow auth google --setup\` prints the command.`,
    ],
    [
      'a person who is not there',
      { status: 400, json: { error: 'invalid_grant', error_description: 'Invalid email or User ID' } },
      `google-token-refused: Google knows nobody called ${email}.\n  Correct \`google.subject\` of sqlflow.yml: the address of a person of your Workspace.`,
    ],
    [
      'a login that has expired',
      { status: 400, json: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } },
      `google-token-refused: The login of ${email} has expired or was withdrawn.\n  Log in again by \`sqlflow auth google\`, or by gcloud where the login is gcloud’s.`,
    ],
  ])('asking for a token: %s', async (_name, answer, expected) => {
    await using server = await openGoogleServer()
    const clock = { ...virtualClock(), now: () => noon }
    const { api } = await openApi(server, { account: accountFrom(keyJson(server.url, { client_email: email, client_id: '1047' })), clock })
    server.answerLogin(answer)
    const error = await failureOf(api.getSpreadsheet('s1'))
    expect(tell(error)).toBe(expected)
    expect(server.calls.length).toBe(0)
  })
})

/** All that anybody could print of an error. */
function everythingOf(error: unknown): string {
  const seen: string[] = []
  for (let one: unknown = error; one instanceof Error; one = one.cause)
    seen.push(inspect(one, { depth: 20, showHidden: true }), one.message, String(one.stack), JSON.stringify(one))
  return [...seen, inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)].join('\n')
}

const cell = stringMatching(/^[A-Z][a-z]{5,9} [A-Z][a-z]{6,12}é?[a-z]{2} [0-9]{5,9}$/)

/** How a refusal may quote what it refuses. */
const quotes: readonly ((value: string) => string)[] = [
  (value) => `Invalid values[0][0]: list_value { values { string_value: "${value}" } }`,
  (value) => `Invalid value at 'data.values[0]' (type.googleapis.com/google.protobuf.ListValue), "${value}"`,
  (value) => `Invalid data[0]: ${value} is not allowed here.`,
  (value) => `Cannot write "${value.slice(0, 9)}\\"${value.slice(9)}" to this cell`,
  (value) => `The input '${value}' violates a rule of the cell.`,
]

describe('No row, token or key', () => {
  it('reaches an error, whatever fails and however Google quotes it', async () => {
    await using server = await openGoogleServer()
    const printed = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
    const kind = constantFrom<'refusal' | 'server' | 'reset' | 'half' | 'garbled' | 'unauthenticated' | 'token'>(
      'refusal',
      'server',
      'reset',
      'half',
      'garbled',
      'unauthenticated',
      'token',
    )
    await assert(
      asyncProperty(
        record({ value: cell, quote: constantFrom(...quotes), kind, asBatch: constantFrom(true, false) }),
        async ({ value, quote, kind: fault, asBatch }) => {
          const { api } = await opened(server, { client_email: `exports-${Math.random()}@field.iam.gserviceaccount.com` })
          const echo = quote(value)
          const answers: Readonly<Record<typeof fault, Answer>> = {
            refusal: bad(echo),
            server: failure(500, 'INTERNAL', echo),
            reset: 'reset',
            half: 'half',
            garbled: { status: 200, text: echo },
            unauthenticated: failure(401, 'UNAUTHENTICATED', echo),
            token: { status: 400, json: { error: 'invalid_grant', error_description: `Bad Request` } },
          }
          if (fault === 'token') server.answerLogin(answers.token)
          else server.answer(...Array.from({ length: 8 }, () => answers[fault]))
          const rows = { values: [{ userEnteredValue: { stringValue: value } }] }
          const work = asBatch
            ? api.batchUpdate('s1', [{ updateCells: { rows: [rows], fields: 'userEnteredValue' } }], 'once')
            : api.writeValues('s1', 'A1', Buffer.from(JSON.stringify({ values: [[value, 7]] })))
          const told = everythingOf(await failureOf(work))
          for (const secret of [...value.split(' '), pem.slice(40, 100), 'Bearer', 'token-1', 'token-2', 'assertion=']) {
            if (told.includes(secret)) throw new Error(`${secret} in ${told}`)
          }
          server.forgetAnswers()
        },
      ),
      { numRuns: 150 },
    )
    const onStderr = printed.mock.calls.map(([text]) => String(text)).join('')
    printed.mockRestore()
    expect(onStderr).toBe('')
  })

  it('is taken out of a message, and what helps stays', () => {
    const body = JSON.stringify({
      requests: [{ updateCells: { rows: [{ values: [{ userEnteredValue: { stringValue: 'Ada Lovelace' } }] }] } }],
    })
    expect(
      redactMessage('Invalid requests[0].updateCells: Attempting to write column: 26, beyond the last requested column of: 25', body),
    ).toBe('Invalid requests[0].updateCells: Attempting to write column: 26, beyond the last requested column of: 25')
    expect(redactMessage('Ada Lovelace, or ada, is no number.', body)).toBe('…, or …, is no number.')
    expect(redactMessage('It is "Grace Hopper" here', body)).toBe('It is "…" here')
  })
})
