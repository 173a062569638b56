/** Requests about tabs, and about the spreadsheet itself. */
import { randomInt } from 'node:crypto'
import { addToDraft, findSheet, writableSheet, type Draft, type SheetDraft } from '../model/draft.ts'
import { maskOf, replaceFields, type FieldMask } from '../model/field-mask.ts'
import { dropReferences, retargetReferences } from '../model/formula.ts'
import { invalidArgument } from '../model/google-error.ts'
import { isFormula, isRich } from '../model/cell.ts'
import { limits, newSheet, type Cell, type GridRange, type Sheet, type Spreadsheet } from '../model/spreadsheet.ts'
import { sheetPropertiesJson } from '../json/sheet-json.ts'
import { checkMayEdit, wholeSheet } from './boxes.ts'
import type { RequestHandler } from './context.ts'
import { changeLines, moveFormulas } from './lines.ts'
import { newMetadataId } from './metadata.ts'
import type { SheetPropertiesInput } from './schema.ts'
import { checkedMask } from './write-cells.ts'

export const addSheet: RequestHandler<'addSheet'> = (draft, { properties }) => {
  if (properties?.sheetType === 'OBJECT' || properties?.sheetType === 'DATA_SOURCE')
    throw invalidArgument(`Cannot add a sheet of type ${properties.sheetType}.`)
  const id = newSheetId(draft, properties?.sheetId)
  const title = properties?.title ?? unusedTitle(draft)
  checkTitle(draft, title)
  const grid = properties?.gridProperties
  const sheet = newSheet(id, title, {
    hidden: properties?.hidden ?? false,
    rowCount: grid?.rowCount ?? 1000,
    columnCount: grid?.columnCount ?? 26,
    frozenRowCount: grid?.frozenRowCount ?? 0,
    frozenColumnCount: grid?.frozenColumnCount ?? 0,
    extras: replaceFields(undefined, { ...properties, ...grid }, extrasMask('all')) ?? {},
  })
  checkGrid(sheet)
  addSheetToDraft(draft, sheet, properties?.index)
  return { properties: sheetPropertiesJson(sheet, draft) }
}

function addSheetToDraft(draft: Draft, sheet: Sheet, index: number | null | undefined): SheetDraft {
  if (draft.sheets.length >= limits.sheets)
    throw invalidArgument(`This action would increase the number of sheets in the workbook above the limit of ${limits.sheets} sheets.`)
  const at = index ?? draft.sheets.length
  if (at < 0 || at > draft.sheets.length) throw invalidArgument(`Invalid sheet index: ${at}`)
  return addToDraft(draft, sheet, at)
}

function newSheetId({ sheets }: Draft, given: number | null | undefined): number {
  if (given === null || given === undefined) {
    for (;;) {
      const id = randomInt(1, 2 ** 31)
      if (!sheets.some((sheet) => sheet.id === id)) return id
    }
  }
  if (given < 0) throw invalidArgument(`Invalid sheet id: ${given}. Must be non-negative.`)
  if (sheets.some(({ id }) => id === given)) throw invalidArgument(`A sheet with the ID ${given} already exists. Please use another ID.`)
  return given
}

function unusedTitle({ sheets }: Draft): string {
  for (let number = sheets.length + 1; ; number += 1) {
    const title = `Sheet${number}`
    if (!sheets.some((sheet) => sheet.title.toLowerCase() === title.toLowerCase())) return title
  }
}

function checkTitle({ sheets }: Draft, title: string, own?: number): void {
  if (title === '') throw invalidArgument('A sheet must have a name.')
  if (title.length > limits.titleCharacters)
    throw invalidArgument(`A sheet name may not be longer than ${limits.titleCharacters} characters.`)
  if (sheets.some((sheet) => sheet.id !== own && sheet.title.toLowerCase() === title.toLowerCase()))
    throw invalidArgument(`A sheet with the name "${title}" already exists. Please enter another name.`)
}

function checkGrid({ rowCount, columnCount, frozenRowCount, frozenColumnCount }: Sheet): void {
  if (rowCount < 1) throw invalidArgument("You can't delete all the rows on the sheet.")
  if (columnCount < 1) throw invalidArgument("You can't delete all the columns on the sheet.")
  if (frozenRowCount < 0 || frozenColumnCount < 0) throw invalidArgument('Frozen counts must not be negative.')
  if (frozenRowCount > 0 && frozenRowCount >= rowCount) throw invalidArgument("You can't freeze all visible rows on the sheet.")
  if (frozenColumnCount > 0 && frozenColumnCount >= columnCount) throw invalidArgument("You can't freeze all visible columns on the sheet.")
}

function checkVisible({ sheets }: Draft): void {
  if (sheets.every(({ hidden }) => hidden)) throw invalidArgument("You can't remove all the visible sheets in a document.")
}

export const deleteSheet: RequestHandler<'deleteSheet'> = (draft, { sheetId }, requester) => {
  const sheet = findSheet(draft, sheetId, 'sheet')
  if (draft.sheets.length === 1) throw invalidArgument("You can't remove all the sheets in a document.")
  checkMayEdit(sheet, wholeSheet(sheet), requester)
  draft.sheets = draft.sheets.filter(({ id }) => id !== sheet.id)
  draft.owned.delete(sheet.id)
  checkVisible(draft)
  draft.metadata = draft.metadata.filter(({ place }) => place.type === 'SPREADSHEET' || place.sheetId !== sheet.id)
  draft.namedRanges = draft.namedRanges.filter(({ range }) => range.sheetId !== sheet.id)
  moveFormulas(draft, (formula) => dropReferences(formula, sheet.id))
}

/** Developer metadata goes along, under ids of its own. */
export const duplicateSheet: RequestHandler<'duplicateSheet'> = (
  draft,
  { sourceSheetId, insertSheetIndex, newSheetId: given, newSheetName },
) => {
  const source = findSheet(draft, sourceSheetId, 'sheet')
  const id = newSheetId(draft, given)
  const title = newSheetName ?? copyTitle(draft, source.title)
  checkTitle(draft, title)
  const own = (range: GridRange): GridRange => ({ ...range, sheetId: id })
  const { basicFilter, ...copied } = source
  const sheet = addSheetToDraft(
    draft,
    {
      ...copied,
      id,
      title,
      merges: source.merges.map(own),
      protectedRanges: [],
      ...(basicFilter && { basicFilter: { ...basicFilter, range: own(basicFilter.range) } }),
      rows: source.hasFormulas ? source.rows.map((row) => row?.map((cell) => retarget(cell, source.id, id))) : source.rows,
    },
    insertSheetIndex ?? draft.sheets.length,
  )
  for (const one of draft.metadata) {
    if (one.place.type === 'SPREADSHEET' || one.place.sheetId !== source.id) continue
    draft.metadata = [...draft.metadata, { ...one, id: newMetadataId(draft), place: { ...one.place, sheetId: id } }]
  }
  return { properties: sheetPropertiesJson(sheet, draft) }
}

function retarget(cell: Cell, from: number, to: number): Cell {
  return isRich(cell) && isFormula(cell.value) ? { ...cell, value: retargetReferences(cell.value, from, to) } : cell
}

/** A tab for another spreadsheet: cells with their looks; what refers to other tabs is lost. */
export function copySheet(draft: Draft, from: Spreadsheet, source: Sheet): Sheet {
  const id = newSheetId(draft, undefined)
  const { basicFilter, ...copied } = source
  const rows = source.rows.map((row) => row?.map((cell) => retarget(cell, source.id, id)))
  const sheet = {
    ...copied,
    id,
    title: copyTitle(draft, source.title),
    rows,
    protectedRanges: [],
    merges: source.merges.map((range) => ({ ...range, sheetId: id })),
  }
  return basicFilter && from.sheets.includes(source)
    ? { ...sheet, basicFilter: { ...basicFilter, range: { ...basicFilter.range, sheetId: id } } }
    : sheet
}

function copyTitle({ sheets }: Draft, title: string): string {
  for (let number = 1; ; number += 1) {
    const copy = `Copy of ${title}${number > 1 ? ` ${number}` : ''}`
    if (!sheets.some((sheet) => sheet.title.toLowerCase() === copy.toLowerCase())) return copy
  }
}

const sheetFields = new Set(['title', 'index', 'hidden', 'gridProperties', 'tabColor', 'tabColorStyle', 'rightToLeft', 'sheetId'])
const gridExtras = ['hideGridlines', 'rowGroupControlAfter', 'columnGroupControlAfter'] as const
const sheetExtras = ['tabColor', 'tabColorStyle', 'rightToLeft'] as const

/** Of what is kept and given back: which fields the mask selects. */
function extrasMask(mask: FieldMask): FieldMask {
  const grid = maskOf(mask, 'gridProperties')
  const selected = [
    ...sheetExtras.filter((name) => maskOf(mask, name) !== undefined),
    ...gridExtras.filter((name) => grid && maskOf(grid, name) !== undefined),
  ]
  return new Map(selected.map((name) => [name, 'all'] as const))
}

export const updateSheetProperties: RequestHandler<'updateSheetProperties'> = (draft, { properties, fields }) => {
  const mask = checkedMask(fields, sheetFields)
  const sheet = writableSheet(draft, properties?.sheetId, 'sheet')
  const has = (...path: readonly string[]): boolean => maskOf(mask, ...path) !== undefined
  if (has('title')) {
    checkTitle(draft, properties?.title ?? '', sheet.id)
    sheet.title = properties?.title ?? ''
  }
  if (has('hidden')) sheet.hidden = properties?.hidden ?? false
  checkVisible(draft)
  if (has('gridProperties')) updateGrid(draft, sheet, properties, mask)
  sheet.extras = replaceFields(sheet.extras, { ...properties, ...properties?.gridProperties }, extrasMask(mask)) ?? {}
  if (has('index') && typeof properties?.index === 'number') moveTab(draft, sheet, properties.index)
}

function updateGrid(draft: Draft, sheet: SheetDraft, properties: SheetPropertiesInput | null | undefined, mask: FieldMask): void {
  const grid = properties?.gridProperties
  const next = (name: 'rowCount' | 'columnCount' | 'frozenRowCount' | 'frozenColumnCount'): number => {
    if (maskOf(mask, 'gridProperties', name) === undefined) return sheet[name]
    return grid?.[name] ?? 0
  }
  const after = {
    ...sheet,
    rowCount: next('rowCount'),
    columnCount: next('columnCount'),
    frozenRowCount: next('frozenRowCount'),
    frozenColumnCount: next('frozenColumnCount'),
  }
  checkGrid(after)
  if (after.rowCount < sheet.rowCount)
    changeLines(draft, { kind: 'delete', sheetId: sheet.id, dimension: 'ROWS', start: after.rowCount, end: sheet.rowCount })
  if (after.columnCount < sheet.columnCount)
    changeLines(draft, { kind: 'delete', sheetId: sheet.id, dimension: 'COLUMNS', start: after.columnCount, end: sheet.columnCount })
  const { rowCount, columnCount, frozenRowCount, frozenColumnCount } = after
  Object.assign(sheet, { rowCount, columnCount, frozenRowCount, frozenColumnCount })
}

/** `index` counts the tabs as they stood before the move. */
function moveTab(draft: Draft, sheet: SheetDraft, index: number): void {
  if (index < 0 || index > draft.sheets.length) throw invalidArgument(`Invalid sheet index: ${index}`)
  const before = draft.sheets.indexOf(sheet)
  const others = draft.sheets.filter((one) => one !== sheet)
  const at = index > before ? index - 1 : index
  draft.sheets = [...others.slice(0, at), sheet, ...others.slice(at)]
}

const spreadsheetFields = new Set([
  'title',
  'locale',
  'timeZone',
  'autoRecalc',
  'defaultFormat',
  'iterativeCalculationSettings',
  'spreadsheetTheme',
  'importFunctionsExternalUrlAccessAllowed',
])

export const updateSpreadsheetProperties: RequestHandler<'updateSpreadsheetProperties'> = (draft, { properties, fields }) => {
  const mask = checkedMask(fields, spreadsheetFields)
  if (maskOf(mask, 'title') !== undefined) draft.title = properties?.title ?? ''
  if (maskOf(mask, 'locale') !== undefined) draft.locale = checkLocale(properties?.locale)
  if (maskOf(mask, 'timeZone') !== undefined) draft.timeZone = checkTimeZone(properties?.timeZone)
  const extras: FieldMask = new Map(
    [...spreadsheetFields].slice(3).flatMap((name) => (maskOf(mask, name) === undefined ? [] : [[name, 'all'] as const])),
  )
  draft.extras = replaceFields(draft.extras, properties ?? undefined, extras) ?? {}
}

function checkLocale(locale: string | null | undefined): string {
  if (/^[a-z]{2,3}(?:_[A-Z]{2})?$/.test(locale ?? '')) return locale!
  throw invalidArgument(`Unsupported locale: ${locale ?? ''}`)
}

function checkTimeZone(timeZone: string | null | undefined): string {
  try {
    return Intl.DateTimeFormat('en-US', { timeZone: timeZone ?? '' }) && (timeZone ?? '')
  } catch {
    throw invalidArgument(`Invalid time zone: ${timeZone ?? ''}`)
  }
}
