/**
 * Whether exports can reach their spreadsheets, before any of them runs: each is read once, and asked once to take away metadata that nothing
 * has. That changes nothing that anybody could see, and Google only answers it to those who may edit.
 */
import { randomBytes } from 'node:crypto'
import { SqlflowError } from '../../../core/errors.ts'
import { cellsOfSheet, mostCells } from './cell-limit.ts'
import { GoogleError, type GoogleApi, type Spreadsheet } from './google-api.ts'
import { missingTab, tabNamed, type Sheet } from './find-tab.ts'

export interface CheckedTab {
  readonly export: string
  readonly spreadsheet: string
  /** Title, or number. */
  readonly tab: string | number
}

export type TabCheck = CheckedTab &
  (
    | { readonly ok: true; readonly found: string }
    /** In the words in which an export would end. */
    | { readonly ok: false; readonly failure: SqlflowError }
  )

/** In the order of `tabs`; two calls a spreadsheet. Throws the signal's reason, and what concerns no single spreadsheet. */
export async function* checkSpreadsheets(api: GoogleApi, tabs: readonly CheckedTab[]): AsyncIterable<TabCheck> {
  const known = new Map<string, Spreadsheet | SqlflowError>()
  for (const one of tabs) {
    const { spreadsheet: id } = one
    const found = known.get(id) ?? (await readEditable(api, id))
    known.set(id, found)
    yield { ...one, ...(found instanceof SqlflowError ? { ok: false, failure: found } : checkTab(api.account, found, one)) }
  }
}

async function readEditable(api: GoogleApi, id: string): Promise<Spreadsheet | SqlflowError> {
  try {
    const found = await api.getSpreadsheet(id)
    await proveEditable(api, id)
    return found
  } catch (error) {
    if (error instanceof SqlflowError) return error
    throw error
  }
}

/** A refusal of the request itself (400) comes only after the right to edit was looked at: it proves as much as an answer. */
async function proveEditable(api: GoogleApi, id: string): Promise<void> {
  const nobodys = `sqlflow-check-${randomBytes(12).toString('hex')}`
  const nothing = { deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataKey: nobodys } } } }
  try {
    await api.batchUpdate(id, [nothing], 'repeatable')
  } catch (error) {
    if (!(error instanceof GoogleError) || error.code !== 'google-refused') throw error
  }
}

type Verdict = { readonly ok: true; readonly found: string } | { readonly ok: false; readonly failure: SqlflowError }

function checkTab(account: string, spreadsheet: Spreadsheet, { tab }: CheckedTab): Verdict {
  const { properties, sheets = [] } = spreadsheet
  const title = properties?.title ?? ''
  const sheet = sheets.find((one) => tabNamed(one, tab))
  const left = mostCells - sheets.reduce((sum, one) => sum + cellsOfSheet(one), 0)
  const rest = `${left.toLocaleString('en-US')} of ${mostCells.toLocaleString('en-US')} cells left`
  if (!sheet) {
    if (typeof tab === 'number') return { ok: false, failure: missingTab(spreadsheet, tab) }
    return { ok: true, found: `"${title}" may be edited, the tab \`${tab}\` will be made, ${rest}` }
  }
  const name = sheet.properties?.title ?? ''
  const guarded = (sheet.protectedRanges ?? []).filter((one) => keepsOut(one, account))
  if (guarded.some(isWhole)) return { ok: false, failure: protectedTab(title, name, account) }
  const partly = guarded.length === 0 ? '' : `, ${guarded.length === 1 ? 'a range' : `${guarded.length} ranges`} of it protected`
  return { ok: true, found: `"${title}" may be edited, the tab \`${name}\` is there${partly}, ${rest}` }
}

type ProtectedRange = NonNullable<Sheet['protectedRanges']>[number]

function keepsOut({ warningOnly, requestingUserCanEdit, editors }: ProtectedRange, account: string): boolean {
  return warningOnly !== true && requestingUserCanEdit !== true && !(editors?.users ?? []).includes(account)
}

function isWhole({ range = {}, unprotectedRanges = [] }: ProtectedRange): boolean {
  const bounds = [range.startRowIndex, range.endRowIndex, range.startColumnIndex, range.endColumnIndex]
  return unprotectedRanges.length === 0 && bounds.every((one) => one === undefined || one === null)
}

function protectedTab(title: string, tab: string, account: string): SqlflowError {
  return new SqlflowError('google-protected', `Tab "${tab}" of "${title}" is protected.`, {
    exitCode: 1,
    hint: `Open the menu Data, Protect sheets and ranges, and add ${account} to those who may edit.`,
  })
}
