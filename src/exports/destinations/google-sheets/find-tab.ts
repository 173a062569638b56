/**
 * The tab that an export writes. One that it wrote before is known by what stands in its metadata, whatever people have called it since; otherwise
 * it is found by number or title; otherwise it is made.
 */
import { SqlflowError } from '../../../core/errors.ts'
import type { Spreadsheet } from './google-api.ts'
import { nameOf, type TabRequest } from './tab-request.ts'
import { numberOf, readStates, stateName, type FoundState, type TabState } from './tab-state.ts'

export interface FoundTab {
  readonly isNew: boolean
  readonly sheetId: number
  readonly title: string
  readonly rows: number
  readonly columns: number
  readonly frozenRows: number
  readonly filter: NonNullable<Spreadsheet['sheets']>[number]['basicFilter']
  /** What this export left there the last time. */
  readonly found: FoundState | undefined
  /** What other exports left there. */
  readonly others: readonly TabState[]
  /** Ids of entries that another spreadsheet or tab brought along as it was copied. */
  readonly foreign: readonly number[]
}

export type Sheet = NonNullable<Spreadsheet['sheets']>[number]

/** Throws SqlflowError `sheet-tab-missing` for a number that no tab has. */
export function findTab(spreadsheet: Spreadsheet, request: TabRequest): FoundTab {
  const sheets = spreadsheet.sheets ?? []
  const own = sheets.find((sheet) => isOwn(sheet, request)) ?? sheets.find((sheet) => tabNamed(sheet, request.tab))
  if (own) return describeTab(own, request)
  if (typeof request.tab === 'number') throw missingTab(spreadsheet, request.tab)
  return {
    isNew: true,
    sheetId: freeId(sheets, request),
    title: request.tab,
    rows: 0,
    columns: 0,
    frozenRows: 0,
    filter: undefined,
    found: undefined,
    others: [],
    foreign: [],
  }
}

/** Written by this export while it was configured as it is: another `tab:` in the project means another tab. */
function isOwn(sheet: Sheet, request: TabRequest): boolean {
  const found = readStates(request.spreadsheet, sheet).states.get(stateName({ project: request.project, export: nameOf(request) }))
  return found !== undefined && found.state.configured === request.tab
}

export function tabNamed({ properties }: Sheet, tab: string | number): boolean {
  if (typeof tab === 'number') return (properties?.sheetId ?? 0) === tab
  return (properties?.title ?? '').toLowerCase() === tab.toLowerCase()
}

function describeTab(sheet: Sheet, request: TabRequest): FoundTab {
  const { properties, basicFilter } = sheet
  const grid = properties?.gridProperties
  const { states, foreign } = readStates(request.spreadsheet, sheet)
  const own = stateName({ project: request.project, export: nameOf(request) })
  return {
    isNew: false,
    sheetId: properties?.sheetId ?? 0,
    title: properties?.title ?? '',
    rows: grid?.rowCount ?? 0,
    columns: grid?.columnCount ?? 0,
    frozenRows: grid?.frozenRowCount ?? 0,
    filter: basicFilter,
    found: states.get(own),
    others: [...states].filter(([name]) => name !== own).map(([, { state }]) => state),
    foreign,
  }
}

/** Decided by what is made, so that two runs that make it at once make one. */
function freeId(sheets: readonly Sheet[], { spreadsheet, project, tab, ...request }: TabRequest): number {
  const used = new Set(sheets.map(({ properties }) => properties?.sheetId ?? 0))
  for (let attempt = 0; ; attempt++) {
    const id = numberOf(['tab', spreadsheet, project, nameOf(request), tab, attempt])
    if (!used.has(id)) return id
  }
}

export function missingTab({ properties, sheets = [] }: Spreadsheet, tab: number): SqlflowError {
  const titles = sheets.map((sheet) => `\`${sheet.properties?.title}\` (${sheet.properties?.sheetId ?? 0})`)
  return new SqlflowError('sheet-tab-missing', `The spreadsheet \`${properties?.title}\` has no tab with the number ${tab}.`, {
    exitCode: 1,
    hint: `Its tabs are ${titles.join(', ')}. A title that is not there is made.`,
  })
}
